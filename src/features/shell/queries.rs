//! SQL of what stands around every page.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::{
    db::{Db, DbResult},
    features::{alarms::push_rings, chat::push_unread_total, floor::StateRow},
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
}

/// The person's own state, if they ever had one, what is unread, and whether an alarm rings: one statement.
pub(super) async fn standing(db: &Db, user: UserId) -> DbResult<(Option<StateRow>, i64, bool)> {
    let sql = push_unread_total(sql!("select a.state, a.reason, a.since_at, "), user);
    let sql = push_rings(sql.push(", "), user);
    let found: Standing =
        db.one(sql.push(" from (select 1) own left join agent_state a on a.user_id = ").bind(user)).await?;
    let Standing { state, reason, since_at, unread_total, rings } = found;
    let state = state.zip(since_at).map(|(state, since_at)| StateRow { state, reason, since_at });
    Ok((state, unread_total, rings))
}
