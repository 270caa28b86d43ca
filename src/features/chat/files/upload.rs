//! Bringing a file, and taking it back before it is sent.

use axum::{
    extract::{FromRequest as _, Multipart, Request, State, multipart::Field, multipart::MultipartError},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::Duration;
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio_util::io::StreamReader;
use views::{chat, paths};

use super::{
    super::{
        draft,
        model::MAX_CHARS,
        page,
        queries::{self, AttachmentRow, NewAttachment, Thumbnail},
        record, send,
    },
    BODY_BYTES, FILE_BYTES, FILES, housekeeping,
    kind::{self, Recognised, Refusal},
    view,
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult, FieldErrors},
    ids::{AttachmentId, ConversationId},
    pace::{self, Pace},
    storage::{
        Key, StorageError, Stored,
        image::{self, Shape},
    },
    web::{Form, Fragment, Kind, Path, redirect},
};

/// Files that a person may have waiting in one conversation: those of a message, and of one that failed.
const WAITING: i64 = 2 * FILES as i64;
/// Bytes that are kept of the text beside the files: those of the longest message.
const TEXT_BYTES: usize = 4 * MAX_CHARS;
/// After this a file that did not come is not coming.
const LONGEST_UPLOAD: Duration = Duration::minutes(10);
/// Box of a small picture, in pixels: twice what screens show, for dense displays.
const SMALL: Shape = Shape::Within(640, 480);

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        let key = match refusal {
            Refusal::Empty => "chat.error.file_empty",
            Refusal::Type => "chat.error.file_type",
        };
        refused(key)
    }
}

fn refused(key: &'static str) -> AppError {
    AppError::Invalid(FieldErrors::one("file", key))
}

/// Takes files of a form, part by part, never whole into memory. 404 for who does not take part, 422 for what may not be
/// attached, 429 above 200 MB an hour, 503 when it cannot be stored; answers their chips. Without scripts the typed text is kept as a draft and the
/// page comes back with the files beside it.
pub async fn upload(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    request: Request,
) -> AppResult<Response> {
    let open = record::find_open(&mut &app.db, user.id, id).await?;
    send::check_may_write(&user, &open)?;
    let multipart = Multipart::from_request(request, &()).await.map_err(|e| AppError::BadRequest(e.body_text()))?;
    let mut body = None;
    let taken = take(&app, &user, id, multipart, &mut body).await;
    if kind != Kind::Plain {
        let l = user.look.locale;
        let chips: Vec<_> = taken?.iter().map(|row| view(l, row)).collect();
        return Ok(Fragment(chat::waiting_files(l, &chips)).into_response());
    }
    let text = body.unwrap_or_default();
    if let Err(error) = taken {
        return Ok(page::refused(&app, &user, id, &text, error).await?.into_response());
    }
    draft::keep(&app, user.id, id, &text).await?;
    Ok(redirect(kind, &paths::conversation(&id.to_string())))
}

async fn take(
    app: &App,
    user: &CurrentUser,
    id: ConversationId,
    mut form: Multipart,
    body: &mut Option<String>,
) -> AppResult<Vec<AttachmentRow>> {
    let mut taken = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("body") {
            *body = Some(text(field).await?);
        } else if field.file_name().is_some_and(|name| !name.is_empty()) {
            if taken.len() == FILES {
                return Err(refused("chat.error.file_count"));
            }
            taken.push(take_one(app, user, id, field).await?);
        }
    }
    Ok(taken)
}

/// The typed text, its beginning alone: what is longer than a message is read and forgotten.
async fn text(mut field: Field<'_>) -> AppResult<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk[..chunk.len().min(TEXT_BYTES - bytes.len())]);
    }
    // The cut may be within a character.
    Ok(String::from_utf8_lossy(&bytes).trim_end_matches(char::REPLACEMENT_CHARACTER).to_owned())
}

async fn take_one(
    app: &App,
    user: &CurrentUser,
    conversation: ConversationId,
    field: Field<'_>,
) -> AppResult<AttachmentRow> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut source = StreamReader::new(field.map_err(std::io::Error::other));
    let mut head = Vec::with_capacity(kind::HEAD_BYTES);
    let read = (&mut source).take(kind::HEAD_BYTES as u64).read_to_end(&mut head).await;
    read.map_err(|error| unstored(StorageError::Source(error)))?;
    let recognised = kind::recognise(&name, &head)?;
    let id = AttachmentId::new();
    let key = Key::of(&["chat", &conversation.to_string(), &id.to_string()]);
    let new = NewAttachment {
        id,
        conversation,
        uploader: user.id,
        name: recognised.name.clone(),
        content_type: recognised.content_type,
        object_key: key.as_str().to_owned(),
        at: app.clock.now(),
    };
    announce(app, &new).await?;
    match store(app, &recognised, &key, head.chain(source)).await {
        Ok((stored, thumbnail)) => {
            let (mut tx, now) = (app.db.begin().await?, app.clock.now());
            pace::add(&mut tx, user.id, Pace::Upload, stored.size_bytes, now).await?;
            queries::finish_attachment(&mut tx, id, &stored, thumbnail.as_ref(), now).await?;
            tx.commit().await?;
            Ok(AttachmentRow {
                attachment_id: id,
                message_id: None,
                name: recognised.name,
                content_type: recognised.content_type.to_owned(),
                size_bytes: stored.size_bytes,
                width: thumbnail.as_ref().map(|t| t.width),
                height: thumbnail.as_ref().map(|t| t.height),
                has_thumbnail: thumbnail.is_some(),
            })
        }
        Err(error) => {
            // Nothing is left of it; where the storage cannot even delete, housekeeping tries again.
            if app.storage.delete(&key).await.is_ok() {
                queries::delete_attachment(&app.db, id).await?;
            }
            Err(unstored(error))
        }
    }
}

/// Writes down that a file comes, within what a person may have waiting and bring in an hour. A file that is still coming
/// counts as large as one can be; who brings many at once takes turns here.
async fn announce(app: &App, new: &NewAttachment) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    let brought = pace::lock(&mut tx, new.uploader, Pace::Upload, new.at).await?;
    let (waiting, coming) =
        queries::count_waiting(&mut tx, new.uploader, new.conversation, new.at - LONGEST_UPLOAD).await?;
    if waiting >= WAITING {
        return Err(refused("chat.error.file_count"));
    }
    Pace::Upload.check(brought + coming * FILE_BYTES as i64 + 1)?;
    if !queries::insert_attachment(&mut tx, new).await? {
        return Err(AppError::NotFound);
    }
    Ok(tx.commit().await?)
}

/// Stores the bytes and, of a picture, a small one. A picture that cannot be read is a file like any other.
async fn store(
    app: &App,
    recognised: &Recognised,
    key: &Key,
    source: impl AsyncRead + Unpin + Send,
) -> Result<(Stored, Option<Thumbnail>), StorageError> {
    let stored = app.storage.put(key, source, FILE_BYTES).await?;
    if !recognised.is_picture() {
        return Ok((stored, None));
    }
    // Its turn first, then its bytes: no more pictures are in memory than are made small.
    let turn = image::turn().await;
    let bytes = app.storage.read(key, FILE_BYTES).await?;
    let Ok(small) = image::small(turn, bytes, SMALL).await else { return Ok((stored, None)) };
    let small_key = Key::of(&["chat", "small", key.as_str().rsplit('/').next().unwrap_or_default()]);
    app.storage.put(&small_key, &small.jpeg[..], FILE_BYTES).await?;
    let (width, height) = (i64::from(small.width), i64::from(small.height));
    Ok((stored, Some(Thumbnail { key: small_key.to_string(), width, height })))
}

/// What the person reads when a file was not stored.
fn unstored(error: StorageError) -> AppError {
    match error {
        StorageError::TooLarge(_) => refused("chat.error.file_size"),
        StorageError::Source(cause) => {
            let cause = cause.downcast::<MultipartError>().map_err(|other| AppError::BadRequest(other.to_string()));
            cause.map_or_else(|other| other, broken)
        }
        other => other.into(),
    }
}

/// A form that broke off, or was longer than [`BODY_BYTES`].
fn broken(error: MultipartError) -> AppError {
    const _: () = assert!(BODY_BYTES > FILES * FILE_BYTES as usize, "the text has room beside the files");
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return refused("chat.error.file_size");
    }
    AppError::BadRequest(error.body_text())
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
    Path(id): Path<AttachmentId>,
    Form(form): Form<RemoveForm>,
) -> AppResult<Response> {
    let row = queries::withdraw_attachment(&app.db, user.id, id).await?;
    housekeeping::delete(&app.storage, &row).await?;
    queries::delete_attachment(&app.db, id).await?;
    if kind != Kind::Plain {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if let Some(body) = form.body {
        draft::keep(&app, user.id, row.conversation_id, &body).await?;
    }
    Ok(redirect(kind, &paths::conversation(&row.conversation_id.to_string())))
}
