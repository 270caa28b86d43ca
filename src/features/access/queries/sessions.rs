//! SQL of sessions as their owner sees them, and of the look of pages.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use views::layout::Look;

use crate::{
    db::{Db, DbResult, Tx},
    ids::{SessionId, UserId},
    sql,
};

/// An open session.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    /// Its public id.
    pub id: SessionId,
    /// Where it was opened.
    pub ip: String,
    /// The browser's name for itself.
    pub user_agent: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last used, within a minute.
    pub seen_at: DateTime<Utc>,
}

/// Open sessions of a person, the last used first; at most 50.
pub async fn list_sessions(db: &Db, user: UserId, now: DateTime<Utc>) -> DbResult<Vec<SessionRow>> {
    db.all(sql!(
        "select id, ip, user_agent, created_at, seen_at from session \
         where user_id = $1 and revoked_at is null and expires_at > $2 order by seen_at desc, id limit 50",
        user,
        now
    ))
    .await
}

/// A sign-in of the last month.
#[derive(Clone, Debug, FromRow)]
pub struct AccessRow {
    /// From where.
    pub ip: String,
    /// The browser's name for itself.
    pub user_agent: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Sign-ins of a person, the newest first; at most `limit`. Sessions are kept for a month after their end.
pub async fn list_accesses(db: &Db, user: UserId, limit: i64) -> DbResult<Vec<AccessRow>> {
    db.all(sql!(
        "select ip, user_agent, created_at from session where user_id = $1 order by created_at desc, id limit $2",
        user,
        limit
    ))
    .await
}

/// Ends one session of a person; answers the rows touched.
pub async fn end_session(tx: &mut Tx, user: UserId, session: SessionId, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update session set revoked_at = $1 where id = $2 and user_id = $3 and revoked_at is null",
        now,
        session,
        user
    ))
    .await
}

/// Ends all sessions of a person but one, if given; answers the rows touched.
pub async fn end_sessions(tx: &mut Tx, user: UserId, except: Option<SessionId>, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(
        sql!("update session set revoked_at = $1 where user_id = $2 and revoked_at is null and (", now, user)
            .bind(except)
            .push(" is null or id <> ")
            .bind(except)
            .push(")"),
    )
    .await
}

/// Ends all sessions of a person; answers those that were open.
pub async fn end_open_sessions(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> DbResult<Vec<SessionId>> {
    let ended: Vec<(SessionId,)> = tx
        .all(sql!(
            "update session set revoked_at = $1 where user_id = $2 and revoked_at is null and expires_at > $1 \
             returning id",
            now,
            user
        ))
        .await?;
    Ok(ended.into_iter().map(|(id,)| id).collect())
}

/// How pages look to a person.
pub async fn set_look(tx: &mut Tx, user: UserId, look: Look, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update app_user set locale = $1, theme = $2, density = $3, updated_at = $4 where id = $5",
        look.locale.code(),
        look.theme.code(),
        look.density.code(),
        now,
        user
    ))
    .await
}

/// Claims the first-run set-up; false when somebody was faster.
pub async fn claim_setup(tx: &mut Tx, now: DateTime<Utc>) -> DbResult<bool> {
    let claimed = tx
        .exec(sql!(
            "insert into setting (key, value, updated_at) values ('setup', $1, $2) on conflict (key) do nothing",
            serde_json::json!({}),
            now
        ))
        .await?;
    let (any,): (bool,) = tx.one(sql!("select exists (select 1 from app_user)")).await?;
    Ok(claimed == 1 && !any)
}
