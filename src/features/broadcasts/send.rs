//! Sending: once however often the form arrives. What is to go out now is stored as due and answered; [`super::keep`]
//! is woken and publishes it, so that nobody waits for ten thousand recipients to be written.

use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::{
    live,
    model::{self, Sender},
    queries::{self, NewBroadcast},
};
use crate::{
    app::App,
    audit,
    error::{AppError, AppResult, FieldErrors, TextKey},
    features::{
        chat::{Body, find_fresh_card},
        people::local_day,
    },
    idempotency::{self, Claim, Key},
    ids::ConversationId,
    live::LiveTx,
};

/// What became of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was stored, or had been before.
    Stored(Uuid),
}

/// Stores it; one whose time is now goes out at once. A repeat of the same key answers what the first one stored.
///
/// # Errors
/// 422 when nobody would receive it now or the person sent too many within the hour, 409 for a key of another form.
pub async fn create(app: &App, sender: Sender, ip: &str, key: &str, new: &NewBroadcast) -> AppResult<Outcome> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    let form =
        json!([new.body, new.importance.code(), new.asks_confirmation, new.audience, new.expires_at]).to_string();
    let claim = Key { user: sender.id, key, route: views::paths::BROADCASTS, body: &form, result: new.id.0 };
    if let Claim::Repeat(stored) = idempotency::claim(&mut tx, claim, now).await? {
        return Ok(Outcome::Stored(stored));
    }
    queries::lock_sender(&mut tx, sender.id).await?;
    if queries::count_created_in(&mut tx, sender.id, now - model::RATE_WINDOW, now).await? >= model::RATE {
        let retry_after_s = model::RATE_WINDOW.num_seconds();
        return Err(AppError::TooMany { retry_after_s, text: TextKey("broadcasts.error.rate") });
    }
    let is_now = new.due_at <= now;
    if is_now && !queries::reaches_anyone(&mut tx, sender, &new.audience).await? {
        return Err(AppError::Invalid(FieldErrors::one("audience", "broadcasts.error.nobody")));
    }
    queries::schedule(&mut tx, new, now).await?;
    if !is_now {
        live::list_changed(&mut tx, sender.id);
    }
    let action = if is_now { "broadcast.send" } else { "broadcast.schedule" };
    let after = json!({ "importance": new.importance.code(), "audience": new.audience });
    let entry = audit::Entry::new(Some(sender.id), ip, action, "broadcast", new.id.0).after(after);
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await?;
    if is_now {
        app.due.notify_one();
    }
    Ok(Outcome::Stored(new.id.0))
}

/// Freezes the recipients, stores the message and tells them.
pub(super) async fn publish(
    app: &App,
    tx: &mut LiveTx,
    sender: Sender,
    id: ConversationId,
    (audience, body): (&model::Audience, &str),
) -> AppResult<()> {
    let now = app.clock.now();
    let line = Body::new(body)?.line();
    let users = queries::publish(tx, id, sender, audience, (body, &line, local_day(now)), now).await?;
    let entry = audit::Entry::new(Some(sender.id), "local", "broadcast.publish", "broadcast", id.0);
    audit::record(tx, entry.after(json!({ "recipients": users.len() })), now).await?;
    let card = find_fresh_card(tx, id).await?;
    live::sent(tx, &card, &line, users, app.live.directory());
    Ok(())
}

/// The status of a form that is shown again.
pub(super) const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
