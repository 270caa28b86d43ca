//! The database under load: filled once, copied for every scenario, so that none pays for what another wrote.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

use crate::people::{People, SENDS_PER_PERSON};

/// Name of a filled database on PostgreSQL: a kept one goes on with its number of agents, any other with an own mark.
const BASE: &str = "crea_load_base";

/// A filled database, and everybody in it.
pub struct Floor {
    pub people: People,
    /// Any database of the PostgreSQL server; on SQLite nothing.
    postgres: Option<String>,
    /// The filled database there.
    template: String,
    base: PathBuf,
    /// Its folder, unless it is kept.
    temporary: Option<TempDir>,
}

/// What a floor is to hold.
pub struct Wanted {
    pub agents: usize,
    /// Mass messages that one scenario may send.
    pub sends: usize,
    /// Sizes of conversations.
    pub rooms: Vec<usize>,
}

/// A copy of it; a SQLite file or a database that is dropped when it goes out of scope, and a folder beside it.
pub struct Copied {
    pub url: String,
    pub dir: TempDir,
    admin: Option<String>,
}

impl Floor {
    /// Fills a database, or takes the one kept in `keep` if it fits.
    pub async fn prepare(postgres: Option<String>, keep: Option<&Path>, wanted: &Wanted) -> Result<Self> {
        let temporary = if keep.is_none() { Some(TempDir::new()?) } else { None };
        let base = match (keep, &temporary) {
            (Some(keep), _) => keep.to_owned(),
            (None, Some(dir)) => dir.path().to_owned(),
            (None, None) => PathBuf::from("."),
        };
        std::fs::create_dir_all(&base)?;
        let template = match keep {
            Some(_) => format!("{BASE}_{}", wanted.agents),
            None => format!("{BASE}_{}", Uuid::now_v7().simple()),
        };
        let file = base.join(if postgres.is_some() { "people-postgres.json" } else { "people.json" });
        let people = match People::read(&file, wanted.agents) {
            Some(people) if people.rooms.len() == wanted.rooms.len() => people,
            _ => {
                let url = match &postgres {
                    Some(admin) => {
                        drop_database(admin, &template).await?;
                        statement(admin, format!("create database {template}")).await?;
                        sibling(admin, &template)?
                    }
                    None => {
                        let _ = std::fs::remove_file(base.join("base.db"));
                        format!("sqlite://{}", base.join("base.db").display())
                    }
                };
                let senders = wanted.sends.div_ceil(SENDS_PER_PERSON).max(1);
                People::make(&url, wanted.agents, senders, &wanted.rooms, &file).await?
            }
        };
        ensure!(people.senders.len() * SENDS_PER_PERSON >= wanted.sends, "the kept floor has too few senders");
        Ok(Self { people, postgres, template, base, temporary })
    }

    /// Whether it is on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    /// The filled database itself, to fill in more before it is copied.
    pub fn url(&self) -> Result<String> {
        match &self.postgres {
            Some(admin) => sibling(admin, &self.template),
            None => Ok(format!("sqlite://{}", self.base.join("base.db").display())),
        }
    }

    /// A copy for one scenario.
    pub async fn copy(&self) -> Result<Copied> {
        let dir = TempDir::new()?;
        let Some(admin) = &self.postgres else {
            let file = dir.path().join("crea.db");
            std::fs::copy(self.base.join("base.db"), &file).context("copying the floor")?;
            return Ok(Copied { url: format!("sqlite://{}", file.display()), dir, admin: None });
        };
        let name = format!("crea_load_{}", Uuid::now_v7().simple());
        statement(admin, format!("create database {name} template {}", self.template)).await?;
        Ok(Copied { url: sibling(admin, &name)?, dir, admin: Some(admin.clone()) })
    }
}

impl Floor {
    /// Drops it, unless it is kept.
    pub async fn remove(self) -> Result<()> {
        match (&self.postgres, &self.temporary) {
            (Some(admin), Some(_)) => drop_database(admin, &self.template).await,
            _ => Ok(()),
        }
    }
}

impl Copied {
    /// Drops it, once its server has ended.
    pub async fn remove(self) -> Result<()> {
        match (&self.admin, self.url.rsplit_once('/')) {
            (Some(admin), Some((_, name))) => drop_database(admin, name).await,
            _ => Ok(()),
        }
    }
}

async fn drop_database(admin: &str, name: &str) -> Result<()> {
    statement(admin, format!("drop database if exists {name} with (force)")).await
}

/// Names here are our own, so they need no quoting.
async fn statement(admin: &str, text: String) -> Result<()> {
    let mut connection = PgConnection::connect(admin).await.context("connecting to PostgreSQL")?;
    sqlx::query(AssertSqlSafe(text)).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// The URL of another database on the same server.
fn sibling(url: &str, name: &str) -> Result<String> {
    let (server, _) = url.rsplit_once('/').context("no database in the URL of PostgreSQL")?;
    Ok(format!("{server}/{name}"))
}
