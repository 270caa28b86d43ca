//! Files as people bring them: through the upload route.

use std::io::Cursor;

use axum::{
    body::Body,
    http::{Method, Request},
};
use image::{DynamicImage, ImageFormat, RgbImage};

use super::{Answer, Client};

const BOUNDARY: &str = "crea-test-boundary";

/// A picture of one colour, as PNG.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, image::Rgb([15, 118, 110])));
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The smallest text that every reader takes for a PDF.
pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// A form with files, as browsers write it.
fn form(body: Option<&str>, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(body) = body {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"body\"\r\n\r\n{body}\r\n");
        bytes.extend(head.into_bytes());
    }
    for (name, content) in files {
        let name = name.replace('"', "%22");
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: image/png\r\n\r\n"
        );
        bytes.extend(head.into_bytes());
        bytes.extend_from_slice(content);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    bytes
}

/// What a browser posts that brings files, typed text beside them.
pub fn request(body: Option<&str>, files: &[(&str, &[u8])]) -> Request<Body> {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    Request::post("/").header("content-type", kind).body(Body::from(form(body, files))).unwrap()
}

/// Brings one file, as the composer's script does.
pub async fn bring(browser: &Client, conversation: &str, name: &str, content: &[u8]) -> Answer {
    let headers = [("hx-request", "true"), ("hx-request-type", "partial")];
    post(browser, conversation, &headers, form(None, &[(name, content)])).await
}

/// The same to any address.
pub async fn bring_to(browser: &Client, path: &str, name: &str, content: &[u8]) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [
        ("hx-request", "true"),
        ("hx-request-type", "partial"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", kind.as_str()),
    ];
    browser.send_bytes(Method::POST, path, &headers, form(None, &[(name, content)])).await
}

/// The same with a plain form, the typed text beside the file.
pub async fn bring_plain_to(browser: &Client, path: &str, body: &str, name: &str, content: &[u8]) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", kind.as_str())];
    browser.send_bytes(Method::POST, path, &headers, form(Some(body), &[(name, content)])).await
}

/// Brings files with the plain form, the typed text beside them.
pub async fn bring_plain(browser: &Client, conversation: &str, body: &str, files: &[(&str, &[u8])]) -> Answer {
    post(browser, conversation, &[], form(Some(body), files)).await
}

/// Sends a form with one file to any address, as browsers do; `content` of no bytes is a form without a choice.
pub async fn submit(browser: &Client, path: &str, field: &str, content: &[u8]) -> Answer {
    let mut bytes = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"yo.png\"\r\n\
         content-type: image/png\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(content);
    bytes.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", kind.as_str())];
    browser.send_bytes(Method::POST, path, &headers, bytes).await
}

async fn post(browser: &Client, conversation: &str, headers: &[(&str, &str)], bytes: Vec<u8>) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let mut headers = headers.to_vec();
    headers.extend([("sec-fetch-site", "same-origin"), ("content-type", kind.as_str())]);
    browser.send_bytes(Method::POST, &format!("/chat/{conversation}/files"), &headers, bytes).await
}

/// The id of the file that an answer shows, waiting to be sent.
pub fn id_of(answer: &Answer) -> String {
    let mut ids = answer.attrs("[data-file]", "data-file");
    assert_eq!(ids.len(), 1, "{} {}", answer.status, answer.text);
    ids.remove(0)
}

/// Sends a message with files.
pub async fn send(browser: &Client, conversation: &str, body: &str, files: &str) -> Answer {
    let id = uuid::Uuid::now_v7().to_string();
    let form = [("id", &*id), ("body", body), ("files", files)];
    browser.post_htmx(&format!("/chat/{conversation}/messages"), &form).await
}
