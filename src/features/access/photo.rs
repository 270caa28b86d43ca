//! One's photo: a small square that stands beside one's name. One object a person, under a key that follows from the
//! account, so that no crash leaves one that nobody knows of; the account's row says whether it is shown, and which.

use axum::{
    extract::{Multipart, State, multipart::MultipartError, multipart::MultipartRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::json;
use views::paths;

use super::{profile, queries};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::CurrentUser,
    error::{AppError, AppResult, FieldErrors},
    features::people::people_changed,
    ids::UserId,
    storage::{
        Key,
        image::{ImageError, square},
    },
    web::{ClientIp, Kind, Path, Query, redirect},
};

/// Sides of the square in pixels: what lists show, for the densest displays.
pub const SIDE: u32 = 96;
/// Longest file that is taken.
const FILE_BYTES: usize = 10 * 1024 * 1024;
/// Longest body of an upload; more is refused beside the field.
pub const BODY_BYTES: usize = FILE_BYTES + 64 * 1024;
/// Longest object; a square of this size has a few thousand bytes.
const OBJECT_BYTES: u64 = 256 * 1024;
/// Another version is another address, so what was fetched stays right for ever.
const CACHE: &str = "private, max-age=31536000, immutable";

/// Where a person's photo is kept.
pub fn key(user: UserId) -> Key {
    Key::of(&["people", &user.to_string(), "photo"])
}

/// Takes a photo: its middle as a square, nothing of the camera's data. 422 beside the field for what is no picture.
/// Screens of others show it soon.
pub async fn upload(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    form: Result<Multipart, MultipartRejection>,
) -> AppResult<Response> {
    let form = form.map_err(|e| AppError::BadRequest(e.body_text()))?;
    let jpeg = match received(form).await {
        Ok(bytes) => square(bytes, SIDE).await.map_err(|error| refused(text_of(error))),
        Err(error) => Err(error),
    };
    let jpeg = match jpeg {
        Ok(jpeg) => jpeg,
        Err(AppError::Invalid(errors)) => return profile::page_again(&app, &user, seq, errors, String::new()).await,
        Err(other) => return Err(other),
    };
    // First the bytes: an address is given out only when there is something to fetch.
    app.storage.put(&key(user.id), &jpeg[..], OBJECT_BYTES).await?;
    let version = app.clock.now().timestamp_millis();
    set(&app, &user, version, ("profile.photo", &ip.to_string())).await?;
    Ok(redirect(kind, &format!("{}?saved=1", paths::ACCOUNT)))
}

/// Takes the photo away; initials stand in its place.
pub async fn remove(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
) -> AppResult<Response> {
    if user.photo_version > 0 {
        set(&app, &user, 0, ("profile.photo_removal", &ip.to_string())).await?;
        app.storage.delete(&key(user.id)).await?;
    }
    Ok(redirect(kind, &format!("{}?saved=1", paths::ACCOUNT)))
}

async fn set(app: &App, user: &CurrentUser, version: i64, (action, ip): (&'static str, &str)) -> AppResult<()> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    queries::set_photo_version(&mut tx, user.id, version, now).await?;
    people_changed(&mut tx, &[user.id]);
    let entry = Entry::new(Some(user.id), ip, action, "app_user", user.id.0);
    let facts = |version: i64| json!({ "has_photo": version > 0 });
    audit::record(&mut tx, entry.before(facts(user.photo_version)).after(facts(version)), now).await?;
    app.live.commit(tx).await?;
    Ok(())
}

/// The bytes of the form's one file.
async fn received(mut form: Multipart) -> AppResult<Vec<u8>> {
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("photo") {
            continue;
        }
        let bytes = field.bytes().await.map_err(broken)?;
        return match bytes.len() {
            0 => Err(refused("photo.error.missing")),
            length if length > FILE_BYTES => Err(refused("photo.error.size")),
            _ => Ok(bytes.to_vec()),
        };
    }
    Err(refused("photo.error.missing"))
}

fn refused(key: &'static str) -> AppError {
    AppError::Invalid(FieldErrors::one("photo", key))
}

fn text_of(error: ImageError) -> &'static str {
    match error {
        ImageError::Unreadable => "photo.error.type",
        ImageError::TooLarge => "photo.error.pixels",
    }
}

/// A form that broke off, or was longer than [`BODY_BYTES`].
fn broken(error: MultipartError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return refused("photo.error.size");
    }
    AppError::BadRequest(error.body_text())
}

/// Which version the address names.
#[derive(Debug, Deserialize)]
pub struct PhotoQuery {
    #[serde(default)]
    v: String,
}

/// A person's photo, for everybody who is signed in: faces stand beside names on every screen. 404 without one.
pub async fn show_photo(
    State(app): State<App>,
    Path(id): Path<UserId>,
    Query(query): Query<PhotoQuery>,
) -> AppResult<Response> {
    let version = queries::photo_version(&app.db, id).await?;
    if version == 0 {
        return Err(AppError::NotFound);
    }
    let jpeg = app.storage.read(&key(id), OBJECT_BYTES).await?;
    let mut response = ([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response();
    // What an address of another time asks for is shown, but not kept under that address.
    if query.v == version.to_string() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    }
    Ok(response)
}
