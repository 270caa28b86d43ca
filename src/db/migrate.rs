//! Brings the schema up to date. Safe when several instances start together.

use sqlx::migrate::{MigrateError, Migrator};

use super::{Db, search};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Applies what is missing, then makes the search tables, which differ between the engines.
///
/// PostgreSQL: the migrator holds an advisory lock, so a second instance waits and then finds nothing to do; the
/// search tables are made under a lock of their own.
/// SQLite: the migrator has no lock there, so it runs in one immediate transaction; a second process waits for it and
/// then finds nothing to do.
///
/// # Errors
/// A statement failed, or an applied migration was edited.
pub async fn migrate(db: &Db) -> Result<(), MigrateError> {
    match db {
        Db::Sqlite { write, .. } => {
            let mut tx = write.pool().begin_with("begin immediate").await?;
            // What `run` calls; `run` itself takes no borrowed connection in a future that is sent between threads.
            MIGRATIONS.run_direct(None, &mut *tx, false).await?;
            tx.commit().await?;
        }
        Db::Postgres(pool) => MIGRATIONS.run(pool).await?,
    }
    let mut tx = db.begin().await?;
    search::create(&mut tx).await?;
    Ok(tx.commit().await?)
}
