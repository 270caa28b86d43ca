//! Opens the pools. All tuning of the engines stands here.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Db, Writer};

/// Readers of an embedded database. SQLite reads on threads of its own; more than cores helps little.
const SQLITE_READERS: u32 = 8;
/// Pages that the writer keeps, as KiB below zero: with the 2 MiB of the default a mass message to 10,000 is written to
/// the log, read again and written once more while it goes on.
const WRITER_CACHE: &str = "-16384";
/// Connections of one instance. PostgreSQL's default limit is 100: four instances and some commands fit.
const POSTGRES_CONNECTIONS: u32 = 20;
/// How long a request waits for a connection before it is answered 503.
const ACQUIRE: Duration = Duration::from_secs(5);

/// Why the database could not be opened, for people who operate it.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Neither `sqlite://` nor `postgres://`.
    #[error("DATABASE_URL must start with sqlite:// or postgres://")]
    Scheme,
    /// The engine refused; the URL may hold a password and is not repeated.
    #[error("cannot open the database: {0}")]
    Engine(#[from] sqlx::Error),
}

/// Opens `url`. Creates the SQLite file when it is missing; does not migrate.
///
/// # Errors
/// [`ConnectError`] for another scheme, or when the engine cannot be reached.
pub async fn connect(url: &str) -> Result<Db, ConnectError> {
    if url.starts_with("sqlite:") {
        return Ok(sqlite(url).await?);
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return Ok(postgres(url).await?);
    }
    Err(ConnectError::Scheme)
}

async fn sqlite(url: &str) -> Result<Db, sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledgement survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10));
    let writer = options.clone().pragma("cache_size", WRITER_CACHE);
    // Nothing can cut a connection to a file: none is tried before it is used.
    let pool = SqlitePoolOptions::new().acquire_timeout(ACQUIRE).test_before_acquire(false);
    let write = pool.clone().max_connections(1);
    let write = Writer::new(write.connect_with(writer).await?, ACQUIRE);
    let read = pool.max_connections(SQLITE_READERS).connect_with(options.pragma("query_only", "true")).await?;
    Ok(Db::Sqlite { read, write })
}

async fn postgres(url: &str) -> Result<Db, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?.application_name("crea").options([
        ("statement_timeout", "15s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("lock_timeout", "10s"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .connect_with(options)
        .await?;
    Ok(Db::Postgres(pool))
}
