//! SQL of what people change of themselves.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use views::text::Locale;

use crate::{
    db::{Db, DbResult, Reader, Tx},
    fold::fold,
    ids::UserId,
    sql,
};

/// What a person may change of themselves.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Profile {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// User in the operator's platform.
    pub greta_user: String,
    /// User in the dialler.
    pub c8_user: String,
    /// As people write it.
    pub phone: String,
}

/// The profile of a person.
pub async fn profile(db: &Db, user: UserId) -> DbResult<Profile> {
    db.one(sql!("select first_name, last_name, greta_user, c8_user, phone from app_user where id = $1", user)).await
}

/// Stores a profile; an administrator's form that was drawn before is refused afterwards.
pub async fn set_profile(tx: &mut Tx, user: UserId, profile: &Profile, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update app_user set first_name = $1, last_name = $2, name_folded = $3, greta_user = $4, c8_user = $5, \
             phone = $6, version = version + 1, updated_at = $7 where id = $8",
        &profile.first_name,
        &profile.last_name,
        fold(&format!("{} {}", profile.first_name, profile.last_name)),
        &profile.greta_user,
        &profile.c8_user,
        &profile.phone,
        now,
        user
    ))
    .await
}

/// Stores an address. A unique violation means that another account has it.
pub async fn set_email(tx: &mut Tx, user: UserId, email: &str, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update app_user set email = $1, email_folded = $2, version = version + 1, updated_at = $3 where id = $4",
        email,
        email.to_lowercase(),
        now,
        user
    ))
    .await
}

/// Whether no account has this address.
pub async fn is_email_free(db: &Db, email: &str) -> DbResult<bool> {
    let (taken,): (bool,) =
        db.one(sql!("select exists (select 1 from app_user where email_folded = $1)", email.to_lowercase())).await?;
    Ok(!taken)
}

/// The language in which a person reads.
pub async fn locale_of(from: &mut impl Reader, user: UserId) -> DbResult<Locale> {
    let found: Vec<(String,)> = from.read(sql!("select locale from app_user where id = $1", user)).await?;
    let (locale,) = found.first().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Locale::from_code(locale).unwrap_or_default())
}

/// Which photo of a person is shown; 0: none.
pub async fn photo_version(db: &Db, user: UserId) -> DbResult<i64> {
    let (version,): (i64,) = db.one(sql!("select photo_version from app_user where id = $1", user)).await?;
    Ok(version)
}

/// Says which photo is shown from now on.
pub async fn set_photo_version(tx: &mut Tx, user: UserId, version: i64, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!("update app_user set photo_version = $1, updated_at = $2 where id = $3", version, now, user)).await
}
