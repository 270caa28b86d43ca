//! The two engines, and a fresh migrated database on either.

use std::path::PathBuf;

use crea::db::{self, Db};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, migrate::Migrator};
use tempfile::TempDir;
use uuid::Uuid;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Number of the advisory lock under which databases are made.
const LOCK: i64 = 0x0c2e_a7e5;

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in a temporary directory.
    Sqlite,
    /// A database of its own on `TEST_POSTGRES_URL`.
    Postgres,
}

/// Whether a missing service is a failure and not a skipped test.
pub fn services_required() -> bool {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|v| v == value);
    is("CREA_TESTS_REQUIRE_SERVICES", "1") || is("CI", "true")
}

fn postgres_url() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// `TEST_REDIS_URL`. Instances of different databases do not hear each other on it.
pub fn redis_url() -> Option<String> {
    std::env::var("TEST_REDIS_URL").ok().filter(|url| !url.is_empty())
}

impl Backend {
    /// Whether the engine can be reached.
    pub fn is_here(self) -> bool {
        self == Self::Sqlite || postgres_url().is_some()
    }
}

/// A database of one test.
pub struct Database {
    /// Its engine.
    pub backend: Backend,
    /// As `DATABASE_URL` says it.
    pub url: String,
    /// The directory of the SQLite file, and for whatever else a test writes.
    pub dir: TempDir,
    /// Its name on the server.
    pub name: String,
    server: String,
}

impl Database {
    /// An empty one, without a schema.
    pub async fn empty(backend: Backend) -> Self {
        let made = Self::named(backend, shared());
        if backend == Backend::Postgres {
            let mut admin = admin(&made.server).await;
            exec(&mut admin, format!("create database {}", made.name)).await;
        }
        made
    }

    /// A migrated one. On PostgreSQL it is copied from a template that is migrated once for these migrations.
    pub async fn migrated(backend: Backend) -> Self {
        Self::migrated_on(backend, shared()).await
    }

    /// As [`Database::migrated`], on a server of the test's own.
    pub async fn migrated_on(backend: Backend, server: String) -> Self {
        let made = Self::named(backend, server);
        match backend {
            Backend::Sqlite => {
                let db = db::connect(&made.url).await.unwrap();
                db::migrate(&db).await.unwrap();
                db.close().await;
            }
            Backend::Postgres => {
                let mut admin = admin(&made.server).await;
                sqlx::query("select pg_advisory_lock($1)").bind(LOCK).execute(&mut admin).await.unwrap();
                let template = template(&mut admin, &made.server).await;
                exec(&mut admin, format!("create database {} template {template}", made.name)).await;
                // The session ends here, and with it the lock.
                admin.close().await.unwrap();
            }
        }
        made
    }

    fn named(backend: Backend, server: String) -> Self {
        let dir = TempDir::new().unwrap();
        let name = format!("crea_test_{}", Uuid::new_v4().simple());
        let url = match backend {
            Backend::Sqlite => format!("sqlite://{}", dir.path().join("crea.db").display()),
            Backend::Postgres => url_of(&server, &name),
        };
        Self { backend, url, dir, name, server }
    }

    /// Opens it.
    pub async fn open(&self) -> Db {
        db::connect(&self.url).await.unwrap()
    }

    /// The SQLite file.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("crea.db")
    }

    /// Removes it, even from under its connections.
    pub async fn remove(&self) {
        if self.backend == Backend::Postgres {
            let mut admin = admin(&self.server).await;
            exec(&mut admin, format!("drop database if exists {} with (force)", self.name)).await;
        }
    }
}

async fn admin(server: &str) -> PgConnection {
    PgConnection::connect(server).await.unwrap()
}

async fn exec(connection: &mut PgConnection, sql: String) {
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

/// The server that all tests share.
fn shared() -> String {
    postgres_url().unwrap_or_else(|| "postgres://nowhere/postgres".to_owned())
}

/// A server's address with another database.
fn url_of(server: &str, name: &str) -> String {
    let (place, query) = server.split_once('?').map_or((server, String::new()), |(p, q)| (p, format!("?{q}")));
    let (server, _) = place.rsplit_once('/').unwrap();
    format!("{server}/{name}{query}")
}

/// The name of the migrated template; made when it is missing. The caller holds the lock.
async fn template(admin: &mut PgConnection, server: &str) -> String {
    // Everything that makes the schema: the migrations, and the search tables that code makes after them.
    let mut schema = Sha256::new();
    for migration in MIGRATIONS.iter() {
        schema.update(&migration.checksum);
    }
    schema.update(include_str!("../../src/db/search.rs"));
    let name = format!("crea_template_{}", &hex::encode(schema.finalize())[..32]);
    let found: Option<(i64,)> = sqlx::query_as("select 1::bigint from pg_database where datname = $1")
        .bind(&name)
        .fetch_optional(&mut *admin)
        .await
        .unwrap();
    if found.is_none() {
        let half = format!("{name}_half");
        exec(admin, format!("drop database if exists {half} with (force)")).await;
        exec(admin, format!("create database {half}")).await;
        let db = db::connect(&url_of(server, &half)).await.unwrap();
        db::migrate(&db).await.unwrap();
        db.close().await;
        exec(admin, format!("alter database {half} rename to {name}")).await;
    }
    name
}
