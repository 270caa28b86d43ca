//! Retries: the first answer to a key is the answer to every repeat of it.

use chrono::{DateTime, Duration, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    db::{Db, DbResult, Tx},
    error::{AppError, AppResult, TextKey},
    ids::UserId,
    sql,
};

/// How long a key is remembered.
const KEEP: Duration = Duration::hours(24);

/// Whether the write is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is new: do it.
    New,
    /// It was done: answer with this record again.
    Repeat(Uuid),
}

/// A write and the key that its sender chose.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// Who writes.
    pub user: UserId,
    /// The sender's key.
    pub key: &'a str,
    /// What is written to.
    pub route: &'a str,
    /// What is written.
    pub body: &'a str,
    /// The record that will be the answer.
    pub result: Uuid,
}

/// Claims the key inside the write's transaction; a second sender of the same key waits for the first to commit.
///
/// # Errors
/// 409 when the key was used for something else.
pub async fn claim(tx: &mut Tx, key: Key<'_>, now: DateTime<Utc>) -> AppResult<Claim> {
    let body_hash = hex::encode(Sha256::digest(key.body.as_bytes()));
    let inserted = tx
        .exec(sql!(
            "insert into idempotency (user_id, key, route, body_hash, result_id, created_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict (user_id, key) do nothing",
            key.user,
            key.key,
            key.route,
            body_hash.as_str(),
            key.result,
            now
        ))
        .await?;
    if inserted == 1 {
        return Ok(Claim::New);
    }
    let (route, hash, result): (String, String, Uuid) = tx
        .one(sql!(
            "select route, body_hash, result_id from idempotency where user_id = $1 and key = $2",
            key.user,
            key.key
        ))
        .await?;
    if route == key.route && hash == body_hash {
        Ok(Claim::Repeat(result))
    } else {
        Err(AppError::Conflict(TextKey("chat.error.conflict")))
    }
}

/// Forgets old keys.
pub async fn prune(db: &Db, now: DateTime<Utc>) -> DbResult<u64> {
    db.exec(sql!("delete from idempotency where created_at < $1", now - KEEP)).await
}
