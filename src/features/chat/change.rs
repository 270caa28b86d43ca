//! What people do with messages that are there: edit, delete, react. Screens change by the event alone, so that a late
//! answer cannot undo what others did meanwhile.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{chat::REACTIONS, paths};

use super::{
    changed, links,
    model::{self, Body, ChangeError},
    queries::{self, MessageRow},
    quote, send,
};
use crate::{
    app::App,
    auth::CurrentUser,
    db::Tx,
    error::{AppError, AppResult, FieldErrors, TextKey},
    ids::{ConversationId, MessageId},
    pace::{self, Pace},
    web::{Form, Kind, Path, redirect},
};

/// What a message shall say.
#[derive(Debug, Deserialize)]
pub struct EditForm {
    body: String,
}

/// Which reaction.
#[derive(Debug, Deserialize)]
pub struct ReactForm {
    kind: String,
}

impl From<ChangeError> for AppError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotYours => Self::Forbidden,
            ChangeError::TooLate => Self::Invalid(FieldErrors::one("body", "chat.error.too_late")),
            ChangeError::Gone => Self::Invalid(FieldErrors::one("body", "chat.error.gone")),
        }
    }
}

/// Changes what one's own message says. 403 for another's, 422 after five minutes or for a body that cannot be taken,
/// 429 above 20 a minute. What it said before is kept.
pub async fn edit(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(path): Path<(ConversationId, MessageId)>,
    Form(form): Form<EditForm>,
) -> AppResult<Response> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    pace::turn(&mut tx, user.id, Pace::Edit, now).await?;
    let row = find_to_write(&mut tx, &user, path).await?;
    model::may_edit(row.sender.id == user.id, row.deleted_at.is_some(), row.created_at, now)?;
    let body = Body::new(&links::made_local(&form.body, &app.config.public_url))?;
    if body.as_str() != row.body {
        if queries::count_edits_in(&mut tx, user.id, now - model::RATE_WINDOW, now).await? >= model::RATE {
            let retry_after_s = model::RATE_WINDOW.num_seconds();
            return Err(AppError::TooMany { retry_after_s, text: TextKey("chat.error.rate_edits") });
        }
        queries::edit_message(&mut tx, &row, body.as_str(), &body.line(), now).await?;
        queries::index_message(&mut tx, row.message_id, row.conversation_id, body.as_str()).await?;
        queries::delete_mentions(&mut tx, row.message_id).await?;
        quote::mention(&mut tx, row.conversation_id, row.message_id, body.as_str()).await?;
        changed::reworded(&mut tx, &user, &row, app.live.directory()).await?;
        app.live.commit(tx).await?;
    }
    Ok(done(kind, &row))
}

/// Deletes one's own message: everybody sees that there was one, nobody what it said. 403 for another's; deleting
/// again changes nothing.
pub async fn delete(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(path): Path<(ConversationId, MessageId)>,
) -> AppResult<Response> {
    let mut tx = app.live.begin().await?;
    let row = find(&mut tx, &user, path).await?;
    model::may_delete(row.sender.id == user.id)?;
    if row.deleted_at.is_none() {
        queries::delete_message(&mut tx, &row, app.clock.now()).await?;
        queries::unindex_messages(&mut tx, &[row.message_id.0]).await?;
        queries::delete_mentions(&mut tx, row.message_id).await?;
        changed::reworded(&mut tx, &user, &row, app.live.directory()).await?;
        app.live.commit(tx).await?;
    }
    Ok(done(kind, &row))
}

/// Adds the person's reaction to a message, or takes it back. 422 for one that is not of the set or a message that was
/// deleted, 429 above 20 of either a minute: both are told to everyone in the conversation.
pub async fn react(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(path): Path<(ConversationId, MessageId)>,
    Form(form): Form<ReactForm>,
) -> AppResult<Response> {
    let Some((reaction, _)) = REACTIONS.iter().find(|(code, _)| *code == form.kind) else {
        return Err(AppError::Invalid(FieldErrors::one("kind", "chat.error.reaction")));
    };
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    pace::take_in(&mut tx, user.id, Pace::Reaction, now).await?;
    let row = find_to_write(&mut tx, &user, path).await?;
    if row.deleted_at.is_some() {
        return Err(ChangeError::Gone.into());
    }
    if !queries::take_back_reaction(&mut tx, user.id, row.message_id, reaction).await? {
        queries::insert_reaction(&mut tx, user.id, row.message_id, reaction, now).await?;
    }
    changed::reacted(&mut tx, &user, &row, app.live.directory()).await?;
    app.live.commit(tx).await?;
    Ok(done(kind, &row))
}

/// Somebody's words in a conversation that the person takes part in, under the conversation's lock; 404 otherwise.
async fn find(tx: &mut Tx, user: &CurrentUser, (id, message): (ConversationId, MessageId)) -> AppResult<MessageRow> {
    if !queries::lock(tx, user.id, id).await? {
        return Err(AppError::NotFound);
    }
    Ok(queries::find_message(tx, user.id, id, message).await?)
}

/// As [`find`], where the person may also write today.
async fn find_to_write(tx: &mut Tx, user: &CurrentUser, path: (ConversationId, MessageId)) -> AppResult<MessageRow> {
    let row = find(tx, user, path).await?;
    send::check_may_write(user, &queries::find_for_write(tx, user.id, path.0).await?)?;
    Ok(row)
}

fn done(kind: Kind, row: &MessageRow) -> Response {
    if kind.is_htmx() {
        return StatusCode::NO_CONTENT.into_response();
    }
    redirect(kind, &paths::message_at(&row.conversation_id.to_string(), row.number))
}
