//! Files that nothing has.

use chrono::Duration;

use super::{
    key,
    queries::{self, StoredFile},
};
use crate::{app::App, db::Tx, error::AppResult, ids::FileId};

/// How long a file that was brought may wait to be sent.
const KEEP: Duration = Duration::hours(24);
/// Files of one round; the next round takes the rest.
const ROUND: i64 = 500;

/// Deletes, of every use, what was never sent, what broke off and what was [released](release): the object first, then the
/// row. Answers how many.
///
/// # Errors
/// Database or storage fail; what was done stays done.
pub async fn prune(app: &App) -> AppResult<u64> {
    let mut gone = 0;
    for file in queries::list_abandoned(&app.db, app.clock.now() - KEEP, ROUND).await? {
        if queries::abandon_file(&app.db, file.file_id).await? {
            delete(app, &file).await?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// What had these files is gone, or is about to go in the same write: nobody reads them any more, and [`prune`] deletes
/// them.
///
/// # Errors
/// The database fails.
pub async fn release(tx: &mut Tx, ids: &[FileId]) -> AppResult<()> {
    Ok(queries::release_files(tx, ids).await?)
}

/// Deletes a file that nothing can take any more: its objects, then its row.
pub(super) async fn delete(app: &App, file: &StoredFile) -> AppResult<()> {
    for text in [Some(&file.object_key), file.thumbnail_key.as_ref()].into_iter().flatten() {
        app.storage.delete(&key(text)?).await?;
    }
    Ok(queries::delete_file(&app.db, file.file_id).await?)
}
