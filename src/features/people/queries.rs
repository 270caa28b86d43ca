//! SQL of accounts and of people as others see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::Reach;
use crate::{
    auth::{
        Role,
        token::{self, Purpose},
    },
    db::{Db, DbResult, Sql, Tx},
    fold::fold,
    ids::{CampaignId, UserId},
    paging::Paged,
    sql,
};

/// Columns of [`PersonRow`], for a query that calls the user `u` and joins `agent_state` as `a`.
pub const PERSON_COLUMNS: &str =
    "u.id, u.first_name, u.last_name, u.role, u.photo_version, coalesce(a.state, 'available') as state";

/// A person as others see them.
#[derive(Clone, Debug, FromRow)]
pub struct PersonRow {
    /// The account.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The one role.
    pub role: Role,
    /// Which photo; 0: none.
    pub photo_version: i64,
    /// Stored agent state; shown only while connected.
    pub state: String,
}

/// What signing in needs.
#[derive(Clone, Debug, FromRow)]
pub struct Account {
    /// The account.
    pub id: UserId,
    /// E-mail, as typed by whoever made the account.
    pub email: String,
    /// National id.
    pub document: Option<String>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Whether it may sign in.
    pub is_active: bool,
    /// argon2id.
    pub password_hash: String,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// E-mail; unique without regard to case.
    pub email: String,
    /// National id, if known.
    pub document: Option<String>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The one role.
    pub role: Role,
    /// Passes every check.
    pub is_superuser: bool,
    /// argon2id.
    pub password_hash: String,
    /// Somebody else chose the password.
    pub must_change_password: bool,
}

/// Inserts an account. A unique violation means that the e-mail or the document is taken.
pub async fn insert_user(tx: &mut Tx, user: &NewUser, now: DateTime<Utc>) -> DbResult<()> {
    let name = fold(&format!("{} {}", user.first_name, user.last_name));
    tx.exec(sql!(
        "insert into app_user (id, email, email_folded, document, first_name, last_name, name_folded, role, \
             is_superuser, is_active, password_hash, must_change_password, locale, theme, density, \
             created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, true, $10, $11, 'es', 'auto', 'compact', $12, $12)",
        user.id,
        user.email.as_str(),
        user.email.trim().to_lowercase(),
        user.document.clone(),
        user.first_name.as_str(),
        user.last_name.as_str(),
        name,
        user.role,
        user.is_superuser,
        user.password_hash.as_str(),
        user.must_change_password,
        now
    ))
    .await?;
    Ok(())
}

/// Whether anybody has an account: an empty database offers the first-run set-up.
pub async fn has_users(db: &Db) -> DbResult<bool> {
    let (any,): (bool,) = db.one(sql!("select exists (select 1 from app_user)")).await?;
    Ok(any)
}

const ACCOUNT: &str = "select id, email, document, first_name, last_name, is_active, password_hash from app_user ";

/// The account of an e-mail (any case) or document.
pub async fn account_by_login(db: &Db, login: &str) -> DbResult<Option<Account>> {
    let login = login.trim();
    let by_email = Sql::new(ACCOUNT, vec![]).push("where email_folded = ").bind(login.to_lowercase());
    // A document is stored as it was issued, letters included.
    db.opt(by_email.push(" or document = ").bind(login)).await
}

/// The account of an id.
pub async fn account_by_id(db: &Db, id: UserId) -> DbResult<Account> {
    db.one(Sql::new(ACCOUNT, vec![]).push("where id = ").bind(id)).await
}

/// Sets the password; answers the rows touched. Links that were asked for under the former one end with it.
pub async fn set_password(tx: &mut Tx, id: UserId, hash: &str, must_change: bool, now: DateTime<Utc>) -> DbResult<u64> {
    token::revoke_all(tx, id, &[Purpose::Reset, Purpose::Email], now).await?;
    tx.exec(sql!(
        "update app_user set password_hash = $1, must_change_password = $2, updated_at = $3 where id = $4",
        hash,
        must_change,
        now,
        id
    ))
    .await
}

/// Notes that an account signed in.
pub async fn note_sign_in(tx: &mut Tx, id: UserId, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!("update app_user set signed_in_at = $1 where id = $2", now, id)).await
}

/// Lets an account sign in, or no longer: then its open links end. Answers the rows touched.
pub async fn set_active(tx: &mut Tx, id: UserId, is_active: bool, now: DateTime<Utc>) -> DbResult<u64> {
    if !is_active {
        token::revoke_all(tx, id, &[Purpose::Invitation, Purpose::Reset, Purpose::Email], now).await?;
    }
    tx.exec(sql!("update app_user set is_active = $1, updated_at = $2 where id = $3", is_active, now, id)).await
}

/// Active people within reach whose name has words that start with what was typed; at most `size`, by name.
pub async fn list_reachable(
    db: &Db,
    viewer: UserId,
    reach: &Reach,
    query: &str,
    size: i64,
) -> DbResult<Paged<PersonRow>> {
    let codes = |roles: &[Role]| roles.iter().map(|r| r.code()).collect::<Vec<_>>();
    let mut sql = sql!("select ")
        .push(PERSON_COLUMNS)
        .push(" from app_user u left join agent_state a on a.user_id = u.id where u.is_active and u.id <> ")
        .bind(viewer)
        .push(" and (u.role in ")
        .list(codes(reach.anywhere))
        .push(" or (u.role in ")
        .list(codes(reach.in_campaign))
        .push(
            " and exists (select 1 from membership m join membership mine on mine.campaign_id = m.campaign_id \
               join campaign c on c.id = m.campaign_id and c.is_active where m.user_id = u.id and mine.user_id = ",
        )
        .bind(viewer)
        .push(")))");
    sql = sql.and_words(query, "u.name_folded", &[]);
    let rows = db.all(sql.push(" order by u.name_folded, u.id limit ").bind(Paged::<PersonRow>::limit(size))).await?;
    Ok(Paged::new(rows, size))
}

/// Names of the active campaigns of each of these people.
pub async fn campaigns_of(db: &Db, users: &[UserId]) -> DbResult<HashMap<UserId, Vec<String>>> {
    let rows: Vec<(UserId, String)> = db
        .all(
            sql!(
                "select m.user_id, c.name from membership m join campaign c on c.id = m.campaign_id and c.is_active \
                 where m.user_id in "
            )
            .list(users.iter().copied())
            .push(" order by c.name, m.user_id"),
        )
        .await?;
    let mut names: HashMap<UserId, Vec<String>> = HashMap::new();
    for (user, name) in rows {
        names.entry(user).or_default().push(name);
    }
    Ok(names)
}

/// Active people who share a campaign with the person, by name; at most `limit`.
pub async fn list_colleagues(db: &Db, viewer: UserId, limit: i64) -> DbResult<Vec<PersonRow>> {
    db.all(
        sql!("select ")
            .push(PERSON_COLUMNS)
            .push(
                " from app_user u left join agent_state a on a.user_id = u.id \
                 where u.is_active and exists (select 1 from membership m \
                     join membership mine on mine.campaign_id = m.campaign_id \
                     join campaign c on c.id = m.campaign_id and c.is_active \
                     where m.user_id = u.id and mine.user_id = ",
            )
            .bind(viewer)
            .push(") and u.id <> ")
            .bind(viewer)
            .push(" order by u.name_folded, u.id limit ")
            .bind(limit),
    )
    .await
}

/// Active members of each of these campaigns.
pub async fn count_campaign_members(db: &Db, campaigns: &[CampaignId]) -> DbResult<HashMap<CampaignId, i64>> {
    let rows: Vec<(CampaignId, i64)> = db
        .all(
            sql!(
                "select m.campaign_id, count(*) from membership m join app_user u on u.id = m.user_id and u.is_active \
                 where m.campaign_id in "
            )
            .list(campaigns.iter().copied())
            .push(" group by m.campaign_id"),
        )
        .await?;
    Ok(rows.into_iter().collect())
}

/// Active campaigns that somebody is a member of, inside a change.
pub(super) async fn campaigns_in(tx: &mut Tx, user: UserId) -> DbResult<Vec<(CampaignId,)>> {
    tx.all(sql!(
        "select c.id from membership m join campaign c on c.id = m.campaign_id and c.is_active \
         where m.user_id = $1 order by c.id",
        user
    ))
    .await
}

/// Campaigns that the person holds, for a union: what it is, an id, a word, a number. Administrators hold every one.
pub fn campaigns_to_hold(user: Uuid) -> Sql {
    sql!(
        "select 'campaign' as what, c.id as id, '' as word, 0 as n from app_user u join campaign c on c.is_active and \
           (u.is_superuser or u.role = 'administrador' \
            or exists (select 1 from membership m where m.campaign_id = c.id and m.user_id = u.id)) \
         where u.id = $1 and u.is_active",
        user
    )
}

/// Whether the person is active and in the active campaign (administrators are in all).
pub(super) async fn is_in_campaign(db: &Db, user: Uuid, campaign: Uuid) -> DbResult<Option<(Role, bool)>> {
    db.opt(sql!(
        "select u.role, u.is_superuser from app_user u join campaign c on c.id = $2 and c.is_active \
             where u.id = $1 and u.is_active and (u.is_superuser or u.role = 'administrador' \
               or exists (select 1 from membership m where m.campaign_id = c.id and m.user_id = u.id))",
        user,
        campaign
    ))
    .await
}

/// An account as an operator lists it.
#[derive(Clone, Debug, FromRow)]
pub struct AccountRow {
    /// E-mail.
    pub email: String,
    /// Its lower case, the order of the list.
    pub email_folded: String,
    /// First and last name.
    pub name: String,
    /// The one role.
    pub role: Role,
    /// Whether it may sign in.
    pub is_active: bool,
}

/// Accounts by e-mail, after one; at most `size`.
pub async fn list_accounts(db: &Db, after: Option<&str>, size: i64) -> DbResult<Paged<AccountRow>> {
    let rows = db
        .all(sql!(
            "select email, email_folded, first_name || ' ' || last_name as name, role, is_active from app_user \
             where email_folded > $1 order by email_folded limit $2",
            after.unwrap_or_default(),
            Paged::<AccountRow>::limit(size)
        ))
        .await?;
    Ok(Paged::new(rows, size))
}
