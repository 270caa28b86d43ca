//! Forgetting: what was acknowledged long ago is deleted at night.

use chrono::{DateTime, Duration, Utc};

use super::queries;
use crate::{app::App, error::AppResult, features::people::local_day, nightly};

/// Name of the work among what is done once a day.
const NAME: &str = "alarms.retention";
/// For how long an acknowledgement is kept.
const KEPT: Duration = Duration::days(90);
/// Rows of one transaction.
const BATCH: i64 = 1_000;
/// Hours after midnight, in the default zone, when it begins: the floor is empty.
const HOUR: i64 = 3;

/// Deletes what is too old, once a day and by one instance; `None` when it is not its turn. Answers how many rows
/// are gone.
///
/// # Errors
/// The database fails; an hour later another attempt goes on from there.
pub async fn forget_old(app: &App) -> AppResult<Option<u64>> {
    let now = app.clock.now();
    if !nightly::claim(&app.db, NAME, local_day(now - Duration::hours(HOUR)), now).await? {
        return Ok(None);
    }
    let mut deleted = 0;
    loop {
        let batch = forget_batch(app, now - KEPT).await?;
        deleted += batch;
        if batch == 0 {
            break;
        }
    }
    let mut tx = app.db.begin().await?;
    nightly::finish(&mut tx, NAME, now).await?;
    tx.commit().await?;
    Ok(Some(deleted))
}

/// Some rows, and the alarms that nobody has any more.
async fn forget_batch(app: &App, before: DateTime<Utc>) -> AppResult<u64> {
    let mut tx = app.db.begin().await?;
    let people = queries::delete_acknowledged(&mut tx, before, BATCH).await?;
    let alarms = queries::delete_orphans(&mut tx, before, BATCH).await?;
    tx.commit().await?;
    Ok(people + alarms)
}
