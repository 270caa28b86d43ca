//! Around every request: its number, its log line, its statements, its time.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use uuid::Uuid;

use crate::{
    app::App,
    db::{barrier, statements},
    error::AppError,
};

/// Longest time that a request may take; more is 503.
const REQUEST: Duration = Duration::from_secs(30);
/// The same for one that brings files: ten megabytes over a poor line.
const UPLOAD: Duration = Duration::from_secs(300);

/// The number that a person reads on an error page and an operator finds in the log.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(Uuid);

impl RequestId {
    /// The last twelve digits: short enough to say aloud.
    pub fn text(&self) -> String {
        let id = self.0.simple().to_string();
        id[20..].to_owned()
    }
}

/// Numbers, times and logs a request. No personal data: the pattern of the path, never the path.
pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = RequestId(Uuid::new_v4());
    request.extensions_mut().insert(id);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |p| p.as_str().to_owned());
    let started = Instant::now();
    let (mut response, count) = statements::counted(next.run(request)).await;
    let ms = started.elapsed().as_millis();
    let status = response.status();
    let number = id.text();
    response.extensions().get().into_iter().for_each(|error| app.note(error));
    match response.extensions().get::<AppError>() {
        Some(error) if status.is_server_error() => {
            tracing::error!(request = number, %method, route, status = status.as_u16(), ms, %error, "request failed");
        }
        Some(error) => {
            tracing::info!(request = number, %method, route, status = status.as_u16(), ms, %error, "request refused");
        }
        None => {
            let statements = count.0;
            tracing::debug!(request = number, %method, route, status = status.as_u16(), ms, statements, "request");
        }
    }
    let labels = [("route", route), ("status", status.as_u16().to_string())];
    metrics::histogram!("crea_request_seconds", &labels).record(started.elapsed().as_secs_f64());
    response.extensions_mut().insert(count);
    if let Ok(value) = HeaderValue::from_str(&number) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Answers 503 to what takes too long, and to what was decided by writes that were lost.
pub async fn patience(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let most = if kind.starts_with(b"multipart/form-data") { UPLOAD } else { REQUEST };
    match tokio::time::timeout(most, barrier::lasting(next.run(request))).await {
        Ok((response, true)) => response,
        Ok((_, false)) => AppError::Unavailable("it saw a write that was lost".to_owned()).into_response(),
        Err(_) => AppError::Unavailable(format!("took more than {} s", most.as_secs())).into_response(),
    }
}

/// What a panic in a handler becomes: a 500 page, and a log line that says where.
pub fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().cloned();
    let text = text.or_else(|| cause.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default();
    AppError::from(anyhow::anyhow!("panic: {text}")).into_response()
}
