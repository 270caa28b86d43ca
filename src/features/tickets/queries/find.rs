//! One ticket, as somebody who may read it sees it.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{
    super::model::{Application, Can, Kind, Part, Priority, SlaClock, Status, can},
    Viewer,
};
use crate::{
    db::{Db, DbResult, Sql, Tx},
    ids::{CampaignId, TicketId, UserId},
    sql,
};

/// A ticket.
#[derive(Clone, Debug, FromRow)]
pub struct TicketRow {
    /// Its id.
    pub id: TicketId,
    /// What people say: `#123`.
    pub number: i64,
    /// Whose supervisors are its staff.
    pub campaign_id: CampaignId,
    /// Its name.
    pub campaign: String,
    /// Subject.
    pub title: String,
    /// What is wrong or wanted.
    pub description: String,
    /// What it is about.
    #[sqlx(try_from = "String")]
    pub application: Application,
    /// What is asked for.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// How much it matters.
    #[sqlx(try_from = "String")]
    pub priority: Priority,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// Who opened it.
    pub requester_id: UserId,
    /// Who works on it.
    pub assignee_id: Option<UserId>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// Its last change or comment.
    pub updated_at: DateTime<Utc>,
    /// When somebody first answered.
    pub first_response_at: Option<DateTime<Utc>>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Until when somebody is to answer.
    pub respond_by: DateTime<Utc>,
    /// Working minutes that it may take.
    pub resolve_minutes: i64,
    /// Working minutes that it took before its clock last began to run or stopped.
    pub minutes_used: i64,
    /// Since when the clock runs.
    pub clock_since: Option<DateTime<Utc>>,
    /// When it is to be solved; none while the clock stands.
    pub resolve_by: Option<DateTime<Utc>>,
    /// Rises with every change.
    pub version: i64,
    /// Whether who looks is its staff.
    pub is_staff: bool,
}

impl TicketRow {
    /// What the person is to it.
    pub fn part(&self, viewer: Viewer) -> Part {
        Part {
            is_requester: self.requester_id == viewer.id,
            is_assignee: self.assignee_id == Some(viewer.id),
            is_staff: self.is_staff,
        }
    }

    /// What the person may do with it.
    pub fn can(&self, viewer: Viewer) -> Can {
        can(self.part(viewer), self.status, self.first_response_at.is_some())
    }

    /// Its clock.
    pub fn clock(&self) -> SlaClock {
        SlaClock {
            resolve_minutes: self.resolve_minutes,
            minutes_used: self.minutes_used,
            since: self.clock_since,
            resolve_by: self.resolve_by,
        }
    }
}

const COLUMNS: &str = "select t.id, t.number, t.campaign_id, c.name as campaign, t.title, t.description, t.application, \
     t.kind, t.priority, t.status, t.requester_id, t.assignee_id, t.created_at, t.updated_at, t.first_response_at, \
     t.resolved_at, t.closed_at, t.respond_by, t.resolve_minutes, t.minutes_used, t.clock_since, t.resolve_by, \
     t.version, ";
const FROM: &str = " as is_staff from ticket t join campaign c on c.id = t.campaign_id where ";

/// The beginning of a query for rows that the person may read; a further condition starts with ` and `.
pub(super) fn select_for(viewer: Viewer) -> Sql {
    viewer.push_reads(viewer.push_staff(sql!("").push(COLUMNS)).push(FROM))
}

/// A ticket that the person may read; `RowNotFound` otherwise.
pub async fn find_for(db: &Db, viewer: Viewer, id: TicketId) -> DbResult<TicketRow> {
    db.one(select_for(viewer).push(" and t.id = ").bind(id)).await
}

/// The same, locked until the transaction ends: whoever changes or answers it takes turns.
pub async fn find_for_write(tx: &mut Tx, viewer: Viewer, id: TicketId) -> DbResult<TicketRow> {
    tx.exec(sql!("update ticket set version = version where id = $1", id)).await?;
    tx.one(select_for(viewer).push(" and t.id = ").bind(id)).await
}

/// The ticket as a change left it, for whoever made the change and is to tell it. Staff of nobody.
pub async fn find_changed(tx: &mut Tx, id: TicketId) -> DbResult<TicketRow> {
    tx.one(sql!("").push(COLUMNS).push("false").push(FROM).push("t.id = ").bind(id)).await
}

/// Whether there is such a ticket, whoever reads it: what says so tells nobody.
pub async fn is_there(db: &Db, id: TicketId) -> DbResult<bool> {
    let (is_there,): (bool,) = db.one(sql!("select exists (select 1 from ticket where id = $1)", id)).await?;
    Ok(is_there)
}

/// The ticket of a number that the person may read; `RowNotFound` otherwise.
pub async fn number_of(db: &Db, viewer: Viewer, number: i64) -> DbResult<TicketId> {
    let sql = viewer.push_reads(sql!("select t.id from ticket t where "));
    let (id,): (TicketId,) = db.one(sql.push(" and t.number = ").bind(number)).await?;
    Ok(id)
}
