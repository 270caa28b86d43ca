//! Language, theme and density: of the person, and of this browser.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    account,
    layout::{Density, Look, Nav, Theme},
    text::{Locale, t},
};

use super::queries;
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::AppResult,
    web::{
        Form, Kind, Page,
        errors::safe_next,
        redirect,
        session::{Anyone, LOOK_COOKIE, Sight},
    },
};

/// A change of language, theme or density; what is absent stays.
#[derive(Debug, Deserialize)]
pub struct LookForm {
    #[serde(default)]
    locale: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    density: String,
    #[serde(default)]
    next: String,
}

/// The page that changes the look.
pub async fn show_look(user: CurrentUser, Cursor(seq): Cursor) -> Page {
    let l = user.look.locale;
    Page::new(Nav::Account, t(l, "account.title"), seq, account::look(l, user.look))
}

/// Sets language, theme and density: of the person, and of this browser for when nobody is signed in.
pub async fn change_look(
    State(app): State<App>,
    kind: Kind,
    Anyone(user): Anyone,
    Sight(old): Sight,
    Form(form): Form<LookForm>,
) -> AppResult<Response> {
    let look = Look {
        locale: Locale::from_code(&form.locale).unwrap_or(old.locale),
        theme: Theme::from_code(&form.theme).unwrap_or(old.theme),
        density: Density::from_code(&form.density).unwrap_or(old.density),
    };
    if let Some(user) = &user {
        let mut tx = app.live.begin().await?;
        queries::set_look(&mut tx, user.id, look, app.clock.now()).await?;
        app.live.commit(tx).await?;
    }
    let mut response = if kind.is_htmx() {
        (StatusCode::OK, [("hx-refresh", "true")]).into_response()
    } else {
        redirect(kind, safe_next(&form.next))
    };
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let cookie = format!(
        "{LOOK_COOKIE}={}.{}.{}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}",
        look.locale.code(),
        look.theme.code(),
        look.density.code()
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
