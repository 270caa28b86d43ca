//! Tickets that nobody works on, while somebody could.

use chrono::{DateTime, Utc};

use super::super::model::Application;
use crate::{
    db::{Db, DbResult, Tx},
    ids::TicketId,
    sql,
};

/// Applications that somebody serves who is below their capacity and was here since `since`, and of which nobody works
/// on some ticket: all that an idle instance asks.
pub async fn list_waiting(db: &Db, since: DateTime<Utc>) -> DbResult<Vec<Application>> {
    let rows: Vec<(String,)> = db
        .all(sql!(
            "select p.application from ticket_pool p join app_user u on u.id = p.user_id and u.is_active \
             where p.is_active \
               and exists (select 1 from ticket t where t.application = p.application and t.assignee_id is null \
                 and t.status in ('AB', 'EP', 'PE')) \
               and exists (select 1 from session s where s.user_id = p.user_id and s.seen_at >= $1) \
               and (p.capacity is null or p.capacity > (select count(*) from ticket o \
                 where o.assignee_id = p.user_id and o.status in ('AB', 'EP', 'PE'))) \
             group by p.application order by p.application",
            since
        ))
        .await?;
    Ok(rows.into_iter().filter_map(|(code,)| Application::from_code(&code)).collect())
}

/// Takes the most urgent ticket of an application that nobody works on, under its lock. None when there is none, or
/// when another instance has just taken it.
pub async fn take_waiting(tx: &mut Tx, application: Application) -> DbResult<Option<TicketId>> {
    let taken: Option<(TicketId,)> = tx
        .opt(sql!(
            "update ticket set version = version where assignee_id is null and status in ('AB', 'EP', 'PE') \
               and id = (select t.id from ticket t where t.application = $1 and t.assignee_id is null \
                 and t.status in ('AB', 'EP', 'PE') order by t.urgency desc, t.created_at, t.id limit 1) \
             returning id",
            application.code()
        ))
        .await?;
    Ok(taken.map(|(id,)| id))
}
