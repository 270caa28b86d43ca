//! SQL of one account.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;

use super::super::model::Fields;
use crate::{
    auth::Role,
    db::{Db, DbResult, Sql, Tx},
    features::people::{PERSON_COLUMNS, PersonRow},
    fold::fold,
    ids::{CampaignId, UserId},
    sql,
};

/// An account with all that administrators see of it.
#[derive(Clone, Debug, FromRow)]
pub struct UserDetail {
    /// Who.
    #[sqlx(flatten)]
    pub person: PersonRow,
    /// E-mail, as typed.
    pub email: String,
    /// National id.
    pub document: Option<String>,
    /// User in the operator's platform.
    pub greta_user: String,
    /// User in the dialler.
    pub c8_user: String,
    /// Telephone, as typed.
    pub phone: String,
    /// Whether it may sign in.
    pub is_active: bool,
    /// Passes every check.
    pub is_superuser: bool,
    /// When it was last invited, until it was accepted.
    pub invited_at: Option<DateTime<Utc>>,
    /// When it last signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// Rises with every change.
    pub version: i64,
}

impl UserDetail {
    /// Whether the person was invited and has not come yet.
    pub fn is_awaited(&self) -> bool {
        !self.is_active && self.invited_at.is_some() && self.signed_in_at.is_none()
    }

    /// What a form of it holds.
    pub fn fields(&self, campaigns: &[CampaignId]) -> Fields {
        Fields {
            first_name: self.person.first_name.clone(),
            last_name: self.person.last_name.clone(),
            email: self.email.clone(),
            document: self.document.clone().unwrap_or_default(),
            greta_user: self.greta_user.clone(),
            c8_user: self.c8_user.clone(),
            phone: self.phone.clone(),
            role: Some(self.person.role),
            is_superuser: self.is_superuser,
            campaigns: campaigns.to_vec(),
            version: self.version,
        }
    }
}

fn select(id: UserId) -> Sql {
    sql!("select ")
        .push(PERSON_COLUMNS)
        .push(
            ", u.email, u.document, u.greta_user, u.c8_user, u.phone, u.is_active, u.is_superuser, u.invited_at, \
             u.signed_in_at, u.version \
             from app_user u left join agent_state a on a.user_id = u.id where u.id = ",
        )
        .bind(id)
}

/// An account.
pub async fn find_user(db: &Db, id: UserId) -> DbResult<UserDetail> {
    db.one(select(id)).await
}

/// An account, locked until the transaction ends: what is decided about it still holds when it is written.
pub async fn lock_user(tx: &mut Tx, id: UserId) -> DbResult<UserDetail> {
    tx.exec(sql!("update app_user set version = version where id = $1", id)).await?;
    tx.one(select(id)).await
}

/// Lets one change of administrators pass at a time: two who demote each other at once would both see the other in
/// office. Taken before any account is locked.
pub async fn lock_administrators(tx: &mut Tx, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "insert into setting (key, value, updated_at) values ('administrators', $1, $2) \
         on conflict (key) do update set updated_at = excluded.updated_at",
        json!({}),
        now
    ))
    .await
}

/// Whether somebody else than this person is active and administers.
pub async fn has_other_administrator(tx: &mut Tx, except: UserId) -> DbResult<bool> {
    let (any,): (bool,) = tx
        .one(sql!(
            "select exists (select 1 from app_user where is_active and id <> $1 \
                 and (is_superuser or role = 'administrador'))",
            except
        ))
        .await?;
    Ok(any)
}

/// Which of e-mail and document belong to another account.
pub async fn list_taken(tx: &mut Tx, id: UserId, email: &str, document: Option<&str>) -> DbResult<(bool, bool)> {
    let rows: Vec<(String, Option<String>)> = tx
        .all(sql!(
            "select email_folded, document from app_user where id <> $1 and (email_folded = $2 or document = $3)",
            id,
            email.trim().to_lowercase(),
            document.map(str::to_owned)
        ))
        .await?;
    let has_email = rows.iter().any(|(folded, _)| *folded == email.trim().to_lowercase());
    Ok((has_email, rows.iter().any(|(_, other)| other.is_some() && other.as_deref() == document)))
}

/// Stores what a form holds; no row when it was drawn before another change.
pub async fn update_user(tx: &mut Tx, id: UserId, version: i64, fields: &Fields, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update app_user set email = $1, email_folded = $2, document = $3, first_name = $4, last_name = $5, \
             name_folded = $6, role = $7, is_superuser = $8, greta_user = $9, c8_user = $10, phone = $11, \
             version = version + 1, updated_at = $12 where id = $13 and version = $14",
        &fields.email,
        fields.email.to_lowercase(),
        (!fields.document.is_empty()).then(|| fields.document.clone()),
        &fields.first_name,
        &fields.last_name,
        fold(&format!("{} {}", fields.first_name, fields.last_name)),
        fields.role.unwrap_or(Role::Asesor),
        fields.is_superuser,
        &fields.greta_user,
        &fields.c8_user,
        &fields.phone,
        now,
        id,
        version
    ))
    .await
}

/// Lets an account sign in, or no longer; an invitation is over either way.
pub async fn set_state(tx: &mut Tx, id: UserId, is_active: bool, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update app_user set is_active = $1, invited_at = null, version = version + 1, updated_at = $2 where id = $3",
        is_active,
        now,
        id
    ))
    .await
}

/// Turns a new account into one that waits for its person.
pub async fn set_invited(tx: &mut Tx, id: UserId, fields: &Fields, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update app_user set is_active = false, invited_at = $1, greta_user = $2, c8_user = $3, phone = $4 where id = $5",
        now,
        &fields.greta_user,
        &fields.c8_user,
        &fields.phone,
        id
    ))
    .await
}

/// Since when an account waits for its person; `None` when it no longer does.
pub async fn set_invited_at(
    tx: &mut Tx,
    id: UserId,
    invited_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> DbResult<u64> {
    tx.exec(sql!(
        "update app_user set invited_at = $1, version = version + 1, updated_at = $2 where id = $3",
        invited_at,
        now,
        id
    ))
    .await
}

/// Active campaigns of a person.
pub async fn list_memberships(db: &Db, id: UserId) -> DbResult<Vec<CampaignId>> {
    let rows: Vec<(CampaignId,)> = db.all(memberships(id)).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Active campaigns of a person, inside a change of them.
pub async fn memberships_in(tx: &mut Tx, id: UserId) -> DbResult<Vec<CampaignId>> {
    let rows: Vec<(CampaignId,)> = tx.all(memberships(id)).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

fn memberships(id: UserId) -> Sql {
    sql!(
        "select m.campaign_id from membership m join campaign c on c.id = m.campaign_id and c.is_active \
         where m.user_id = $1 order by m.campaign_id",
        id
    )
}

/// Makes a person a member of active campaigns; who is one stays one.
pub async fn join_campaigns(tx: &mut Tx, id: UserId, campaigns: &[CampaignId], now: DateTime<Utc>) -> DbResult<u64> {
    let insert = sql!(
        "insert into membership (campaign_id, user_id, created_at) select c.id, $1, $2 from campaign c \
         where c.is_active and c.id in ",
        id,
        now
    );
    let insert = insert.list(campaigns.iter().copied());
    tx.exec(insert.push(" on conflict (campaign_id, user_id) do nothing")).await
}

/// Takes a person out of campaigns.
pub async fn leave_campaigns(tx: &mut Tx, id: UserId, campaigns: &[CampaignId]) -> DbResult<u64> {
    let delete = sql!("delete from membership where user_id = $1 and campaign_id in ", id);
    tx.exec(delete.list(campaigns.iter().copied())).await
}

/// An entry of the audit log about an account.
#[derive(Clone, Debug, FromRow)]
pub struct HistoryRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name; `None` for a command on the machine.
    pub actor: Option<String>,
    /// A verb: `user.disable`.
    pub action: String,
    /// An object: what it was.
    pub before: sqlx::types::Json<serde_json::Value>,
    /// An object: what it is.
    pub after: sqlx::types::Json<serde_json::Value>,
}

/// The newest entries about an account.
pub async fn list_history(db: &Db, id: UserId, size: i64) -> DbResult<Vec<HistoryRow>> {
    db.all(sql!(
        "select e.at, a.first_name || ' ' || a.last_name as actor, e.action, e.before, e.after \
         from audit_log e left join app_user a on a.id = e.actor_id \
         where e.entity = 'app_user' and e.entity_id = $1 order by e.at desc, e.id desc limit $2",
        id,
        size
    ))
    .await
}
