//! Giving a ticket to somebody: staff to whoever serves its application, an assignee to a colleague, saying why.

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
        model::Words,
        queries::{self, TicketRow, Viewer},
    },
    detail::{Said, refused},
    turn::Turn,
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::{TicketId, UserId},
    web::{Form, Kind, Path, redirect},
};

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AssignForm {
    assignee: String,
    version: i64,
    note: String,
}

/// Gives it. 422 for somebody who does not serve the application, 409 when somebody else was faster, 403 for who may
/// neither assign it nor hand it over.
pub async fn assign(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<AssignForm>,
) -> AppResult<Response> {
    let said = match store(&app, user.look.locale, Viewer::of(&user), id, &form).await? {
        // Who has handed it over may not read it any more.
        None if queries::find_for(&app.db, Viewer::of(&user), id).await.is_err() => {
            return Ok(redirect(kind, paths::TICKETS));
        }
        None => return Ok(redirect(kind, &paths::ticket(&id.to_string()))),
        Some(said) => said,
    };
    Ok(refused(&app, &user, id, said).await?.into_response())
}

async fn store(app: &App, l: Locale, viewer: Viewer, id: TicketId, form: &AssignForm) -> AppResult<Option<Said>> {
    let mut turn = Turn::begin(app, viewer, id).await?;
    let to = match form.assignee.as_str() {
        "" => None,
        text => Some(text.parse::<UserId>().map_err(|_| AppError::BadRequest("assignee".to_owned()))?),
    };
    let can = turn.row.can(viewer);
    if !can.assign && !can.hand_over {
        return Err(AppError::Forbidden);
    }
    if turn.row.assignee_id == to {
        return Ok(None);
    }
    if turn.row.version != form.version {
        return conflict(&mut turn, l, to).await.map(Some);
    }
    if let Some((field, key)) = hand(&mut turn, to, &form.note).await? {
        return Ok(Some(Said::wrong(field, key)));
    }
    turn.finish().await?;
    Ok(None)
}

/// Gives it within its turn; the field that is wrong and the key of why, if one is. 403 for who may not.
pub async fn hand(
    turn: &mut Turn<'_>,
    to: Option<UserId>,
    note: &str,
) -> AppResult<Option<(&'static str, &'static str)>> {
    let can = turn.row.can(turn.viewer);
    if !can.assign && !can.hand_over {
        return Err(AppError::Forbidden);
    }
    match to {
        None if !can.assign => return Ok(Some(("assignee", "field.required"))),
        Some(user) if !queries::is_in_pool(&mut turn.tx, turn.row.application, user).await? => {
            return Ok(Some(("assignee", "tickets.assign.gone")));
        }
        _ => {}
    }
    let note = match Words::new(note) {
        Ok(words) => words.as_str().to_owned(),
        Err(_) if can.assign => String::new(),
        Err(error) => return Ok(Some(("note", error.key()))),
    };
    turn.give(to, &note, false).await?;
    Ok(None)
}

async fn conflict(turn: &mut Turn<'_>, l: Locale, to: Option<UserId>) -> AppResult<Said> {
    let TicketRow { assignee_id, .. } = turn.row;
    let rows = queries::list_people(&mut *turn.tx, [assignee_id, to].into_iter().flatten().collect()).await?;
    let name = |id: Option<UserId>| {
        let person = id.and_then(|id| rows.get(&id));
        person.map_or(t(l, "tickets.unassigned").to_owned(), |p| format!("{} {}", p.first_name, p.last_name))
    };
    let difference = (t(l, "tickets.column.assignee").to_owned(), name(assignee_id), name(to));
    Ok(Said { conflict: vec![difference], status: StatusCode::CONFLICT, ..Said::default() })
}
