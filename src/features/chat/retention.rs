//! Forgetting: messages older than the settings allow are deleted at night (domain: chat, section 3.5).

use chrono::{DateTime, Duration, Months, Utc};
use serde_json::json;
use views::{dom, live::remove};

use super::{live, queries};
use crate::{
    app::App,
    audit::{self, Entry},
    error::AppResult,
    features::{people::local_day, settings},
    live::Topic,
    nightly,
};

/// Name of the work among what is done once a day.
const NAME: &str = "chat.retention";
/// Messages of one transaction: writers of the same conversation wait for it.
const BATCH: i64 = 200;
/// Hours after midnight, in the default zone, when it begins: the floor is empty.
const HOUR: i64 = 3;

/// Deletes what is too old, once a day and by one instance; `None` when it is not its turn. Answers how many messages
/// are gone.
///
/// # Errors
/// The database fails; an hour later another attempt goes on from there.
pub async fn forget_old_messages(app: &App) -> AppResult<Option<i64>> {
    let now = app.clock.now();
    if !nightly::claim(&app.db, NAME, local_day(now - Duration::hours(HOUR)), now).await? {
        return Ok(None);
    }
    let months = u32::try_from(settings::read(&app.db).await?.retention_months).unwrap_or(12);
    let Some(before) = now.checked_sub_months(Months::new(months)) else { return Ok(None) };
    let mut deleted = 0;
    loop {
        let batch = forget_batch(app, before).await?;
        deleted += batch;
        if batch == 0 {
            break;
        }
    }
    let mut tx = app.db.begin().await?;
    nightly::finish(&mut tx, NAME, now).await?;
    if deleted > 0 {
        let what = json!({ "deleted": deleted, "before": before, "months": months });
        let entry = Entry {
            actor: None,
            ip: "local",
            action: "message.retention",
            entity: "message",
            entity_id: None,
            before: json!({}),
            after: what,
        };
        audit::record(&mut tx, entry, now).await?;
        tracing::info!(deleted, %before, "old messages deleted");
    }
    tx.commit().await?;
    Ok(Some(deleted))
}

/// The next messages of one conversation; screens that show them lose them, and counts fall with them.
async fn forget_batch(app: &App, before: DateTime<Utc>) -> AppResult<i64> {
    let mut tx = app.live.begin().await?;
    let Some(id) = queries::find_outdated(&mut tx, before).await? else { return Ok(0) };
    let old = queries::lock_outdated(&mut tx, id, before, BATCH).await?;
    let Some((_, last)) = old.last().copied() else { return Ok(0) };
    let ids: Vec<_> = old.iter().map(|(id, _)| *id).collect();
    let answers = queries::delete_messages(&mut tx, &ids).await?;
    for (user, remaining) in queries::forget_up_to(&mut tx, id, last).await? {
        live::read(&mut tx, user, id, remaining);
    }
    tx.append(Topic::Conversation(id.0), |_| {
        maud::html! {
            @for id in &ids { (remove(&dom::message(&id.to_string()))) }
            @for id in &answers { (remove(&dom::quote(&id.to_string()))) }
        }
    });
    app.live.commit(tx).await?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}
