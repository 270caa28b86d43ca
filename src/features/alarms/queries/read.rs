//! SQL of a person's own alarms.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use crate::{
    db::{Db, DbResult, Sql},
    ids::{AlarmId, UserId},
    paging::Paged,
    sql,
};

/// How far ahead the page looks.
const AHEAD: Duration = Duration::days(7);

/// A part of a person's alarms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What is on the screen, the latest due first.
    #[default]
    Ringing,
    /// What rings within a week, the next first.
    Coming,
    /// What they acknowledged, the latest first.
    Done,
}

/// An alarm as its person sees it.
#[derive(Clone, Debug, FromRow)]
pub struct AlarmRow {
    /// Which.
    pub id: AlarmId,
    /// Key of the text.
    pub text_key: String,
    /// Values of its placeholders.
    pub args: Json<BTreeMap<String, String>>,
    /// Where it leads.
    pub href: String,
    /// When it was due at first.
    pub due_at: DateTime<Utc>,
    /// When it rings for this person.
    pub rings_at: DateTime<Utc>,
    /// When it rang.
    pub rung_at: Option<DateTime<Utc>>,
    /// When they said that they know.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Whether they have it because nobody else acknowledged it.
    pub is_escalation: bool,
    /// Whether they put it off.
    pub is_snoozed: bool,
}

impl AlarmRow {
    /// Where it stands in the order of a tab.
    pub fn place(&self, tab: Tab) -> DateTime<Utc> {
        match tab {
            Tab::Ringing => self.due_at,
            Tab::Coming => self.rings_at,
            Tab::Done => self.acknowledged_at.unwrap_or(self.due_at),
        }
    }
}

const OWN: &str = "select a.id, a.text_key, a.args, a.href, a.due_at, r.due_at as rings_at, r.rung_at, \
     r.acknowledged_at, r.is_escalation, r.is_snoozed \
     from alarm_recipient r join alarm a on a.id = r.alarm_id where r.user_id = ";
const RINGING: &str = " and r.acknowledged_at is null and r.rung_at is not null";

/// Appends, as a column of a statement that reads more, whether anything rings for the person.
pub fn push_rings(sql: Sql, user: UserId) -> Sql {
    sql.push("exists (select 1 from alarm_recipient r where r.user_id = ").bind(user).push(RINGING).push(") as rings")
}

/// What rings for the person, the latest due first; at most `most`.
pub async fn list_ringing(db: &Db, user: UserId, most: i64) -> DbResult<Vec<AlarmRow>> {
    let sql = sql!("").push(OWN).bind(user).push(RINGING);
    db.all(sql.push(" order by a.due_at desc, a.id desc limit ").bind(most)).await
}

/// Where a page begins: the place and the id of the row before it.
pub type After = Option<(DateTime<Utc>, Uuid)>;

/// One page of a tab, after a row; at most `size`.
pub async fn list(
    db: &Db,
    user: UserId,
    tab: Tab,
    (after, now): (After, DateTime<Utc>),
    size: i64,
) -> DbResult<Paged<AlarmRow>> {
    let sql = sql!("").push(OWN).bind(user);
    let (sql, beyond, order) = match tab {
        Tab::Ringing => (sql.push(RINGING), " and (a.due_at, a.id) < (", " order by a.due_at desc, a.id desc limit "),
        Tab::Coming => (
            sql.push(" and r.acknowledged_at is null and r.rung_at is null and (not r.is_escalation or r.is_snoozed)")
                .push(" and r.due_at < ")
                .bind(now + AHEAD),
            " and (r.due_at, a.id) > (",
            " order by r.due_at, a.id limit ",
        ),
        Tab::Done => (
            sql.push(" and r.acknowledged_at is not null"),
            " and (r.acknowledged_at, r.alarm_id) < (",
            " order by r.acknowledged_at desc, r.alarm_id desc limit ",
        ),
    };
    let sql = match after {
        Some((at, id)) => sql.push(beyond).bind(at).push(", ").bind(id).push(")"),
        None => sql,
    };
    Ok(Paged::new(db.all(sql.push(order).bind(Paged::<AlarmRow>::limit(size))).await?, size))
}
