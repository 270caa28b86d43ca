//! SQL of agent states and of who may see whom.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::State;
use crate::{
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

/// State of these people.
pub async fn list_states(db: &Db, users: &[Uuid]) -> DbResult<Vec<(Uuid, String)>> {
    db.all(
        sql!(
            "select u.id, coalesce(a.state, 'available') from app_user u \
             left join agent_state a on a.user_id = u.id where u.id in "
        )
        .list(users.iter().copied()),
    )
    .await
}

/// Circles of these people, as kind and id: whoever holds one of them may see the person. `campaign` and
/// `conversation` are theirs; `admins` is every active campaign, whose administrators see everyone; `leaders` is every
/// active campaign for supervisors and administrators, whom supervisors and quality may write to anywhere.
pub async fn list_circles(db: &Db, users: &[Uuid]) -> DbResult<Vec<(Uuid, String, Uuid)>> {
    db.all(
        sql!("select m.user_id, 'campaign', m.campaign_id from membership m where m.user_id in ")
            .list(users.iter().copied())
            .push(
                " union all select p.user_id, 'conversation', p.conversation_id from participant p \
                   join conversation k on k.id = p.conversation_id and k.kind <> 'broadcast' where p.user_id in ",
            )
            .list(users.iter().copied())
            .push(
                " union all select u.id, 'admins', c.id from app_user u join campaign c on c.is_active where u.id in ",
            )
            .list(users.iter().copied())
            .push(
                " union all select u.id, 'leaders', c.id from app_user u join campaign c on c.is_active \
                   where u.role in ('supervisor', 'administrador') and u.id in ",
            )
            .list(users.iter().copied()),
    )
    .await
}

/// State of everyone who shares a campaign or a conversation with the person (recipients of a mass message do not see each other); of supervisors and administrators, for
/// supervisors and quality; of all, for administrators. The same circles as [`list_circles`], from the other side.
pub async fn list_visible(db: &Db, viewer: Uuid) -> DbResult<Vec<(Uuid, String)>> {
    db.all(sql!(
        "select u.id, coalesce(a.state, 'available') from app_user u left join agent_state a on a.user_id = u.id \
         where u.is_active and (\
           exists (select 1 from app_user v where v.id = $1 and (v.is_superuser or v.role = 'administrador')) \
           or (u.role in ('supervisor', 'administrador') \
               and exists (select 1 from app_user v where v.id = $1 and v.role in ('supervisor', 'calidad'))) \
           or exists (select 1 from membership m join membership mine on mine.campaign_id = m.campaign_id \
               join campaign c on c.id = m.campaign_id and c.is_active \
               where m.user_id = u.id and mine.user_id = $1) \
           or exists (select 1 from participant p join participant mine on mine.conversation_id = p.conversation_id \
               join conversation k on k.id = p.conversation_id and k.kind <> 'broadcast' \
               where p.user_id = u.id and mine.user_id = $1))",
        viewer
    ))
    .await
}
