//! Brings the schema up to date. Safe when several instances start together.

use sqlx::migrate::{MigrateError, Migrator};

use super::Db;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Applies what is missing.
///
/// PostgreSQL: the migrator holds an advisory lock, so a second instance waits and then finds nothing to do.
/// SQLite: the one write connection; a second process waits for its lock or finds the work done.
///
/// # Errors
/// A statement failed, or an applied migration was edited.
pub async fn migrate(db: &Db) -> Result<(), MigrateError> {
    match db {
        Db::Sqlite { write, .. } => MIGRATIONS.run(write).await,
        Db::Postgres(pool) => MIGRATIONS.run(pool).await,
    }
}
