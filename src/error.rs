//! The one error that handlers answer with, and what becomes of it.
//!
//! A response carries its error as an extension: `web::errors` logs it once and draws it for the person who asked.

use std::sync::Arc;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// What handlers return.
pub type AppResult<T> = Result<T, AppError>;

/// Key of a text in the translation files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextKey(pub &'static str);

/// What is wrong with a form: field name and text key, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(pub Vec<(&'static str, &'static str)>);

impl FieldErrors {
    /// One field, one problem.
    pub fn one(field: &'static str, key: &'static str) -> Self {
        Self(vec![(field, key)])
    }

    /// Adds a problem.
    pub fn add(&mut self, field: &'static str, key: &'static str) {
        self.0.push((field, key));
    }

    /// Owned pairs, as views take them.
    pub fn to_view(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(field, key)| ((*field).to_owned(), (*key).to_owned())).collect()
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with all of it.
    pub fn check(self) -> AppResult<()> {
        if self.0.is_empty() { Ok(()) } else { Err(AppError::Invalid(self)) }
    }
}

/// Everything that can go wrong, as the person sees it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppError {
    /// 400: not a request that our pages make.
    #[error("bad request: {0}")]
    BadRequest(String),
    /// 401: nobody is signed in, or the session ended.
    #[error("not signed in")]
    Unauthenticated,
    /// 403: a capability or module that the person does not have.
    #[error("forbidden")]
    Forbidden,
    /// 404: not there, or not for this person: existence is information.
    #[error("not found")]
    NotFound,
    /// 409: somebody or something was faster.
    #[error("conflict: {}", .0.0)]
    Conflict(TextKey),
    /// 413: more than a form of ours holds.
    #[error("too large")]
    TooLarge,
    /// 422: what was typed cannot be taken.
    #[error("invalid: {0:?}")]
    Invalid(FieldErrors),
    /// 429: too many in a row.
    #[error("too many requests")]
    TooMany {
        /// Seconds after which it may be tried again.
        retry_after_s: i64,
        /// What to tell the person.
        text: TextKey,
    },
    /// 503: a part that we need is not there right now.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// 503: the same, where it can be said which part and what to do.
    #[error("down: {cause}")]
    Down {
        /// For the log.
        cause: String,
        /// What to tell the person.
        text: TextKey,
    },
    /// 507: the disk or the database is full. Nothing was saved; reading goes on.
    #[error("no room: {0}")]
    Full(String),
    /// 500: our fault. People read a request id, never this text.
    #[error("internal: {0:#}")]
    Internal(Arc<anyhow::Error>),
}

impl AppError {
    /// The answer's status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) | Self::Down { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::TooMany { retry_after_s, .. } = &self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_s));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<anyhow::Error> for AppError {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<sqlx::Error>() {
            Ok(error) => error.into(),
            Err(error) => Self::Internal(Arc::new(error)),
        }
    }
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Self::Unavailable(error.to_string())
            }
            sqlx::Error::Database(ref cause) => match cause.code().as_deref().unwrap_or_default() {
                code if is_full(code) => Self::Full(error.to_string()),
                code if is_away(code) => Self::Unavailable(error.to_string()),
                _ => Self::Internal(Arc::new(error.into())),
            },
            other => Self::Internal(Arc::new(other.into())),
        }
    }
}

/// SQLite's "database or disk is full"; PostgreSQL's class "insufficient resources" for disk and memory.
fn is_full(code: &str) -> bool {
    matches!(code, "13" | "53100" | "53200")
}

/// PostgreSQL ends the session, starts, stops, has no connection left, or waited too long for a lock or a statement;
/// SQLite was busy all the while. The same again may succeed.
fn is_away(code: &str) -> bool {
    code.len() == 5 && code.starts_with("08")
        || matches!(code, "57P01" | "57P02" | "57P03" | "57P05" | "57014" | "53300" | "55P03" | "25P03" | "5")
}
