//! SQL of sessions and of the person behind one.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;
use views::{
    layout::{Density, Look, Theme},
    text::Locale,
};

use super::{CampaignRef, CurrentUser, Module, Role, current::Person, throttle, token, totp};
use crate::{
    db::{Db, DbResult, Sql},
    ids::{CampaignId, SessionId, UserId},
    sql,
};

#[derive(FromRow)]
struct PersonRow {
    id: UserId,
    first_name: String,
    last_name: String,
    email: String,
    role: Role,
    photo_version: i64,
    is_superuser: bool,
    must_change_password: bool,
    has_factor: bool,
    security: Option<Json<Value>>,
    locale: String,
    theme: String,
    density: String,
    session_id: SessionId,
    session_expires_at: DateTime<Utc>,
    session_seen_at: DateTime<Utc>,
    cursor: i64,
    campaign_id: Option<CampaignId>,
    campaign_name: Option<String>,
    campaign_module: Option<Module>,
}

/// The active person of a live session, with campaigns; `None` when either ended. One row per campaign.
pub(super) async fn person(db: &Db, id_hash: &str, now: DateTime<Utc>) -> DbResult<Option<CurrentUser>> {
    let rows: Vec<PersonRow> = db
        .all(sql!(
            "select u.id, u.first_name, u.last_name, u.email, u.role, u.photo_version, u.is_superuser, \
                    u.must_change_password, f.user_id is not null as has_factor, g.value as security, u.locale, u.theme, u.density, \
                    s.id as session_id, s.expires_at as session_expires_at, s.seen_at as session_seen_at, \
                    k.n as cursor, \
                    c.id as campaign_id, c.name as campaign_name, c.module as campaign_module \
             from session s \
             join app_user u on u.id = s.user_id \
             join counter k on k.name = 'events' \
             left join second_factor f on f.user_id = u.id and f.confirmed_at is not null \
             left join setting g on g.key = 'security' \
             left join membership m on m.user_id = u.id \
             left join campaign c on c.id = m.campaign_id and c.is_active \
             where s.id_hash = $1 and s.revoked_at is null and s.expires_at > $2 and u.is_active \
             order by c.name nulls last, c.id",
            id_hash,
            now
        ))
        .await?;
    let mut campaigns = Vec::new();
    let mut person = None;
    for row in rows {
        if let (Some(id), Some(name), Some(module)) = (row.campaign_id, row.campaign_name, row.campaign_module) {
            campaigns.push(CampaignRef { id, name, module });
        }
        person.get_or_insert(Person {
            id: row.id,
            first_name: row.first_name,
            last_name: row.last_name,
            email: row.email,
            role: row.role,
            photo_version: row.photo_version,
            is_superuser: row.is_superuser,
            must_change_password: row.must_change_password,
            must_enrol: !row.has_factor && totp::is_required(row.security.as_deref(), row.role, row.is_superuser),
            look: Look {
                locale: Locale::from_code(&row.locale).unwrap_or_default(),
                theme: Theme::from_code(&row.theme).unwrap_or_default(),
                density: Density::from_code(&row.density).unwrap_or_default(),
            },
            campaigns: Vec::new(),
            session: row.session_id,
            session_expires_at: row.session_expires_at,
            session_seen_at: row.session_seen_at,
            cursor: row.cursor,
        });
    }
    // An open screen keeps it for hours.
    campaigns.shrink_to_fit();
    Ok(person.map(|person| CurrentUser::new(Person { campaigns, ..person })))
}

/// The person behind a session that is good for more, for a union: what it is, an id, a word, a number.
pub(super) fn standing(session: SessionId, now: DateTime<Utc>) -> Sql {
    sql!(
        "select 'session' as what, u.id as id, u.role as word, case when u.is_superuser then 1 else 0 end as n \
           from session s join app_user u on u.id = s.user_id \
         where s.id = $1 and s.revoked_at is null and s.expires_at > $2 and u.is_active",
        session,
        now
    )
}

/// Notes that a session was used.
pub(super) async fn touch(db: &Db, session: SessionId, now: DateTime<Utc>) -> DbResult<()> {
    db.exec(sql!("update session set seen_at = $1 where id = $2", now, session)).await?;
    Ok(())
}

/// A row of `session`, as the session layer writes it.
pub(super) struct SessionRow {
    pub id_hash: String,
    pub user_id: Option<Uuid>,
    pub data: String,
    pub ip: String,
    pub user_agent: String,
    pub expires_at: DateTime<Utc>,
}

/// Inserts or updates; a revoked session stays revoked.
pub(super) async fn save(db: &Db, row: SessionRow, now: DateTime<Utc>) -> DbResult<()> {
    db.exec(sql!(
        "insert into session (id, id_hash, user_id, data, ip, user_agent, created_at, seen_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $7, $8) \
         on conflict (id_hash) do update set user_id = excluded.user_id, data = excluded.data, \
             ip = excluded.ip, user_agent = excluded.user_agent, expires_at = excluded.expires_at \
         where session.revoked_at is null",
        Uuid::now_v7(),
        row.id_hash,
        row.user_id,
        row.data,
        row.ip,
        row.user_agent,
        now,
        row.expires_at
    ))
    .await?;
    Ok(())
}

/// The record of a session that is neither revoked nor over.
pub(super) async fn load(db: &Db, id_hash: &str, now: DateTime<Utc>) -> DbResult<Option<(String, DateTime<Utc>)>> {
    db.opt(sql!(
        "select data, expires_at from session where id_hash = $1 and revoked_at is null and expires_at > $2",
        id_hash,
        now
    ))
    .await
}

/// Ends a session by its token's digest.
pub(super) async fn end(db: &Db, id_hash: &str, now: DateTime<Utc>) -> DbResult<()> {
    db.exec(sql!("update session set revoked_at = $1 where id_hash = $2 and revoked_at is null", now, id_hash)).await?;
    Ok(())
}

/// Deletes what only ages: sessions a month after their end, attempts after a day.
pub async fn prune(db: &Db, now: DateTime<Utc>) -> DbResult<()> {
    db.exec(sql!("delete from session where expires_at < $1", now - chrono::Duration::days(30))).await?;
    throttle::prune(db, now).await?;
    token::prune(db, now).await?;
    Ok(())
}
