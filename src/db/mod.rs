//! The database: SQLite or PostgreSQL behind one type, one SQL text for both. Knows no feature.

pub mod barrier;
mod connect;
mod lock;
mod migrate;
mod room;
pub mod search;
mod sql;
pub mod statements;
mod words;
mod writer;

use sqlx::{FromRow, PgPool, Postgres, SqlitePool, Transaction, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

pub use connect::{ConnectError, connect};
pub use lock::FileLock;
pub use migrate::migrate;
pub use room::Room;
pub use sql::{Arg, Sql};
pub use writer::{LiteTx, Writer};

/// Characters of an id without hyphens.
const ID_CHARS: usize = 32;

/// What database calls answer; features turn it into `AppError` with `?`.
pub type DbResult<T> = Result<T, sqlx::Error>;

/// A type that can be read from a row of either engine: `#[derive(FromRow)]` and tuples.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

/// The pools of one database. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// Readers in parallel (`query_only`), one writer.
    Sqlite {
        /// Many connections, read only.
        read: SqlitePool,
        /// Exactly one connection: SQLite has one writer.
        write: Writer,
    },
    /// One pool for everything.
    Postgres(PgPool),
}

/// A write transaction. Dropped without [`Tx::commit`], it rolls back.
#[derive(Debug)]
pub enum Tx {
    /// Lasts together with others that wait: see [`Writer`].
    Sqlite(LiteTx),
    /// Read committed.
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Every row.
    pub async fn all<T: Row>(&self, sql: Sql) -> DbResult<Vec<T>> {
        statements::count();
        match self {
            Self::Sqlite { read, .. } => {
                barrier::settled().await?;
                sql.lite().fetch_all(read).await
            }
            Self::Postgres(pool) => sql.pg().fetch_all(pool).await,
        }
    }

    /// The one row; `RowNotFound` without it.
    pub async fn one<T: Row>(&self, sql: Sql) -> DbResult<T> {
        self.opt(sql).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// The row, if there is one.
    pub async fn opt<T: Row>(&self, sql: Sql) -> DbResult<Option<T>> {
        statements::count();
        match self {
            Self::Sqlite { read, .. } => {
                barrier::settled().await?;
                sql.lite().fetch_optional(read).await
            }
            Self::Postgres(pool) => sql.pg().fetch_optional(pool).await,
        }
    }

    /// A write that stands alone; answers the rows it touched.
    pub async fn exec(&self, sql: Sql) -> DbResult<u64> {
        match self {
            Self::Sqlite { write, .. } => {
                let mut tx = Tx::Sqlite(write.begin().await?);
                let rows = tx.exec(sql).await?;
                tx.commit().await?;
                Ok(rows)
            }
            Self::Postgres(pool) => {
                statements::count();
                Ok(sql.pg_exec().execute(pool).await?.rows_affected())
            }
        }
    }

    /// Begins a write transaction. Never await the network while it is open.
    pub async fn begin(&self) -> DbResult<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Whether this is PostgreSQL, where several instances may share the data.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Closes every connection; waits for those in use.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Every row.
    pub async fn all<T: Row>(&mut self, sql: Sql) -> DbResult<Vec<T>> {
        statements::count();
        match self {
            Self::Sqlite(tx) => sql.lite().fetch_all(tx.connection()?).await,
            Self::Postgres(tx) => sql.pg().fetch_all(&mut **tx).await,
        }
    }

    /// The one row; `RowNotFound` without it.
    pub async fn one<T: Row>(&mut self, sql: Sql) -> DbResult<T> {
        self.opt(sql).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// The row, if there is one.
    pub async fn opt<T: Row>(&mut self, sql: Sql) -> DbResult<Option<T>> {
        statements::count();
        match self {
            Self::Sqlite(tx) => sql.lite().fetch_optional(tx.connection()?).await,
            Self::Postgres(tx) => sql.pg().fetch_optional(&mut **tx).await,
        }
    }

    /// A write; answers the rows it touched.
    pub async fn exec(&mut self, sql: Sql) -> DbResult<u64> {
        statements::count();
        match self {
            Self::Sqlite(tx) => Ok(sql.lite_exec().execute(tx.connection()?).await?.rows_affected()),
            Self::Postgres(tx) => Ok(sql.pg_exec().execute(&mut **tx).await?.rows_affected()),
        }
    }

    /// What a statement selects as `id`, as one text of one row: SQLite's thread hands rows over one by one, and ten
    /// thousand of them cost more to hand over than to write.
    pub async fn ids(&mut self, sql: Sql) -> DbResult<Vec<Uuid>> {
        let sql = match self {
            Self::Sqlite(_) => sql.within("select coalesce(group_concat(hex(id), ''), '') from (", ")"),
            Self::Postgres(_) => {
                sql.within("select coalesce(string_agg(replace(cast(id as text), '-', ''), ''), '') from (", ") ids")
            }
        };
        let (ids,): (String,) = self.one(sql).await?;
        let ids = ids.as_bytes().chunks(ID_CHARS).map(Uuid::try_parse_ascii);
        ids.collect::<Result<_, _>>().map_err(|error| sqlx::Error::Decode(Box::new(error)))
    }

    /// Ends a `select` of work to claim: what another transaction has in hands is left to it. SQLite has one writer, who
    /// sees nothing half done.
    pub fn skip_locked(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " for update skip locked",
        }
    }

    /// Makes it last.
    pub async fn commit(self) -> DbResult<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

/// What a query that reads can be asked of: the pools (`&mut &db`) or a write that is going on.
pub trait Reader {
    /// Every row.
    fn read<T: Row>(&mut self, sql: Sql) -> impl Future<Output = DbResult<Vec<T>>> + Send;
}

impl Reader for &Db {
    async fn read<T: Row>(&mut self, sql: Sql) -> DbResult<Vec<T>> {
        self.all(sql).await
    }
}

impl Reader for Tx {
    async fn read<T: Row>(&mut self, sql: Sql) -> DbResult<Vec<T>> {
        self.all(sql).await
    }
}

/// Whether a statement failed on a unique rule. SQLite does not name it: ask after one insert with one rule.
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|e| e.is_unique_violation())
}
