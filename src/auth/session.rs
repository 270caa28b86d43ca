//! Sessions: rows in the database behind the cookie that tower-sessions keeps. The table holds a digest, never the
//! token, so that a copy of it signs nobody in.

use std::{collections::HashMap, fmt};

use async_trait::async_trait;
use axum::http::HeaderValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result as StoreResult},
};
use uuid::Uuid;

use super::{
    CurrentUser,
    queries::{self, SessionRow},
};
use crate::{
    clock::Clock,
    config::Config,
    db::{Db, Sql},
    error::AppResult,
    ids::{SessionId, UserId},
};

const USER: &str = "user";
const HELD: &str = "held";
const IP: &str = "ip";
const AGENT: &str = "agent";
/// Characters kept of a browser's name.
const AGENT_CHARS: usize = 200;

/// The store behind the cookie.
#[derive(Clone)]
pub struct DbStore {
    db: Db,
    clock: Clock,
}

impl fmt::Debug for DbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DbStore")
    }
}

/// The layer that reads and sets the cookie: `__Host-crea` with https, `crea` on plain http.
pub fn layer(db: Db, clock: Clock, config: &Config) -> SessionManagerLayer<DbStore> {
    SessionManagerLayer::new(DbStore { db, clock })
        .with_name(if config.is_https() { "__Host-crea" } else { "crea" })
        .with_secure(config.is_https())
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::hours(config.session_hours)))
}

/// The person behind a session and its browser; `None` when nobody is signed in.
///
/// # Errors
/// The database does not answer.
pub async fn current(db: &Db, session: &Session, now: DateTime<Utc>) -> AppResult<Option<CurrentUser>> {
    // Without a record there is no cookie, or it is not ours: no statement for it.
    let Some(id) = session.id() else { return Ok(None) };
    let Some(user) = queries::person(db, &digest(id), now).await? else { return Ok(None) };
    if (now - user.session_seen_at).abs() > chrono::Duration::minutes(1) {
        // A database that is full or read only can still be read.
        if let Err(error) = queries::touch(db, user.session, now).await {
            tracing::warn!(%error, "cannot note when a session was seen");
        }
    }
    Ok(Some(user))
}

/// One row, of the person's standing, while a session that was found before is neither revoked nor over and its person
/// active: the role, and whether they are a superuser.
pub fn standing(session: SessionId, now: DateTime<Utc>) -> Sql {
    queries::standing(session, now)
}

/// Signs a person in under a new token; the former one, if any, ends.
///
/// # Errors
/// The database does not answer.
pub async fn sign_in(
    session: &Session,
    user: UserId,
    ip: &str,
    agent: Option<&HeaderValue>,
    until: DateTime<Utc>,
) -> AppResult<()> {
    let agent = agent.and_then(|a| a.to_str().ok()).unwrap_or_default();
    let agent: String = agent.chars().take(AGENT_CHARS).collect();
    session.cycle_id().await.map_err(anyhow::Error::new)?;
    session.remove_value(HELD).await.map_err(anyhow::Error::new)?;
    session.insert(USER, user).await.map_err(anyhow::Error::new)?;
    session.insert(IP, ip).await.map_err(anyhow::Error::new)?;
    session.insert(AGENT, agent).await.map_err(anyhow::Error::new)?;
    let until = OffsetDateTime::from_unix_timestamp(until.timestamp()).map_err(anyhow::Error::new)?;
    session.set_expiry(Some(Expiry::AtDateTime(until)));
    session.save().await.map_err(anyhow::Error::new)?;
    Ok(())
}

/// A person whose password was right and who still owes the second factor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Held {
    /// Who it would be.
    pub user: UserId,
    /// A digest of the password that was right: after a change of it the wait is over.
    pub password: String,
    /// Where to go afterwards.
    pub next: String,
}

/// Keeps in mind, under a new token and until `until`, that the password was right. Nobody is signed in by it.
///
/// # Errors
/// The database does not answer.
pub async fn hold(session: &Session, held: &Held, until: DateTime<Utc>) -> AppResult<()> {
    session.cycle_id().await.map_err(anyhow::Error::new)?;
    session.remove_value(USER).await.map_err(anyhow::Error::new)?;
    session.insert(HELD, held).await.map_err(anyhow::Error::new)?;
    let until = OffsetDateTime::from_unix_timestamp(until.timestamp()).map_err(anyhow::Error::new)?;
    session.set_expiry(Some(Expiry::AtDateTime(until)));
    session.save().await.map_err(anyhow::Error::new)?;
    Ok(())
}

/// Who still owes the second factor in this browser.
///
/// # Errors
/// The database does not answer.
pub async fn held(session: &Session) -> AppResult<Option<Held>> {
    Ok(session.get(HELD).await.map_err(anyhow::Error::new)?)
}

/// Ends the session of this browser.
///
/// # Errors
/// The database does not answer.
pub async fn sign_out(session: &Session) -> AppResult<()> {
    session.flush().await.map_err(anyhow::Error::new)?;
    Ok(())
}

fn digest(id: Id) -> String {
    hex::encode(Sha256::digest(id.to_string().as_bytes()))
}

fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}

impl DbStore {
    fn row(record: &Record) -> StoreResult<SessionRow> {
        let text = |key: &str| record.data.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let expires_at = DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0).unwrap_or_default();
        Ok(SessionRow {
            id_hash: digest(record.id),
            user_id: text(USER).parse::<Uuid>().ok(),
            data: serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?,
            ip: text(IP),
            user_agent: text(AGENT),
            expires_at,
        })
    }
}

#[async_trait]
impl SessionStore for DbStore {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        // 128 random bits do not clash.
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        queries::save(&self.db, Self::row(record)?, self.clock.now()).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let found = queries::load(&self.db, &digest(*id), self.clock.now()).await.map_err(backend)?;
        let Some((data, expires_at)) = found else { return Ok(None) };
        let data: HashMap<String, serde_json::Value> =
            serde_json::from_str(&data).map_err(|e| Error::Decode(e.to_string()))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(expires_at.timestamp()).map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        queries::end(&self.db, &digest(*id), self.clock.now()).await.map_err(backend)
    }
}
