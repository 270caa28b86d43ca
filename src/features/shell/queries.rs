//! SQL of what stands around every page.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::{
    db::{Db, DbResult},
    features::{alarms::push_rings, broadcasts::push_waits, chat::push_unread_total, floor::StateRow},
    ids::UserId,
    sql,
};

#[derive(FromRow)]
struct Standing {
    state: Option<String>,
    reason: Option<String>,
    since_at: Option<DateTime<Utc>>,
    unread_total: i64,
    rings: bool,
    waits: bool,
}

/// What stands around a page.
pub(super) struct Around {
    /// The person's own state, if they ever had one.
    pub state: Option<StateRow>,
    /// What is unread.
    pub unread_total: i64,
    /// Whether an alarm rings.
    pub rings: bool,
    /// Whether a mass message waits.
    pub waits: bool,
}

/// Reads it: one statement, so that what is seldom there costs a statement only when it is.
pub(super) async fn standing(db: &Db, user: UserId, now: DateTime<Utc>) -> DbResult<Around> {
    let sql = push_unread_total(sql!("select a.state, a.reason, a.since_at, "), user);
    let sql = push_waits(push_rings(sql.push(", "), user).push(", "), user, now);
    let found: Standing =
        db.one(sql.push(" from (select 1) own left join agent_state a on a.user_id = ").bind(user)).await?;
    let Standing { state, reason, since_at, unread_total, rings, waits } = found;
    let state = state.zip(since_at).map(|(state, since_at)| StateRow { state, reason, since_at });
    Ok(Around { state, unread_total, rings, waits })
}
