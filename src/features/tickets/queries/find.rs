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
    /// How often it was opened again.
    pub reopened: i64,
    /// Rises with every change.
    pub version: i64,
    /// In which one it goes on, when it is closed as a duplicate.
    pub merged_into_id: Option<TicketId>,
    /// Rises when subject or description change.
    pub words_version: i64,
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

/// The campaign is looked up for the rows that are shown: joined, it would be what SQLite begins with.
const COLUMNS: &str = "select t.id, t.number, t.campaign_id, t.title, t.description, t.application, \
     t.kind, t.priority, t.status, t.requester_id, t.assignee_id, t.created_at, t.updated_at, t.first_response_at, \
     t.resolved_at, t.closed_at, t.respond_by, t.resolve_minutes, t.minutes_used, t.clock_since, t.resolve_by, \
     t.reopened, t.version, t.merged_into_id, t.words_version, \
     (select c.name from campaign c where c.id = t.campaign_id) as campaign, ";
const FROM: &str = " as is_staff from ticket t where ";

/// Appends that ticket `t` is in one of these states; nothing for none. As literals: neither engine looks into a parameter
/// when it chooses an index.
pub(super) fn in_states(sql: Sql, states: &[Status]) -> Sql {
    let Some((first, others)) = states.split_first() else { return sql };
    let sql = sql.push(" and t.status in ('").push(first.code());
    others.iter().fold(sql, |sql, state| sql.push("', '").push(state.code())).push("')")
}

/// The beginning of a query for rows that the person may read; a further condition starts with ` and `.
pub(super) fn select_for(viewer: Viewer) -> Sql {
    viewer.push_reads(viewer.push_staff(sql!("").push(COLUMNS)).push(FROM))
}

/// The same for a page that was cut before: `page` selects the ids.
pub(super) fn select_page(page: Sql, viewer: Viewer) -> Sql {
    let sql = viewer.push_staff(sql!("").push(COLUMNS)).push(" as is_staff from (").then(page);
    viewer.push_reads(sql.push(") p cross join ticket t where t.id = p.id and "))
}

/// The same for those that a text has found: [`Text::found`](super::Text).
pub(super) fn select_found(db: &Db, found: Sql, viewer: Viewer) -> Sql {
    let sql = from_found(db, viewer.push_staff(found.push(COLUMNS)).push(" as is_staff"));
    reads_found(sql.push(" where "), viewer)
}

/// How many a text has found that the person may read; the beginning of a query, without its `)`.
pub(super) fn count_found(db: &Db, found: Sql, viewer: Viewer) -> Sql {
    let sql = from_found(db, found.push("select count(*) from (select 1 as one"));
    reads_found(sql.push(" where "), viewer)
}

/// Each of the found is looked up by its id: PostgreSQL would rather read every ticket, not knowing that they are few.
fn from_found(db: &Db, sql: Sql) -> Sql {
    sql.push(match db {
        Db::Sqlite { .. } => " from found f cross join ticket t on t.id = f.record_id",
        Db::Postgres(_) => {
            " from found f cross join lateral (select * from ticket k where k.id = f.record_id offset 0) t"
        }
    })
}

/// What a note alone says is found by those who read it.
fn reads_found(sql: Sql, viewer: Viewer) -> Sql {
    viewer.push_reads_notes(viewer.push_reads(sql).push(" and (f.is_note = 0 or ")).push(")")
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

/// The same inside a change of another one.
pub async fn find_for_read(tx: &mut Tx, viewer: Viewer, id: TicketId) -> DbResult<TicketRow> {
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
