//! Files that belong to no message any more.

use chrono::Duration;

use super::{super::queries, key};
use crate::{app::App, error::AppResult, storage::Storage};

/// How long a file that was brought may wait to be sent.
const KEEP: Duration = Duration::hours(24);
/// Files of one round; the next round takes the rest.
const ROUND: i64 = 500;

/// Deletes what was never sent, what broke off and what lost its message to retention: the object first, then the row.
/// Answers how many.
///
/// # Errors
/// Database or storage fail; what was done stays done.
pub async fn prune(app: &App) -> AppResult<u64> {
    let mut gone = 0;
    for row in queries::list_abandoned(&app.db, app.clock.now() - KEEP, ROUND).await? {
        if queries::abandon_attachment(&app.db, row.id).await? {
            delete(&app.storage, &row).await?;
            queries::delete_attachment(&app.db, row.id).await?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// Deletes the objects of a row.
pub async fn delete(storage: &Storage, row: &queries::ObjectRow) -> AppResult<()> {
    for text in [Some(&row.object_key), row.thumbnail_key.as_ref()].into_iter().flatten() {
        storage.delete(&key(text)?).await?;
    }
    Ok(())
}
