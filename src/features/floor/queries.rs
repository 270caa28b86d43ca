//! SQL of agent states and of who may see whom.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::State;
use crate::{
    auth::Role,
    db::{Db, DbResult, Tx},
    ids::UserId,
    sql,
};

/// A stored agent state.
#[derive(Clone, Debug, FromRow)]
pub struct StateRow {
    /// `available`, `on_call`, `break` or `away`.
    pub state: String,
    /// Why, for a break.
    pub reason: Option<String>,
    /// Since when.
    pub since_at: DateTime<Utc>,
}

/// A person's state; `None` until the first one was chosen, which means available.
pub async fn find_state(db: &Db, user: UserId) -> DbResult<Option<StateRow>> {
    db.opt(sql!("select state, reason, since_at from agent_state where user_id = $1", user)).await
}

/// Sets a chosen state; answers it.
pub async fn choose(tx: &mut Tx, user: UserId, state: &State, now: DateTime<Utc>) -> DbResult<StateRow> {
    tx.one(sql!(
        "insert into agent_state (user_id, state, reason, since_at) values ($1, $2, $3, $4) \
         on conflict (user_id) do update set state = excluded.state, reason = excluded.reason, \
             since_at = case when agent_state.state = excluded.state and agent_state.reason is not distinct from \
                 excluded.reason then agent_state.since_at else excluded.since_at end, \
             resume_state = null, resume_reason = null \
         returning state, reason, since_at",
        user,
        state.state,
        state.reason,
        now
    ))
    .await
}

/// Away, remembering what to return to; `None` when already away, on a call or on a break, which need no mouse.
pub async fn go_away(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> DbResult<Option<StateRow>> {
    tx.opt(sql!(
        "insert into agent_state (user_id, state, since_at, resume_state) values ($1, 'away', $2, 'available') \
         on conflict (user_id) do update set state = 'away', reason = null, since_at = excluded.since_at, \
             resume_state = agent_state.state, resume_reason = agent_state.reason \
         where agent_state.state = 'available' \
         returning state, reason, since_at",
        user,
        now
    ))
    .await
}

/// Back to what was before away; `None` when not away.
pub async fn come_back(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> DbResult<Option<StateRow>> {
    tx.opt(sql!(
        "update agent_state set state = coalesce(resume_state, 'available'), reason = resume_reason, since_at = $2, \
             resume_state = null, resume_reason = null \
         where user_id = $1 and state = 'away' returning state, reason, since_at",
        user,
        now
    ))
    .await
}

/// State and role of these people, closed accounts aside.
pub async fn list_states(db: &Db, users: &[Uuid]) -> DbResult<Vec<(Uuid, String, Role)>> {
    db.all(
        sql!(
            "select u.id, coalesce(a.state, 'available'), u.role from app_user u \
             left join agent_state a on a.user_id = u.id where u.is_active and u.id in "
        )
        .list(users.iter().copied()),
    )
    .await
}

/// Active campaigns and conversations of these people, as `campaign` or `conversation` and an id: whoever is in one of
/// them may see the person. Recipients of a mass message do not see each other.
pub async fn list_circles(db: &Db, users: &[Uuid]) -> DbResult<Vec<(Uuid, String, Uuid)>> {
    db.all(
        sql!(
            "select m.user_id, 'campaign', m.campaign_id from membership m \
               join campaign c on c.id = m.campaign_id and c.is_active where m.user_id in "
        )
        .list(users.iter().copied())
        .push(
            " union all select p.user_id, 'conversation', p.conversation_id from participant p \
               join conversation k on k.id = p.conversation_id and k.kind <> 'broadcast' where p.user_id in ",
        )
        .list(users.iter().copied()),
    )
    .await
}
