//! The sender's later acts: reminding who is missing, taking back what is scheduled.

use axum::{extract::State, response::Response};
use serde_json::json;
use views::paths;

use super::{live, model, present::sender_of, queries, routes};
use crate::{
    app::App,
    audit,
    auth::CurrentUser,
    error::{AppError, AppResult, TextKey},
    features::chat::find_fresh_card,
    ids::ConversationId,
    web::{ClientIp, Kind, Path, redirect},
};

/// Reminds those who have not confirmed (or read); at most once in five minutes. 404 for who did not send it.
pub async fn remind(
    State(app): State<App>,
    user: CurrentUser,
    ip: ClientIp,
    kind: Kind,
    Path(id): Path<ConversationId>,
) -> AppResult<Response> {
    let (now, ip) = (app.clock.now(), ip.text());
    let row = queries::find_for(&app.db, sender_of(&user), id).await?;
    let mut tx = app.live.begin().await?;
    if !queries::mark_reminded(&mut tx, id, now - model::REMIND_EVERY, now).await? {
        drop(tx);
        if kind == Kind::Plain {
            return routes::roll_call_with(&app, &user, id, Some("broadcasts.error.again")).await;
        }
        let retry_after_s = model::REMIND_EVERY.num_seconds();
        return Err(AppError::TooMany { retry_after_s, text: TextKey("broadcasts.error.again") });
    }
    let missing = queries::list_missing(&mut tx, id, row.asks_confirmation).await?;
    let card = find_fresh_card(&mut tx, id).await?;
    let after = json!({ "people": missing.len() });
    live::reminded(&mut tx, &card, missing, now, app.live.directory());
    let entry = audit::Entry::new(Some(user.id), &ip, "broadcast.remind", "broadcast", id.0).after(after);
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, &paths::broadcast(&id.to_string())))
}

/// Takes back one that is scheduled; nothing happens to one that went out. 404 for who did not write it.
pub async fn cancel(
    State(app): State<App>,
    user: CurrentUser,
    ip: ClientIp,
    kind: Kind,
    Path(id): Path<ConversationId>,
) -> AppResult<Response> {
    let ip = ip.text();
    let row = queries::find_for(&app.db, sender_of(&user), id).await?;
    let mut tx = app.live.begin().await?;
    if queries::cancel(&mut tx, id).await? {
        let entry = audit::Entry::new(Some(user.id), &ip, "broadcast.cancel", "broadcast", id.0);
        audit::record(&mut tx, entry, app.clock.now()).await?;
        live::list_changed(&mut tx, row.sender.id);
        live::progressed(&mut tx, id);
        app.live.commit(tx).await?;
    }
    Ok(redirect(kind, paths::broadcasts_scheduled()))
}
