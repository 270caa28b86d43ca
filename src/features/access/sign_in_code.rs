//! The second step of a sign-in, for who has a second factor. The password was right; nobody is signed in yet.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use tower_sessions::Session;
use views::{
    layout::Look,
    paths,
    sign_in::{self as view, CodeView},
    text::t,
};

use super::{
    factor::{self, Accept, Outcome},
    gate, sign_in,
};
use crate::{
    app::App,
    auth::{
        session::{self, Held},
        throttle,
    },
    error::AppResult,
    features::people,
    web::{
        ClientIp, Form, Kind,
        errors::safe_next,
        redirect,
        session::{Anyone, Sight},
    },
};

/// The code that was typed.
#[derive(Deserialize)]
pub struct CodeForm {
    code: String,
}

/// The form; without a password before it, the sign-in.
pub async fn show_code(kind: Kind, session: Session, Anyone(user): Anyone, Sight(look): Sight) -> AppResult<Response> {
    if user.is_some() {
        return Ok(redirect(kind, paths::HOME));
    }
    if session::held(&session).await?.is_none() {
        return Ok(redirect(kind, paths::SIGN_IN));
    }
    Ok(page(look, StatusCode::OK, &CodeView::default()))
}

/// Signs in with the code. 422 when it is wrong or used, 429 when locked; to the beginning when the password has
/// changed or the account was closed meanwhile.
pub async fn check_code(
    State(app): State<App>,
    kind: Kind,
    session: Session,
    ClientIp(ip): ClientIp,
    Sight(look): Sight,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> AppResult<Response> {
    let Some(held) = session::held(&session).await? else {
        return Ok(redirect(kind, paths::SIGN_IN));
    };
    if !is_still_right(&app, &held).await? {
        session::sign_out(&session).await?;
        return Ok(redirect(kind, paths::SIGN_IN));
    }
    let ip = ip.to_string();
    match factor::prove(&app, held.user, &form.code, Accept::AppOrRecovery, &ip).await? {
        Outcome::Right => {
            sign_in::start(&app, &session, held.user, &ip, &headers).await?;
            Ok(redirect(kind, safe_next(&held.next)))
        }
        Outcome::Wrong => Ok(refused(look, StatusCode::UNPROCESSABLE_ENTITY, "sign_in.wrong_code", None)),
        Outcome::Locked => {
            let wait_s = throttle::WINDOW.num_seconds();
            let mut response = refused(look, StatusCode::TOO_MANY_REQUESTS, "sign_in.locked", Some(wait_s));
            response.headers_mut().insert(header::RETRY_AFTER, wait_s.into());
            Ok(response)
        }
    }
}

async fn is_still_right(app: &App, held: &Held) -> AppResult<bool> {
    let account = people::account_by_id(&app.db, held.user).await?;
    Ok(account.is_active && sign_in::password_mark(&account) == held.password)
}

fn refused(look: Look, status: StatusCode, key: &str, wait_s: Option<i64>) -> Response {
    page(look, status, &CodeView { error_key: Some(key.to_owned()), wait_s })
}

fn page(look: Look, status: StatusCode, v: &CodeView) -> Response {
    let l = look.locale;
    gate(look, status, t(l, "sign_in.code_title"), view::code(l, v)).into_response()
}
