//! Files of tickets: brought for a ticket or for one that is being written, read by who reads the entry that has them.

use std::collections::HashMap;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use views::{
    paths,
    text::Locale,
    ui::{self, FileView, UploadView},
};

use super::{
    super::queries::{self, Viewer},
    create,
    detail::{Said, refused},
};
use crate::{
    app::App,
    auth::CurrentUser,
    db::Tx,
    error::{AppError, AppResult, FieldErrors},
    features::files::{self, StoredFile, TICKET, Waiting},
    ids::{FileId, TicketId, UserId},
    web::{Form, Fragment, Kind, Path},
};

/// Longest body of one upload.
pub const BODY_BYTES: usize = TICKET.body_bytes();

/// The files that wait for what the person writes about a ticket.
pub fn waiting(person: UserId, ticket: TicketId) -> Waiting {
    Waiting { policy: &TICKET, person, place: ticket.0 }
}

/// A file as screens show it.
pub fn view(l: Locale, file: &StoredFile) -> FileView {
    files::view(l, file, &paths::TICKET_FILES)
}

/// Gives the files that a form names to what is being written, inside its write.
///
/// # Errors
/// 422 for more than are allowed, and when one is gone.
pub async fn claim(tx: &mut Tx, waiting: &Waiting, named: &str, now: DateTime<Utc>) -> AppResult<Vec<StoredFile>> {
    waiting.claim(tx, &TICKET.parse(named)?, now).await
}

/// The box of a form.
pub fn upload_view(l: Locale, ticket: TicketId, waiting: &[StoredFile]) -> UploadView {
    let id = ticket.to_string();
    let files = waiting.iter().map(|file| view(l, file)).collect();
    UploadView { url: paths::ticket_files(&id), id, files, limits: TICKET.limits() }
}

/// Takes files of a form. For a ticket that is there: 404 for who may not read it, 403 when it is closed. One that is not
/// there is being written, and its files are the writer's alone until it is.
pub async fn upload(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    request: Request,
) -> AppResult<Response> {
    let viewer = Viewer::of(&user);
    let is_there = queries::is_there(&app.db, id).await?;
    if is_there && !queries::find_for(&app.db, viewer, id).await?.can(viewer).comment {
        return Err(AppError::Forbidden);
    }
    let taken = files::take(&app, &waiting(user.id, id), request).await?;
    if kind == Kind::Plain {
        let refusal = taken.files.err();
        return shown_again(&app, &user, id, |name| taken.typed.get(name).to_owned(), refusal).await;
    }
    let l = user.look.locale;
    let chips: Vec<_> = taken.files?.iter().map(|file| view(l, file)).collect();
    Ok(Fragment(ui::waiting_files(l, &chips)).into_response())
}

/// Without scripts: the page whose form the files are beside, with what was typed in it and why a file was refused.
async fn shown_again(
    app: &App,
    user: &CurrentUser,
    id: TicketId,
    typed: impl Fn(&str) -> String,
    refusal: Option<AppError>,
) -> AppResult<Response> {
    let errors = match refusal {
        None => FieldErrors::default(),
        Some(AppError::Invalid(errors)) => errors,
        Some(error) => return Err(error),
    };
    if !queries::is_there(&app.db, id).await? {
        return create::shown_again(app, user, id, typed, &errors).await;
    }
    let draft_error = errors.0.first().map(|(_, key)| *key);
    let status = if draft_error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let draft_is_note = typed("note") == "1";
    let said = Said { draft: typed("body"), draft_is_note, draft_error, status, ..Said::default() };
    Ok(refused(app, user, id, said).await?.into_response())
}

/// A file. 404 for who may not read it.
pub async fn show_file(
    State(app): State<App>,
    user: CurrentUser,
    Path(id): Path<FileId>,
    headers: HeaderMap,
) -> AppResult<Response> {
    files::serve(&app, &queries::find_file(&app.db, Viewer::of(&user), id).await?, &headers).await
}

/// The small picture of a file, under the same rules.
pub async fn show_thumbnail(
    State(app): State<App>,
    user: CurrentUser,
    Path(id): Path<FileId>,
    headers: HeaderMap,
) -> AppResult<Response> {
    files::serve_thumbnail(&app, &queries::find_file(&app.db, Viewer::of(&user), id).await?, &headers).await
}

/// Takes back a file that is not sent. 404 for what is sent, or somebody else's.
pub async fn remove(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<FileId>,
    Form(typed): Form<HashMap<String, String>>,
) -> AppResult<Response> {
    let file = files::withdraw(&app, &TICKET, user.id, id).await?;
    if kind != Kind::Plain {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let typed = |name: &str| typed.get(name).cloned().unwrap_or_default();
    shown_again(&app, &user, TicketId(file.place_id), typed, None).await
}
