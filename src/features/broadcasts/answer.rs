//! The recipient's side: confirming, and answering the sender.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use views::paths;

use super::{live, queries};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    features::chat::{self, find_card_for_write},
    ids::ConversationId,
    web::{Fragment, Kind, Path, redirect},
};

/// Confirms that it was read; again changes nothing. 404 for who is no recipient.
pub async fn confirm(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
) -> AppResult<Response> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    let is_new = queries::confirm(&mut tx, user.id, id, now).await?.ok_or(AppError::NotFound)?;
    let card = find_card_for_write(&mut tx, user.id, id).await?.ok_or(AppError::NotFound)?;
    if is_new {
        live::confirmed(&mut tx, user.id, &card, now, app.live.directory());
        app.live.commit(tx).await?;
    }
    if kind == Kind::Partial {
        return Ok(Fragment(live::answered(user.look.locale, &card, now, app.live.directory())).into_response());
    }
    Ok(redirect(kind, &paths::conversation(&id.to_string())))
}

/// Opens the direct conversation with the sender: who was written to may answer, within reach or not.
pub async fn reply(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
) -> AppResult<Response> {
    let mut tx = app.live.begin().await?;
    let card = find_card_for_write(&mut tx, user.id, id).await?.ok_or(AppError::NotFound)?;
    let direct = chat::open_direct_with(&mut tx, user.id, card.sender.id, app.clock.now()).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, &paths::conversation(&direct.to_string())))
}
