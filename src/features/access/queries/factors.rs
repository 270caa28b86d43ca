//! SQL of second factors and recovery codes.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    db::{Arg, Db, DbResult, Tx},
    ids::UserId,
    sql,
};

/// A person's second factor.
#[derive(Clone, Debug, FromRow)]
pub struct FactorRow {
    /// The secret, sealed.
    pub sealed: String,
    /// When it was proven; null while enrolling.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// The second factor of a person, proven or not.
pub async fn factor(db: &Db, user: UserId) -> DbResult<Option<FactorRow>> {
    db.opt(sql!("select sealed, confirmed_at from second_factor where user_id = $1", user)).await
}

/// Whether signing in asks the person for a second factor.
pub async fn has_factor(db: &Db, user: UserId) -> DbResult<bool> {
    Ok(factor(db, user).await?.is_some_and(|f| f.confirmed_at.is_some()))
}

/// Begins an enrolment, or begins it anew; zero rows when there is a proven factor.
pub async fn begin_factor(tx: &mut Tx, user: UserId, sealed: &str, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "insert into second_factor (user_id, sealed, last_step, created_at, confirmed_at) values ($1, $2, 0, $3, null) \
         on conflict (user_id) do update set sealed = excluded.sealed, created_at = excluded.created_at \
         where second_factor.confirmed_at is null",
        user,
        sealed,
        now
    ))
    .await
}

/// Notes that the secret was proven by the code of `step`; zero rows when it was replaced or proven meanwhile.
pub async fn confirm_factor(tx: &mut Tx, user: UserId, sealed: &str, step: i64, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update second_factor set confirmed_at = $1, last_step = $2 \
         where user_id = $3 and sealed = $4 and confirmed_at is null",
        now,
        step,
        user,
        sealed
    ))
    .await
}

/// Takes the code of a step: once, and none of an earlier step afterwards. Zero rows when it was taken.
pub async fn use_step(tx: &mut Tx, user: UserId, step: i64) -> DbResult<u64> {
    tx.exec(sql!(
        "update second_factor set last_step = $1 \
         where user_id = $2 and confirmed_at is not null and last_step < $1",
        step,
        user
    ))
    .await
}

/// Removes the factor and its recovery codes; answers how many factors that were.
pub async fn remove_factor(tx: &mut Tx, user: UserId) -> DbResult<u64> {
    tx.exec(sql!("delete from recovery_code where user_id = $1", user)).await?;
    tx.exec(sql!("delete from second_factor where user_id = $1", user)).await
}

/// Puts these recovery codes, as digests, in the place of all former ones.
pub async fn replace_recovery_codes(tx: &mut Tx, user: UserId, hashes: &[String], now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!("delete from recovery_code where user_id = $1", user)).await?;
    let rows =
        hashes.iter().map(|hash| vec![Uuid::now_v7().into(), user.into(), hash.into(), now.into(), Arg::At(None)]);
    tx.exec(sql!("insert into recovery_code (id, user_id, code_hash, created_at, used_at) values ").rows(rows)).await?;
    Ok(())
}

/// Takes a recovery code: once. Zero rows when it was taken or never given.
pub async fn use_recovery_code(tx: &mut Tx, user: UserId, hash: &str, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update recovery_code set used_at = $1 where user_id = $2 and code_hash = $3 and used_at is null",
        now,
        user,
        hash
    ))
    .await
}

/// Recovery codes that are left.
pub async fn count_recovery_codes(db: &Db, user: UserId) -> DbResult<i64> {
    let (n,): (i64,) =
        db.one(sql!("select count(*) from recovery_code where user_id = $1 and used_at is null", user)).await?;
    Ok(n)
}

/// Whether there is such a person and they pass every check.
pub async fn is_superuser(db: &Db, user: UserId) -> DbResult<bool> {
    let (is,): (bool,) =
        db.one(sql!("select exists (select 1 from app_user where id = $1 and is_superuser)", user)).await?;
    Ok(is)
}
