//! Files of a form: taken part by part, told by their content, stored as they come, never whole in memory.

use axum::{
    extract::{FromRequest as _, Multipart, Request, multipart::Field, multipart::MultipartError},
    http::StatusCode,
};
use chrono::Duration;
use futures_util::TryStreamExt as _;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio_util::io::StreamReader;

use super::{
    kind::{self, Recognised, Refusal},
    policy::Policy,
    queries::{self, StoredFile, Thumbnail},
    waiting::Waiting,
};
use crate::{
    app::App,
    error::{AppError, AppResult, FieldErrors},
    ids::FileId,
    pace::{self, Pace},
    storage::{
        Key, StorageError, Stored,
        image::{self, Shape},
    },
};

/// Bytes that are kept of each text beside the files; the rest is read and forgotten.
const TEXT_BYTES: usize = 32 * 1024;
/// Texts that are kept; further ones are read and forgotten.
const TEXTS: usize = 20;
/// After this a file that did not come is not coming.
const LONGEST_UPLOAD: Duration = Duration::minutes(10);
/// Box of a small picture, in pixels: twice what screens show, for dense displays.
const SMALL: Shape = Shape::Within(640, 480);

/// What came of a form with files.
#[derive(Debug)]
pub struct Taken {
    /// The files, or why one was refused; those before it wait all the same.
    pub files: AppResult<Vec<StoredFile>>,
    /// What was typed beside them: all of it, or what stood before the file that was refused.
    pub typed: Typed,
}

/// Texts of a form, by the names of its fields.
#[derive(Debug, Default)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// The text of a field; nothing without it.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text)
    }

    async fn keep(&mut self, mut field: Field<'_>) -> Result<(), MultipartError> {
        let name = field.name().unwrap_or_default().to_owned();
        let most = if self.0.len() < TEXTS { TEXT_BYTES } else { 0 };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await? {
            bytes.extend_from_slice(&chunk[..chunk.len().min(most - bytes.len())]);
        }
        if most > 0 {
            // The cut may be within a character.
            let text = String::from_utf8_lossy(&bytes).trim_end_matches(char::REPLACEMENT_CHARACTER).to_owned();
            self.0.push((name, text));
        }
        Ok(())
    }
}

/// Takes the files of a form: from here on they wait. Who may bring them is the caller's to know. In [`Taken::files`]: 422
/// for what the policy does not allow, 429 above 200 MB an hour, 503 when it cannot be stored.
///
/// # Errors
/// 400 for what is no form with files.
pub async fn take(app: &App, waiting: &Waiting, request: Request) -> AppResult<Taken> {
    let form = Multipart::from_request(request, &()).await.map_err(|e| AppError::BadRequest(e.body_text()))?;
    let mut typed = Typed::default();
    let files = take_all(app, waiting, form, &mut typed).await;
    Ok(Taken { files, typed })
}

async fn take_all(app: &App, w: &Waiting, mut form: Multipart, typed: &mut Typed) -> AppResult<Vec<StoredFile>> {
    let mut taken = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| broken(w.policy, &error))? {
        match field.file_name() {
            None => typed.keep(field).await.map_err(|error| broken(w.policy, &error))?,
            // A field in which nothing was chosen.
            Some("") => {}
            Some(_) if taken.len() == w.policy.files => return Err(refused(w.policy.texts.count)),
            Some(_) => taken.push(take_one(app, w, field).await?),
        }
    }
    Ok(taken)
}

async fn take_one(app: &App, w: &Waiting, field: Field<'_>) -> AppResult<StoredFile> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut source = StreamReader::new(field.map_err(std::io::Error::other));
    let mut head = Vec::with_capacity(kind::HEAD_BYTES);
    let read = (&mut source).take(kind::HEAD_BYTES as u64).read_to_end(&mut head).await;
    read.map_err(|error| unstored(w.policy, StorageError::Source(error)))?;
    let recognised = kind::recognise(w.policy.kinds, &name, &head).map_err(|refusal| unfit(w.policy, refusal))?;
    let (id, key) = announce(app, w, &recognised).await?;
    match store(app, w.policy, &recognised, &key, head.chain(source)).await {
        Ok((stored, thumbnail)) => {
            let (mut tx, now) = (app.db.begin().await?, app.clock.now());
            pace::add(&mut tx, w.person, Pace::Upload, stored.size_bytes, now).await?;
            let file = queries::finish_file(&mut tx, id, &stored, thumbnail.as_ref(), now).await?;
            tx.commit().await?;
            Ok(file)
        }
        Err(error) => {
            // Nothing is left of it; where the storage cannot even delete, housekeeping tries again.
            if app.storage.delete(&key).await.is_ok() {
                queries::delete_file(&app.db, id).await?;
            }
            Err(unstored(w.policy, error))
        }
    }
}

/// Writes down that a file comes, within what a person may have waiting and bring in an hour. A file that is still coming
/// counts as large as one can be; who brings many at once takes turns here.
async fn announce(app: &App, w: &Waiting, recognised: &Recognised) -> AppResult<(FileId, Key)> {
    let (id, now) = (FileId::new(), app.clock.now());
    let key = Key::of(&[w.policy.purpose.code(), &w.place.to_string(), &id.to_string()]);
    let mut tx = app.db.begin().await?;
    let brought = pace::lock(&mut tx, w.person, Pace::Upload, now).await?;
    let (waiting, coming) = queries::count_waiting(&mut tx, w, now - LONGEST_UPLOAD).await?;
    if waiting >= w.most() {
        return Err(refused(w.policy.texts.count));
    }
    Pace::Upload.check(brought + coming * w.policy.file_bytes as i64 + 1)?;
    queries::insert_file(&mut tx, w, (id, &key), recognised, now).await?;
    tx.commit().await?;
    Ok((id, key))
}

/// Stores the bytes and, of a picture, a small one. A picture that cannot be read is a file like any other.
async fn store(
    app: &App,
    policy: &Policy,
    recognised: &Recognised,
    key: &Key,
    source: impl AsyncRead + Unpin + Send,
) -> Result<(Stored, Option<Thumbnail>), StorageError> {
    let stored = app.storage.put(key, source, policy.file_bytes).await?;
    if !recognised.is_picture() {
        return Ok((stored, None));
    }
    // Its turn first, then its bytes: no more pictures are in memory than are made small.
    let turn = image::turn().await;
    let bytes = app.storage.read(key, policy.file_bytes).await?;
    let Ok(small) = image::small(turn, bytes, SMALL).await else { return Ok((stored, None)) };
    let name = key.as_str().rsplit('/').next().unwrap_or_default();
    let small_key = Key::of(&[policy.purpose.code(), "small", name]);
    app.storage.put(&small_key, &small.jpeg[..], policy.file_bytes).await?;
    let (width, height) = (i64::from(small.width), i64::from(small.height));
    Ok((stored, Some(Thumbnail { key: small_key.to_string(), width, height })))
}

fn refused(key: &'static str) -> AppError {
    AppError::Invalid(FieldErrors::one("file", key))
}

/// What the person reads when a file is none that may be brought.
fn unfit(policy: &Policy, refusal: Refusal) -> AppError {
    refused(match refusal {
        Refusal::Empty => "file.error.empty",
        Refusal::Type => policy.texts.kind,
    })
}

/// What the person reads when a file was not stored.
fn unstored(policy: &Policy, error: StorageError) -> AppError {
    match error {
        StorageError::TooLarge(_) => refused(policy.texts.size),
        StorageError::Source(cause) => match cause.downcast::<MultipartError>() {
            Ok(cause) => broken(policy, &cause),
            Err(other) => AppError::BadRequest(other.to_string()),
        },
        other => other.into(),
    }
}

/// A form that broke off, or was longer than its route takes.
fn broken(policy: &Policy, error: &MultipartError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return refused(policy.texts.size);
    }
    AppError::BadRequest(error.body_text())
}
