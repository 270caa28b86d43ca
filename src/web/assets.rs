//! Static files: embedded, content-hashed names, compressed before they are asked for, cached for good.

use std::{collections::HashMap, io::Write as _, sync::OnceLock};

use axum::{
    body::{Body, Bytes},
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use flate2::{Compression, write::GzEncoder};
use views::assets::{ASSETS, Asset};

use crate::error::AppError;

const FOREVER: &str = "public, max-age=31536000, immutable";
/// brotli: the next grades save a percent or two and take 8 to 32 MiB, which the process then keeps.
const QUALITY: i32 = 6;
/// How far back it looks, as a power of two: as far as our files are long.
const WINDOW: i32 = 18;

/// Own files, compressed at start; vendored ones bring their compressed forms along.
static COMPRESSED: OnceLock<HashMap<&'static str, Packed>> = OnceLock::new();

struct Packed {
    br: Vec<u8>,
    gz: Vec<u8>,
}

/// Compresses our own files; until it is done they are sent as they are. Takes a moment of one core: run it off the
/// request threads.
pub fn compress() {
    COMPRESSED.get_or_init(|| {
        let own = ASSETS.iter().filter(|a| a.br.is_none() && is_text(a.content_type));
        own.map(|asset| (asset.url, Packed { br: brotli(asset.bytes), gz: gzip(asset.bytes) })).collect()
    });
}

/// `GET /assets/{name}`.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let url = format!("/assets/{name}");
    let Some(asset) = ASSETS.iter().find(|a| a.url == url) else { return AppError::NotFound.into_response() };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (encoding, bytes) = encoded(asset, accepts);
    let mut response = (
        StatusCode::OK,
        [
            (header::CONTENT_TYPE, asset.content_type),
            (header::CACHE_CONTROL, FOREVER),
            (header::VARY, "accept-encoding"),
        ],
        Body::from(Bytes::from_static(bytes)),
    )
        .into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    response
}

fn encoded(asset: &'static Asset, accepts: &str) -> (Option<&'static str>, &'static [u8]) {
    let own = COMPRESSED.get().and_then(|c| c.get(asset.url));
    let br = asset.br.or(own.map(|p| &p.br[..]));
    let gz = asset.gz.or(own.map(|p| &p.gz[..]));
    let takes = |name: &str| accepts.split(',').any(|part| part.split(';').next().unwrap_or_default().trim() == name);
    match (br, gz) {
        (Some(bytes), _) if takes("br") => (Some("br"), bytes),
        (_, Some(bytes)) if takes("gzip") => (Some("gzip"), bytes),
        _ => (None, asset.bytes),
    }
}

fn is_text(content_type: &str) -> bool {
    content_type.starts_with("text/") || content_type.contains("javascript") || content_type.contains("svg")
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: QUALITY, lgwin: WINDOW, ..Default::default() };
    // Writing to memory does not fail.
    let _ = brotli::BrotliCompress(&mut &*bytes, &mut out, &params);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
