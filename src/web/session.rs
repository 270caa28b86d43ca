//! Puts the person behind the cookie, and how pages look to them, into the request.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tower_sessions::Session;
use views::{
    layout::{Density, Look, Theme},
    paths,
    text::Locale,
};

use super::{Kind, redirect};
use crate::{app::App, auth, error::AppError};

/// The cookie of a browser where nobody is signed in: `es.dark.compact`.
pub const LOOK_COOKIE: &str = "look";
/// Where a person whose password was given by somebody else may go.
const BEFORE_CHANGE: [&str; 5] = [paths::SECURITY, paths::PASSWORD, paths::LOOK, paths::SIGN_OUT, paths::ME_CSS];
/// Where nobody's live connection learns why it ends.
const LIVE: [&str; 3] = [paths::LIVE, paths::LIVE_SSE, paths::LIVE_POLL];
/// Where a person whose role needs a second factor may go without one.
const BEFORE_FACTOR: [&str; 4] = [paths::TWO_FACTOR, paths::RECOVERY_CODES, paths::LOOK, paths::SIGN_OUT];

/// Language, theme and density of whoever asks.
#[derive(Clone, Copy, Debug)]
pub struct Sight(pub Look);

impl<S: Sync> FromRequestParts<S> for Sight {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_else(|| Self(look_of(&parts.headers))))
    }
}

/// Reads the session once; a handler finds `CurrentUser` or nobody.
pub async fn layer(State(app): State<App>, session: Session, mut request: Request, next: Next) -> Response {
    let user = match auth::session::current(&app.db, &session, app.clock.now()).await {
        Ok(user) => user,
        Err(error) => return error.into_response(),
    };
    let look = user.as_ref().map_or_else(|| look_of(request.headers()), |u| u.look);
    request.extensions_mut().insert(Sight(look));
    if let Some(user) = user {
        let path = request.uri().path();
        if (user.must_enrol || user.must_change_password) && LIVE.contains(&path) {
            // Nobody for the live connection: it is accepted and ended as revoked.
            return next.run(request).await;
        }
        if user.must_enrol && !BEFORE_FACTOR.contains(&path) {
            return redirect(Kind::of(request.headers()), paths::TWO_FACTOR);
        }
        if !user.must_enrol && user.must_change_password && !BEFORE_CHANGE.contains(&path) {
            return redirect(Kind::of(request.headers()), paths::SECURITY);
        }
        request.extensions_mut().insert(user);
    }
    next.run(request).await
}

/// From the cookie; without it the browser's first language.
fn look_of(headers: &HeaderMap) -> Look {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let cookie = cookies.flat_map(|c| c.split(';')).find_map(|c| c.trim().strip_prefix("look="));
    if let Some(cookie) = cookie {
        let mut parts = cookie.split('.');
        let mut next = || parts.next().unwrap_or_default();
        return Look {
            locale: Locale::from_code(next()).unwrap_or_default(),
            theme: Theme::from_code(next()).unwrap_or_default(),
            density: Density::from_code(next()).unwrap_or_default(),
        };
    }
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let locale = Locale::from_code(languages.get(..2).unwrap_or_default()).unwrap_or_default();
    Look { locale, ..Look::default() }
}

/// Refuses nobody: for handlers that work with and without a person.
pub struct Anyone(pub Option<auth::CurrentUser>);

impl<S: Sync> FromRequestParts<S> for Anyone {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        Ok(Self(parts.extensions.get::<auth::CurrentUser>().cloned()))
    }
}
