//! Files of messages: brought to a conversation, sent with a message that names them, read by who takes part.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use views::{
    paths,
    text::Locale,
    ui::{self, FileView, UploadView},
};

use super::{draft, page, queries, record, send};
use crate::{
    app::App,
    auth::CurrentUser,
    db::Tx,
    error::AppResult,
    features::files::{self, CHAT, StoredFile, Waiting},
    ids::{ConversationId, FileId, MessageId, UserId},
    web::{Form, Fragment, Kind, Path, redirect},
};

/// Longest body of one upload.
pub const BODY_BYTES: usize = CHAT.body_bytes();
/// Files of one round of [`release`].
const ROUND: i64 = 500;

/// The files that wait in the person's composer.
pub fn waiting(person: UserId, conversation: ConversationId) -> Waiting {
    Waiting { policy: &CHAT, person, place: conversation.0 }
}

/// A file as screens show it.
pub fn view(l: Locale, file: &StoredFile) -> FileView {
    files::view(l, file, &paths::CHAT_FILES)
}

/// The files beside the composer.
pub fn beside(l: Locale, id: ConversationId, waiting: &[StoredFile]) -> UploadView {
    let id = id.to_string();
    let files = waiting.iter().map(|file| view(l, file)).collect();
    UploadView { url: paths::files(&id), id, files, limits: CHAT.limits() }
}

/// Reads the files that the composer names.
///
/// # Errors
/// As [`files::Policy::parse`].
pub fn parse(text: &str) -> AppResult<Vec<FileId>> {
    CHAT.parse(text)
}

/// Takes files of a form. 404 for who does not take part, otherwise as [`files::take`]; answers their chips. Without
/// scripts the typed text is kept as a draft and the page comes back with the files beside it.
pub async fn upload(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    request: Request,
) -> AppResult<Response> {
    let open = record::find_open(&mut &app.db, user.id, id).await?;
    send::check_may_write(&user, &open)?;
    let taken = files::take(&app, &waiting(user.id, id), request).await?;
    if kind != Kind::Plain {
        let l = user.look.locale;
        let chips: Vec<_> = taken.files?.iter().map(|file| view(l, file)).collect();
        return Ok(Fragment(ui::waiting_files(l, &chips)).into_response());
    }
    let text = taken.typed.get("body");
    if let Err(error) = taken.files {
        return Ok(page::refused(&app, &user, id, text, error).await?.into_response());
    }
    draft::keep(&app, user.id, id, text).await?;
    Ok(redirect(kind, &paths::conversation(&id.to_string())))
}

/// Gives the files to the message, inside its write: all of them, or the message is not sent. Answers them.
///
/// # Errors
/// As [`Waiting::claim`].
pub async fn attach(
    tx: &mut Tx,
    waiting: &Waiting,
    message: MessageId,
    ids: &[FileId],
    now: DateTime<Utc>,
) -> AppResult<Vec<StoredFile>> {
    let files = waiting.claim(tx, ids, now).await?;
    queries::insert_attachments(tx, message, &files).await?;
    Ok(files)
}

/// What stands in lists for a message of files alone: the first one's name.
///
/// # Errors
/// As [`Waiting::claim`].
pub async fn line(tx: &mut Tx, waiting: &Waiting, ids: &[FileId]) -> AppResult<String> {
    let Some(first) = ids.first() else { return Ok(String::new()) };
    Ok(format!("📎 {}", waiting.name_of(tx, *first).await?))
}

/// A file. 404 for who does not take part today, who joined after its message, or once the message is deleted.
pub async fn show_file(
    State(app): State<App>,
    user: CurrentUser,
    Path(id): Path<FileId>,
    headers: HeaderMap,
) -> AppResult<Response> {
    files::serve(&app, &queries::find_file(&app.db, user.id, id).await?, &headers).await
}

/// The small picture of a file, under the same rules.
pub async fn show_thumbnail(
    State(app): State<App>,
    user: CurrentUser,
    Path(id): Path<FileId>,
    headers: HeaderMap,
) -> AppResult<Response> {
    files::serve_thumbnail(&app, &queries::find_file(&app.db, user.id, id).await?, &headers).await
}

/// The form in which a chip's button stands.
#[derive(Debug, Deserialize)]
pub struct RemoveForm {
    body: Option<String>,
}

/// Takes back a file that is not sent. 404 for what is sent, or somebody else's.
pub async fn remove(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<FileId>,
    Form(form): Form<RemoveForm>,
) -> AppResult<Response> {
    let file = files::withdraw(&app, &CHAT, user.id, id).await?;
    if kind != Kind::Plain {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let conversation = ConversationId(file.place_id);
    if let Some(body) = form.body {
        draft::keep(&app, user.id, conversation, &body).await?;
    }
    Ok(redirect(kind, &paths::conversation(&conversation.to_string())))
}

/// Lets go of files whose message was deleted; housekeeping deletes them. The next round takes what is left.
///
/// # Errors
/// The database fails.
pub async fn release(app: &App) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    let orphans = queries::take_orphans(&mut tx, ROUND).await?;
    files::release(&mut tx, &orphans).await?;
    Ok(tx.commit().await?)
}
