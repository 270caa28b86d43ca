//! What kind of answer a request wants.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

/// Full page or fragment, by `HX-Request-Type`; a history restore and a plain request are full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No htmx: links and forms.
    Plain,
    /// htmx wants the page and selects its part.
    Full,
    /// htmx wants the fragment alone.
    Partial,
}

impl Kind {
    /// Reads it from a request's headers.
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get("hx-request-type").and_then(|v| v.to_str().ok()) {
            Some("partial") => Self::Partial,
            Some(_) => Self::Full,
            None => Self::Plain,
        }
    }

    /// Whether htmx sent it.
    pub fn is_htmx(self) -> bool {
        self != Self::Plain
    }
}

impl<S: Sync> FromRequestParts<S> for Kind {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}
