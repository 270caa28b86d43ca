//! Reading: how far a person got, and older messages.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{chat, paths};

use super::{live, present, queries};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::ConversationId,
    web::{Form, Fragment, Kind, Path, Query, redirect},
};

/// Messages of one page upward (domain: chat, section 3.4).
pub const PAGE: i64 = 50;

/// How far somebody read.
#[derive(Debug, Deserialize)]
pub struct ReadForm {
    number: i64,
}

/// Where older messages end.
#[derive(Debug, Deserialize)]
pub struct OlderQuery {
    before: i64,
}

/// Moves the person's read pointer; never back, never past the last message. The counters of all their tabs follow.
pub async fn mark_read(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    Form(form): Form<ReadForm>,
) -> AppResult<Response> {
    let mut tx = app.live.begin().await?;
    if !queries::lock(&mut tx, user.id, id).await? {
        return Err(AppError::NotFound);
    }
    if let Some(remaining) = queries::read_up_to(&mut tx, user.id, id, form.number).await? {
        live::read(&mut tx, user.id, id, remaining);
        app.live.commit(tx).await?;
    }
    if kind.is_htmx() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(redirect(kind, &paths::conversation(&id.to_string())))
}

/// The messages before a number. Without htmx the whole conversation page answers, from there.
pub async fn list_older(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    Query(query): Query<OlderQuery>,
) -> AppResult<Response> {
    if kind != Kind::Partial {
        let url = format!("{}?before={}", paths::conversation(&id.to_string()), query.before);
        return Ok(redirect(kind, &url));
    }
    queries::find_for(&app.db, user.id, id).await?;
    let page = queries::list_messages(&app.db, user.id, id, Some(query.before), PAGE).await?;
    let l = user.look.locale;
    let messages: Vec<_> = page.rows.iter().map(|row| present::message(l, row, app.live.directory())).collect();
    let before = page.rows.first().filter(|_| page.has_more).map(|row| row.number);
    Ok(Fragment(chat::older(l, &id.to_string(), &messages, before)).into_response())
}
