//! The rule against cross-site requests: a write or a live connection comes from our own pages. No tokens.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use views::paths;

use crate::{app::App, error::AppError};

/// Live connections that a browser opens by a plain GET: without a sign of where they come from when it is an old one.
const STREAMS: [&str; 2] = [paths::LIVE_SSE, paths::LIVE_POLL];

/// Refuses writes, sockets and streams that another site's page makes: 403.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let is_socket = headers.contains_key(header::SEC_WEBSOCKET_KEY);
    let is_told = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    let is_stream = is_told && STREAMS.contains(&request.uri().path());
    if (is_read && !is_socket && !is_stream) || is_same_origin(headers, app.config.public_host()) {
        return next.run(request).await;
    }
    AppError::Forbidden.into_response()
}

/// `Sec-Fetch-Site: same-origin`; without that header the Origin's host is ours. Neither: no.
fn is_same_origin(headers: &HeaderMap, public_host: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text("origin").and_then(|o| o.parse::<Uri>().ok()) else { return false };
    let Some(host) = origin.authority().map(|a| a.as_str()) else { return false };
    host == public_host || Some(host) == text("host")
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = &'static [(&'static str, &'static str)];

    #[test]
    fn only_our_own_pages_write() {
        let ours = "crea.example";
        let cases: [(Pairs, bool, &str); 7] = [
            (&[("sec-fetch-site", "same-origin")], true, "a modern browser"),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://crea.example")], false, "a sibling domain"),
            (&[("sec-fetch-site", "cross-site")], false, "another site"),
            (&[("origin", "https://crea.example")], true, "an older browser"),
            (&[("origin", "https://evil.example"), ("host", "crea.example")], false, "another site, older browser"),
            (&[("origin", "http://127.0.0.1:9"), ("host", "127.0.0.1:9")], true, "reached by address"),
            (&[], false, "no sign of a page"),
        ];
        for (pairs, expected, why) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().expect("header"));
            }
            assert_eq!(is_same_origin(&headers, ours), expected, "{why}");
        }
    }
}
