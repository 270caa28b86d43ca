//! Tickets of people whose account is closed.

use crate::{
    db::{Db, DbResult, Tx},
    ids::TicketId,
    sql,
};

/// Whether somebody whose account is closed still has an open ticket: all that an idle instance asks.
pub async fn has_left_any(db: &Db) -> DbResult<bool> {
    let (has_any,): (bool,) = db
        .one(sql!(
            "select exists (select 1 from ticket t where t.status in ('AB', 'EP', 'PE') \
               and t.assignee_id in (select u.id from app_user u where not u.is_active))"
        ))
        .await?;
    Ok(has_any)
}

/// Takes the most urgent of them under its lock. None when there is none, or when another instance has just taken it.
pub async fn take_left(tx: &mut Tx) -> DbResult<Option<TicketId>> {
    let taken: Option<(TicketId,)> = tx
        .opt(sql!(
            "update ticket set version = version where status in ('AB', 'EP', 'PE') \
               and assignee_id in (select u.id from app_user u where not u.is_active) \
               and id = (select t.id from ticket t where t.status in ('AB', 'EP', 'PE') \
                 and t.assignee_id in (select u.id from app_user u where not u.is_active) \
                 order by t.urgency desc, t.created_at, t.id limit 1) \
             returning id"
        ))
        .await?;
    Ok(taken.map(|(id,)| id))
}
