//! Handing out files: to whom their feature lets, and as nothing that a browser would run.

use std::{fmt::Write as _, ops::Range};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use tokio_util::io::ReaderStream;

use super::{key, queries::StoredFile};
use crate::{
    app::App,
    error::{AppError, AppResult},
    storage::{LINK_TTL, Shown},
};

/// A document that can do nothing: not even a picture that turns out to be a page runs, sends or is framed.
const CSP: &str = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";
/// The same for PDF. Browsers' own viewers, which are no part of our origin, do not open in a sandbox.
const PDF_CSP: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const PDF: &str = "application/pdf";
/// Asked for again each time, answered by 304: who may read it no longer reads no more.
const FILE_CACHE: &str = "private, no-cache";
/// A link is made for one click.
const NO_STORE: (header::HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
/// Small pictures stand in every page of a conversation: kept for a while, for this session alone (see `Vary`).
const SMALL_CACHE: &str = "private, max-age=600";

/// Hands out a file to who may read it, which the caller knows. Parts of it on demand, so that audio and video can be wound.
/// One that is opened or saved by a click comes from the store itself, where that gives links.
///
/// # Errors
/// 503 when the storage fails.
pub async fn serve(app: &App, file: &StoredFile, asked: &HeaderMap) -> AppResult<Response> {
    let served = Served {
        key: &file.object_key,
        content_type: &file.content_type,
        tag: format!("\"{}\"", file.sha256),
        cache: FILE_CACHE,
        disposition: disposition(&file.content_type, &file.name),
    };
    let is_opened = asked.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    if is_opened && let Some(link) = served.link(app).await? {
        tracing::info!(file = %file.file_id, "a link to the store was made");
        return Ok(([(header::LOCATION, value(&link)), NO_STORE], StatusCode::SEE_OTHER).into_response());
    }
    served.answer(app, asked).await
}

/// Hands out the small picture of a file, under the same rules.
///
/// # Errors
/// 404 without one, 503 when the storage fails.
pub async fn serve_thumbnail(app: &App, file: &StoredFile, asked: &HeaderMap) -> AppResult<Response> {
    let served = Served {
        key: file.thumbnail_key.as_deref().ok_or(AppError::NotFound)?,
        content_type: "image/jpeg",
        tag: format!("\"{}-small\"", file.sha256),
        cache: SMALL_CACHE,
        disposition: "inline".to_owned(),
    };
    served.answer(app, asked).await
}

struct Served<'a> {
    key: &'a str,
    content_type: &'a str,
    tag: String,
    cache: &'static str,
    disposition: String,
}

impl Served<'_> {
    /// The store's own link, for a while, where browsers reach the store: what is opened or saved need not go through us.
    /// Pictures and sound within our pages do, as the pages' policy lets nothing else in.
    async fn link(&self, app: &App) -> AppResult<Option<String>> {
        let shown = Shown { content_type: self.content_type, disposition: &self.disposition };
        Ok(app.storage.signed_url(&key(self.key)?, shown, LINK_TTL, app.clock.now()).await?)
    }

    async fn answer(&self, app: &App, asked: &HeaderMap) -> AppResult<Response> {
        let is_known = asked.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == self.tag.as_bytes());
        if is_known {
            return Ok(self.with_headers(StatusCode::NOT_MODIFIED.into_response()));
        }
        let key = key(self.key)?;
        let size = app.storage.size(&key).await?;
        let range = match asked.get(header::RANGE).and_then(|v| v.to_str().ok()).map(|text| range_of(text, size)) {
            Some(Wanted::Part(range)) => Some(range),
            Some(Wanted::Beyond) => {
                let headers = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
                return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers, "").into_response());
            }
            Some(Wanted::Whole) | None => None,
        };
        let object = app.storage.get(&key, range.clone()).await?;
        let body = Body::from_stream(ReaderStream::new(object.reader));
        let length = range.as_ref().map_or(size, |r| r.end - r.start);
        let mut response = ([(header::CONTENT_LENGTH, length)], body).into_response();
        if let Some(Range { start, end }) = range {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let text = format!("bytes {start}-{}/{size}", end - 1);
            response.headers_mut().insert(header::CONTENT_RANGE, value(&text));
        }
        Ok(self.with_headers(response))
    }

    fn with_headers(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, value(self.content_type));
        headers.insert(header::CONTENT_DISPOSITION, value(&self.disposition));
        let csp = if self.content_type == PDF { PDF_CSP } else { CSP };
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(csp));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
        headers.insert(header::ETAG, value(&self.tag));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        response
    }
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// What a `Range` header asks for, of an object of `size` bytes.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    Beyond,
}

/// `bytes=5-9`, `bytes=5-`, `bytes=-5`. Several parts, or what is no range, is answered whole, as RFC 9110 allows.
fn range_of(text: &str, size: u64) -> Wanted {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|r| r.split_once('-')) else { return Wanted::Whole };
    let range = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..size,
        (Err(_), Ok(last)) if first.trim().is_empty() => size.saturating_sub(last)..size,
        _ => return Wanted::Whole,
    };
    if range.start >= range.end { Wanted::Beyond } else { Wanted::Part(range) }
}

/// Pictures, PDF, audio and video open in the browser; everything else is saved. The name in both forms of RFC 6266.
fn disposition(content_type: &str, name: &str) -> String {
    let is_shown = matches!(content_type, "image/jpeg" | "image/png" | "image/webp" | "image/gif" | PDF)
        || content_type.starts_with("audio/")
        || content_type.starts_with("video/");
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' })
        .filter(|c| !"\"\\".contains(*c))
        .collect();
    let mut text =
        format!("{}; filename=\"{plain}\"; filename*=UTF-8''", if is_shown { "inline" } else { "attachment" });
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_browsers_write_them() {
        for (text, expected) in [
            ("bytes=0-", Wanted::Part(0..100)),
            ("bytes=10-19", Wanted::Part(10..20)),
            ("bytes=90-400", Wanted::Part(90..100)),
            ("bytes=-10", Wanted::Part(90..100)),
            ("bytes=-400", Wanted::Part(0..100)),
            ("bytes=100-", Wanted::Beyond),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("bytes=9-5", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
        ] {
            assert_eq!(range_of(text, 100), expected, "{text}");
        }
    }

    #[test]
    fn a_name_reaches_every_browser_and_breaks_no_header() {
        assert_eq!(
            disposition("application/zip", "Año \"1\".zip"),
            "attachment; filename=\"A_o 1.zip\"; filename*=UTF-8''A%C3%B1o%20%221%22.zip"
        );
        assert!(disposition("image/png", "a.png").starts_with("inline; "));
        assert!(disposition(PDF, "a.pdf").starts_with("inline; "));
        assert!(disposition("image/tiff", "a.tif").starts_with("attachment; "), "browsers do not show it");
    }
}
