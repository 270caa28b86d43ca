//! Taking a ticket to another state.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    paths,
    text::{Locale, t},
};

use super::{
    super::{
        hours::Hours,
        live,
        model::{Asks, Status, Words, step},
        queries::{self, NewEntry, TicketRow, Viewer},
    },
    detail::{Said, refused},
    turn::Turn,
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult, FieldErrors, TextKey},
    ids::TicketId,
    web::{Form, Kind, Path, redirect},
};

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    to: String,
    version: i64,
    reason: String,
    /// `board`: it was dropped there.
    back: String,
}

/// Takes the step. 422 where something has to be written with it, 409 when the ticket has changed meanwhile, 403 for a
/// step that is not the person's.
pub async fn take(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<StepForm>,
) -> AppResult<Response> {
    let is_drop = form.back == "board";
    let said = match store(&app, user.look.locale, Viewer::of(&user), id, &form).await? {
        None if is_drop && kind == Kind::Partial => return Ok(StatusCode::NO_CONTENT.into_response()),
        None if is_drop => return Ok(redirect(kind, paths::TICKET_BOARD)),
        None => return Ok(redirect(kind, &paths::ticket(&id.to_string()))),
        // The card goes back, and its person is told why.
        Some(said) if is_drop && kind == Kind::Partial => return Err(not_dropped(&said)),
        Some(said) => said,
    };
    let said = Said { typed: Some((form.to, form.reason)), ..said };
    Ok(refused(&app, &user, id, said).await?.into_response())
}

fn not_dropped(said: &Said) -> AppError {
    if said.conflict.is_empty() {
        AppError::Invalid(FieldErrors::one("reason", "tickets.board.words_missing"))
    } else {
        AppError::Conflict(TextKey("tickets.board.conflict"))
    }
}

/// Answers what was refused.
async fn store(app: &App, l: Locale, viewer: Viewer, id: TicketId, form: &StepForm) -> AppResult<Option<Said>> {
    let mut turn = Turn::begin(app, viewer, id).await?;
    let to = Status::from_code(&form.to).ok_or_else(|| AppError::BadRequest("to".to_owned()))?;
    if turn.row.version != form.version {
        return Ok(conflict(l, &turn.row, to));
    }
    if let Some(key) = advance(&mut turn, to, &form.reason).await? {
        return Ok(Some(Said::wrong("reason", key)));
    }
    turn.finish().await?;
    Ok(None)
}

/// Takes the ticket to another state within its turn; the key of what is wrong with the reason, if anything is. 403 for a
/// step that is not the person's.
pub async fn advance(turn: &mut Turn<'_>, to: Status, reason: &str) -> AppResult<Option<&'static str>> {
    let (from, viewer, id) = (turn.row.status, turn.viewer, turn.row.id);
    let step = step(from, to, turn.row.part(viewer)).ok_or(AppError::Forbidden)?;
    let reason = match (step.asks, Words::new(reason)) {
        (Asks::Nothing, _) => String::new(),
        (_, Ok(words)) => words.as_str().to_owned(),
        (_, Err(error)) => return Ok(Some(error.key())),
    };
    let hours = Hours::of(&mut turn.tx, turn.row.campaign_id).await?;
    let clock = turn.row.clock().moved(to, turn.now, &hours);
    let closes_at = (to == Status::Resolved).then(|| hours.accepted_after(turn.now));
    if let Some(into) = turn.row.merged_into_id.filter(|_| to == Status::Open) {
        queries::set_merged(&mut turn.tx, id, None).await?;
        queries::unlink(&mut turn.tx, id, into).await?;
        live::looked_anew(&mut turn.tx, into);
    }
    queries::move_to(&mut turn.tx, id, to, clock, closes_at, turn.now).await?;
    turn.answer().await?;
    turn.tell(NewEntry::change(Some(viewer.id), "status", from.code(), to.code()).because(&reason)).await?;
    Ok(None)
}

/// The step was chosen on what is no longer so. That somebody else took the same step is no conflict.
fn conflict(l: Locale, row: &TicketRow, to: Status) -> Option<Said> {
    if row.status == to {
        return None;
    }
    let word = |status: Status| t(l, &format!("tickets.status.{}", status.code())).to_owned();
    let difference = (t(l, "tickets.column.status").to_owned(), word(row.status), word(to));
    Some(Said { conflict: vec![difference], status: StatusCode::CONFLICT, ..Said::default() })
}
