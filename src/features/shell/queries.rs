//! SQL of what stands around every page.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::{
    db::{Db, DbResult},
    features::{chat::push_unread_total, floor::StateRow},
    ids::UserId,
    sql,
};

#[derive(FromRow)]
struct Standing {
    state: Option<String>,
    reason: Option<String>,
    since_at: Option<DateTime<Utc>>,
    unread_total: i64,
}

/// The person's own state, if they ever had one, and what is unread: one statement.
pub(super) async fn standing(db: &Db, user: UserId) -> DbResult<(Option<StateRow>, i64)> {
    let sql = push_unread_total(sql!("select a.state, a.reason, a.since_at, "), user);
    let found: Standing =
        db.one(sql.push(" from (select 1) own left join agent_state a on a.user_id = ").bind(user)).await?;
    let Standing { state, reason, since_at, unread_total } = found;
    let state = state.zip(since_at).map(|(state, since_at)| StateRow { state, reason, since_at });
    Ok((state, unread_total))
}
