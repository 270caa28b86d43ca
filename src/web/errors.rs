//! Draws refusals and failures: a page, or a toast when htmx asked. Whoever reads it gets a request number and what to
//! do, never a driver's message.

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{Html, IntoResponse as _, Response},
};
use views::{
    error::{ErrorView, error_panel},
    layout::{Look, plain_page},
    live::{self, Tone},
    paths,
    text::t,
};

use super::{Kind, request::RequestId, session::Sight};
use crate::error::AppError;

/// Gives every bare error a body.
pub async fn layer(request: Request, next: Next) -> Response {
    let kind = Kind::of(request.headers());
    let look = request.extensions().get::<Sight>().map(|s| s.0).unwrap_or_default();
    let id = request.extensions().get::<RequestId>().map(RequestId::text).unwrap_or_default();
    let uri = request.uri().clone();
    let is_get = request.method().is_safe();
    let response = next.run(request).await;
    let status = response.status();
    let is_bare = !response.headers().contains_key(header::CONTENT_TYPE);
    if !(status.is_client_error() || status.is_server_error()) || !is_bare {
        return response;
    }
    if matches!(response.extensions().get::<AppError>(), Some(AppError::Unauthenticated)) {
        return to_sign_in(kind, &uri, is_get);
    }
    let body = match kind {
        Kind::Plain => page(look, status, id),
        Kind::Full | Kind::Partial => {
            let key = text_key(status, response.extensions().get::<AppError>());
            live::toast(look.locale, Tone::Danger, &format!("{} · {id}", t(look.locale, key))).into_string()
        }
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let mut drawn = (parts.status, Html(body)).into_response();
    for (name, value) in &parts.headers {
        if name != header::CONTENT_TYPE {
            drawn.headers_mut().insert(name, value.clone());
        }
    }
    if let Some(error) = parts.extensions.get::<AppError>() {
        drawn.extensions_mut().insert(error.clone());
    }
    drawn
}

fn to_sign_in(kind: Kind, uri: &Uri, is_get: bool) -> Response {
    let wanted = uri.path_and_query().map_or("/", |p| p.as_str());
    let url = if is_get && kind != Kind::Partial && wanted != paths::HOME {
        format!("{}?next={}", paths::SIGN_IN, encode(wanted))
    } else {
        paths::SIGN_IN.to_owned()
    };
    let value = HeaderValue::from_str(&url).unwrap_or(HeaderValue::from_static(paths::SIGN_IN));
    if kind.is_htmx() {
        return (StatusCode::UNAUTHORIZED, [("hx-redirect", value)], Html(String::new())).into_response();
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response()
}

fn page(look: Look, status: StatusCode, request_id: String) -> String {
    let (title_key, text_key) = keys(status);
    let view = ErrorView { status: status.as_u16(), title_key, text_key, request_id };
    plain_page(&look, t(look.locale, title_key), error_panel(look.locale, &view)).into_string()
}

fn text_key(status: StatusCode, error: Option<&AppError>) -> &'static str {
    match error {
        Some(AppError::Conflict(key) | AppError::TooMany { text: key, .. } | AppError::Down { text: key, .. }) => key.0,
        Some(AppError::Invalid(errors)) => errors.0.first().map_or("error.422.text", |(_, key)| key),
        _ => keys(status).1,
    }
}

fn keys(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        401 | 403 => ("error.403.title", "error.403.text"),
        404 => ("error.404.title", "error.404.text"),
        405 => ("error.405.title", "error.405.text"),
        409 => ("error.409.title", "error.409.text"),
        413 => ("error.413.title", "error.413.text"),
        422 => ("error.422.title", "error.422.text"),
        429 => ("error.429.title", "error.429.text"),
        507 => ("error.507.title", "error.507.text"),
        408 | 502..=504 => ("error.503.title", "error.503.text"),
        500.. => ("error.500.title", "error.500.text"),
        _ => ("error.400.title", "error.400.text"),
    }
}

/// Percent-encodes what a query value cannot hold.
fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
        out
    })
}

/// A page inside our own site, or home: nobody is sent elsewhere by a link to our sign-in.
pub fn safe_next(next: &str) -> &str {
    let is_local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r', '\t']);
    if is_local { next } else { paths::HOME }
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn sign_in_leads_nowhere_else() {
        assert_eq!(safe_next("/chat/1?x=2"), "/chat/1?x=2");
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "", "javascript:1", "/\t/evil"] {
            assert_eq!(safe_next(bad), "/", "{bad}");
        }
    }
}
