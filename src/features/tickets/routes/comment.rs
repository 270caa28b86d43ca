//! Saying something in a ticket, to all who read it or to staff alone.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use uuid::Uuid;
use views::paths;

use super::{
    super::{
        live,
        model::Words,
        queries::{NewEntry, Viewer},
    },
    detail::{Said, refused},
    files, mention,
    turn::Turn,
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    idempotency::{self, Claim, Key},
    ids::{TicketEntryId, TicketId},
    web::{Form, Kind, Path, redirect},
};

/// What was typed. The browser chooses the id, so that a retry says nothing twice.
#[derive(Clone, Debug, Deserialize)]
pub struct CommentForm {
    id: Uuid,
    #[serde(default)]
    body: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    files: String,
}

/// Stores it. 403 for a note of somebody who may not write one; 422 shows the page again with what was typed.
pub async fn comment(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<CommentForm>,
) -> AppResult<Response> {
    match store(&app, Viewer::of(&user), id, &form).await? {
        None => Ok(redirect(kind, &paths::ticket(&id.to_string()))),
        Some(key) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let draft_is_note = form.note == "1";
            let said = Said { draft: form.body, draft_is_note, draft_error: Some(key), status, ..Said::default() };
            Ok(refused(&app, &user, id, said).await?.into_response())
        }
    }
}

/// Answers the key of what is wrong, if anything is.
async fn store(app: &App, viewer: Viewer, id: TicketId, form: &CommentForm) -> AppResult<Option<&'static str>> {
    let is_note = form.note == "1";
    let mut turn = Turn::begin(app, viewer, id).await?;
    let (key, route) = (form.id.to_string(), paths::ticket_comments(&id.to_string()));
    let claim = Key { user: viewer.id, key: &key, route: &route, body: &form.body, result: form.id };
    if let Claim::Repeat(_) = idempotency::claim(&mut turn.tx, claim, turn.now).await? {
        return Ok(None);
    }
    let can = turn.row.can(viewer);
    if is_note && !can.note {
        return Err(AppError::Forbidden);
    }
    if !can.comment {
        return Ok(Some("tickets.closed.no_comments"));
    }
    let body = match Words::new(&form.body) {
        Ok(body) => body,
        Err(error) => return Ok(Some(error.key())),
    };
    let taken = match files::claim(&mut turn.tx, &files::waiting(viewer.id, id), &form.files, turn.now).await {
        Err(AppError::Invalid(errors)) => return Ok(errors.0.first().map(|(_, key)| *key)),
        taken => taken?,
    };
    if !is_note {
        turn.answer().await?;
    }
    let named = mention::read(&mut turn, body.as_str(), is_note).await?;
    if !named.unheard.is_empty() {
        let text_key = if is_note { "tickets.mention.unheard_note" } else { "tickets.mention.unheard" };
        live::explain(&mut turn.tx, viewer.id, text_key, &named.unheard.join(", "));
    }
    let entry = NewEntry::said(viewer.id, is_note, body.as_str()).with(taken).naming(named.rows);
    turn.said();
    turn.tell_as(TicketEntryId(form.id), entry).await?;
    turn.finish().await?;
    Ok(None)
}
