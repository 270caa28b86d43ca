//! Drafts: what was written and not sent, kept for the person's next device.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::paths;

use super::{model::MAX_CHARS, queries, record, send};
use crate::{
    app::App,
    auth::CurrentUser,
    error::AppResult,
    ids::{ConversationId, UserId},
    pace::{self, Pace},
    web::{Form, Kind, Path, redirect},
};

/// What stands in the composer.
#[derive(Debug, Deserialize)]
pub struct DraftForm {
    body: String,
}

/// Keeps what stands in the composer; an empty one is no draft. 404 for who does not take part, 422 for who may not
/// write, 429 above 60 a minute.
pub async fn save(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    Form(form): Form<DraftForm>,
) -> AppResult<Response> {
    let open = record::find_open(&mut &app.db, user.id, id).await?;
    send::check_may_write(&user, &open)?;
    pace::take(&app.db, user.id, Pace::Draft, app.clock.now()).await?;
    keep(&app, user.id, id, &form.body).await?;
    if kind.is_htmx() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(redirect(kind, &paths::conversation(&id.to_string())))
}

/// Keeps or clears a draft of who takes part. What is longer than a message is cut.
pub async fn keep(app: &App, user: UserId, id: ConversationId, body: &str) -> AppResult<()> {
    if body.trim().is_empty() {
        return Ok(queries::clear_draft(&app.db, user, id).await?);
    }
    let body: String = body.chars().filter(|c| *c != '\0').take(MAX_CHARS).collect();
    Ok(queries::save_draft(&app.db, user, id, &body, app.clock.now()).await?)
}
