//! Writing subject and description anew: nobody writes over what somebody else has written meanwhile without seeing it.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    layout::Nav,
    paths,
    text::t,
    tickets::{WordsView, words_panel},
};

use super::{
    super::{
        model::{Title, Words},
        queries::{self, NewEntry, TicketRow, Viewer},
    },
    turn::Turn,
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::{AppError, AppResult, FieldErrors},
    ids::TicketId,
    web::{Form, Kind, Page, Path, redirect},
};

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WordsForm {
    title: String,
    description: String,
    version: i64,
}

/// What became of a form.
enum Outcome {
    Stored,
    Wrong(FieldErrors),
    /// Somebody else was faster: the ticket as they left it.
    Conflict(Box<TicketRow>),
}

/// The form. 404 for who may not read it, 403 for who may not change it.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<TicketId>,
) -> AppResult<Page> {
    let viewer = Viewer::of(&user);
    let row = queries::find_for(&app.db, viewer, id).await?;
    if !row.can(viewer).classify {
        return Err(AppError::Forbidden);
    }
    let view = WordsView {
        ticket: id.to_string(),
        number: row.number,
        title: row.title,
        description: row.description,
        version: row.words_version,
        ..WordsView::default()
    };
    Ok(page(&user, seq, &view, StatusCode::OK))
}

fn page(user: &CurrentUser, seq: i64, view: &WordsView, status: StatusCode) -> Page {
    let l = user.look.locale;
    let title = format!("#{} {}", view.number, t(l, "tickets.words"));
    Page::new(Nav::Tickets, &title, seq, words_panel(l, view)).status(status)
}

/// Stores it. 422 and 409 show the form again with what was typed; sent once more, it is stored over what was seen.
pub async fn reword(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<WordsForm>,
) -> AppResult<Response> {
    let viewer = Viewer::of(&user);
    let turn = Turn::begin(&app, viewer, id).await?;
    if !turn.row.can(viewer).classify {
        return Err(AppError::Forbidden);
    }
    let mut view = WordsView {
        ticket: id.to_string(),
        number: turn.row.number,
        title: form.title.clone(),
        description: form.description.clone(),
        version: turn.row.words_version,
        ..WordsView::default()
    };
    let status = match store(turn, &form).await? {
        Outcome::Stored => return Ok(redirect(kind, &paths::ticket(&id.to_string()))),
        Outcome::Wrong(errors) => {
            (view.errors, view.version) = (errors.to_view(), form.version);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Outcome::Conflict(row) => {
            let l = user.look.locale;
            let both = [
                ("tickets.subject", row.title, &form.title),
                ("tickets.description", row.description, &form.description),
            ];
            let differing = both.into_iter().filter(|(_, theirs, mine)| theirs != *mine);
            view.conflict = differing.map(|(key, theirs, mine)| (t(l, key).to_owned(), theirs, mine.clone())).collect();
            StatusCode::CONFLICT
        }
    };
    Ok(page(&user, app.live.cursor().await?, &view, status).into_response())
}

async fn store(mut turn: Turn<'_>, form: &WordsForm) -> AppResult<Outcome> {
    let mut errors = FieldErrors::default();
    let title = Title::new(&form.title).map_err(|error| errors.add("title", error.key()));
    let description = Words::new(&form.description).map_err(|error| errors.add("description", error.key()));
    let (Ok(title), Ok(description)) = (title, description) else { return Ok(Outcome::Wrong(errors)) };
    let row = &turn.row;
    let all =
        [("title", row.title.clone(), title.as_str()), ("description", row.description.clone(), description.as_str())];
    let changes: Vec<_> = all.into_iter().filter(|(_, old, new)| old != new).collect();
    if changes.is_empty() {
        return Ok(Outcome::Stored);
    }
    if row.words_version != form.version {
        return Ok(Outcome::Conflict(Box::new(turn.row.clone())));
    }
    queries::reword(&mut turn.tx, turn.row.id, &title, &description, turn.now).await?;
    for (field, old, new) in changes {
        turn.tell(NewEntry::change(Some(turn.viewer.id), field, &old, new)).await?;
    }
    turn.finish().await?;
    Ok(Outcome::Stored)
}
