//! Links that prove something once: an invitation, a password reset, a new address. The link holds 256 random bits, the
//! table their digest, so that a copy of it opens nothing.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use crate::{
    db::{Db, DbResult, Tx},
    ids::UserId,
    sql,
};

/// For how long it is known that a link was used.
const KEEP: Duration = Duration::days(30);
/// Digits of a token.
const DIGITS: usize = 64;

/// What a link is for (domain: access, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A first password for an account that an administrator made.
    Invitation,
    /// A new password for who forgot the old one, or was told to change it.
    Reset,
    /// A new e-mail address, mailed to it.
    Email,
}

impl Purpose {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::Email => "email",
        }
    }

    /// How long the link is valid.
    pub fn lifetime(self) -> Duration {
        match self {
            Self::Invitation => Duration::hours(48),
            Self::Reset => Duration::hours(1),
            Self::Email => Duration::hours(24),
        }
    }
}

/// What a valid link stands for.
#[derive(Clone, Debug, FromRow)]
pub struct Token {
    /// Its row.
    pub id: Uuid,
    /// Whose it is; the account may have been closed since.
    pub user_id: UserId,
    data: Json<Value>,
}

impl Token {
    /// What was given to [`issue`].
    pub fn data(&self) -> &Value {
        &self.data.0
    }
}

/// Makes a link's token; earlier ones of the person for the same purpose end. `data` is an object. What is answered is
/// shown or mailed once and kept nowhere.
pub async fn issue(tx: &mut Tx, user: UserId, purpose: Purpose, data: Value, now: DateTime<Utc>) -> DbResult<String> {
    revoke(tx, user, purpose, now).await?;
    let token = hex::encode(rand::random::<[u8; DIGITS / 2]>());
    tx.exec(sql!(
        "insert into account_token (id, user_id, purpose, token_hash, data, created_at, expires_at, used_at) \
         values ($1, $2, $3, $4, $5, $6, $7, null)",
        Uuid::now_v7(),
        user,
        purpose.code(),
        digest(&token),
        data,
        now,
        now + purpose.lifetime()
    ))
    .await?;
    Ok(token)
}

/// What a link stands for, without using it: for the page that it opens. Mail programs open links before people do.
pub async fn peek(db: &Db, purpose: Purpose, token: &str, now: DateTime<Utc>) -> DbResult<Option<Token>> {
    db.opt(sql!(
        "select id, user_id, data from account_token \
         where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3",
        digest(token),
        purpose.code(),
        now
    ))
    .await
}

/// The newest open link of a person for a purpose: to say what one waits for.
pub async fn open_of(db: &Db, user: UserId, purpose: Purpose, now: DateTime<Utc>) -> DbResult<Option<Token>> {
    db.opt(sql!(
        "select id, user_id, data from account_token \
         where user_id = $1 and purpose = $2 and used_at is null and expires_at > $3 \
         order by created_at desc, id desc limit 1",
        user,
        purpose.code(),
        now
    ))
    .await
}

/// Uses a link: of two at once, one gets it. `None` when it is used, over, of another purpose or of nobody.
pub async fn redeem(tx: &mut Tx, purpose: Purpose, token: &str, now: DateTime<Utc>) -> DbResult<Option<Token>> {
    tx.opt(sql!(
        "update account_token set used_at = $1 \
         where token_hash = $2 and purpose = $3 and used_at is null and expires_at > $1 \
         returning id, user_id, data",
        now,
        digest(token),
        purpose.code()
    ))
    .await
}

/// Ends the person's open links of some purposes; answers how many.
pub async fn revoke_all(tx: &mut Tx, user: UserId, purposes: &[Purpose], now: DateTime<Utc>) -> DbResult<u64> {
    let mut ended = 0;
    for purpose in purposes {
        ended += revoke(tx, user, *purpose, now).await?;
    }
    Ok(ended)
}

/// Ends the person's open links of a purpose; answers how many.
pub async fn revoke(tx: &mut Tx, user: UserId, purpose: Purpose, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update account_token set used_at = $1 where user_id = $2 and purpose = $3 and used_at is null",
        now,
        user,
        purpose.code()
    ))
    .await
}

/// Deletes links that ended a month ago; answers how many.
pub async fn prune(db: &Db, now: DateTime<Utc>) -> DbResult<u64> {
    db.exec(sql!("delete from account_token where expires_at < $1", now - KEEP)).await
}

fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
