//! Files of tickets: brought for a ticket or for one that is being written, read by who reads the entry that has them.

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

use super::super::queries::{self, Viewer};
use crate::{
    app::App,
    auth::CurrentUser,
    db::Tx,
    error::{AppError, AppResult},
    features::files::{self, StoredFile, TICKET, Waiting},
    ids::{FileId, TicketId, UserId},
    web::{Fragment, Kind, Path, redirect},
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
    let l = user.look.locale;
    let chips: Vec<_> = taken.files?.iter().map(|file| view(l, file)).collect();
    if kind != Kind::Plain {
        return Ok(Fragment(ui::waiting_files(l, &chips)).into_response());
    }
    Ok(redirect(kind, &back(id, is_there)))
}

/// Where the form stands.
fn back(id: TicketId, is_there: bool) -> String {
    let id = id.to_string();
    if is_there { paths::ticket(&id) } else { paths::with_query(paths::TICKET_NEW, &[("key", &id)]) }
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
) -> AppResult<Response> {
    let file = files::withdraw(&app, &TICKET, user.id, id).await?;
    if kind != Kind::Plain {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let ticket = TicketId(file.place_id);
    Ok(redirect(kind, &back(ticket, queries::is_there(&app.db, ticket).await?)))
}
