//! SQL of links between tickets. Who may not read the other one sees no row of it.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{super::model::Status, Viewer};
use crate::{
    db::{Db, DbResult, Tx},
    ids::TicketId,
    sql,
};

/// Links of one ticket: each of them is told when it changes.
const MOST_LINKS: usize = 200;

/// Another ticket, as somebody who reads it sees it beside the first.
#[derive(Clone, Debug, FromRow)]
pub struct LinkRow {
    /// Code: `related`, `blocks`, `duplicate`.
    pub kind: String,
    /// Whether the first one is what the code says; otherwise the other one is.
    pub is_own: bool,
    /// Which.
    pub id: TicketId,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub title: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Status,
}

/// Links of a ticket to others that the person may read.
pub async fn list_links(db: &Db, viewer: Viewer, id: TicketId) -> DbResult<Vec<LinkRow>> {
    let sql = sql!(
        "select l.kind, l.ticket_id = $1 as is_own, t.id, t.number, t.title, t.status from ticket_link l \
         join ticket t on t.id = case when l.ticket_id = $1 then l.other_id else l.ticket_id end \
         where (l.ticket_id = $1 or l.other_id = $1) and ",
        id
    );
    db.all(viewer.push_reads(sql).push(" order by l.created_at, t.id")).await
}

/// Every ticket that has a link to or from it, whoever reads it: what says so tells nobody which.
pub async fn list_linked(tx: &mut Tx, id: TicketId) -> DbResult<Vec<TicketId>> {
    let sql = sql!(
        "select other_id from ticket_link where ticket_id = $1 union select ticket_id from ticket_link where other_id = $1",
        id
    );
    let rows: Vec<(TicketId,)> = tx.all(sql).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether one more link finds room at both ends.
pub async fn can_link(tx: &mut Tx, ends: [TicketId; 2]) -> DbResult<bool> {
    for end in ends {
        if list_linked(tx, end).await?.len() >= MOST_LINKS {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The ticket of a number that the person may read, inside a change.
pub async fn find_numbered(tx: &mut Tx, viewer: Viewer, number: i64) -> DbResult<Option<TicketId>> {
    let sql = viewer.push_reads(sql!("select t.id from ticket t where ")).push(" and t.number = ").bind(number);
    let found: Option<(TicketId,)> = tx.opt(sql).await?;
    Ok(found.map(|(id,)| id))
}

/// Links two tickets; false when they are linked already, either way round.
pub async fn link(tx: &mut Tx, id: TicketId, other: TicketId, kind: &str, now: DateTime<Utc>) -> DbResult<bool> {
    let added = tx
        .exec(sql!(
            "insert into ticket_link (ticket_id, other_id, kind, created_at) select $1, $2, $3, $4 \
             where not exists (select 1 from ticket_link where ticket_id = $2 and other_id = $1) on conflict do nothing",
            id,
            other,
            kind,
            now
        ))
        .await?;
    Ok(added > 0)
}

/// Takes the link between two tickets away, whichever way round it is.
pub async fn unlink(tx: &mut Tx, id: TicketId, other: TicketId) -> DbResult<bool> {
    let removed = tx
        .exec(sql!(
            "delete from ticket_link where (ticket_id = $1 and other_id = $2) or (ticket_id = $2 and other_id = $1)",
            id,
            other
        ))
        .await?;
    Ok(removed > 0)
}

/// Locks both, always in the same order, so that two who merge do not wait for each other.
pub async fn lock_both(tx: &mut Tx, id: TicketId, other: TicketId) -> DbResult<()> {
    for id in [id.min(other), id.max(other)] {
        tx.exec(sql!("update ticket set version = version where id = $1", id)).await?;
    }
    Ok(())
}

/// Notes in which ticket this one goes on; none: it goes on itself.
pub async fn set_merged(tx: &mut Tx, id: TicketId, into: Option<TicketId>) -> DbResult<()> {
    tx.exec(sql!("update ticket set merged_into_id = $2 where id = $1", id, into)).await?;
    Ok(())
}
