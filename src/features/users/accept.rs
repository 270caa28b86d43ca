//! The page behind an invitation's link: public, since the person has no password yet. Whoever opens it with a link
//! that is not valid learns nothing but that.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse as _, Response},
};
use serde::Deserialize;
use tower_sessions::Session;
use views::{
    layout::{Look, plain_page},
    paths,
    people::invitation::{self, AcceptView},
    text::t,
};

use super::queries::{self, UserDetail};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::{
        password,
        token::{self, Purpose},
    },
    error::{AppResult, FieldErrors},
    features::{access, people},
    web::{ClientIp, Form, Kind, Path, redirect, session::Sight},
};

/// A first password.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AcceptForm {
    password: String,
    password_again: String,
}

/// The form; 404 for a link that is not valid.
pub async fn show_invitation(
    State(app): State<App>,
    Sight(look): Sight,
    Path(token): Path<String>,
) -> AppResult<Response> {
    Ok(match invited(&app, &token).await? {
        Some(user) => page(look, StatusCode::OK, &token, &user, FieldErrors::default()),
        None => over(look),
    })
}

/// Sets the password, opens the account and signs in; by the form of signing in, when the account has a second factor.
/// Of two at once, one does.
#[allow(clippy::too_many_arguments, reason = "extractors, read aloud as a list")]
pub async fn accept(
    State(app): State<App>,
    kind: Kind,
    session: Session,
    ClientIp(ip): ClientIp,
    Sight(look): Sight,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(form): Form<AcceptForm>,
) -> AppResult<Response> {
    let Some(user) = invited(&app, &token).await? else { return Ok(over(look)) };
    let errors = refuse(&form, &user);
    if !errors.0.is_empty() {
        return Ok(page(look, StatusCode::UNPROCESSABLE_ENTITY, &token, &user, errors));
    }
    let hash = password::hash(&form.password).await?;
    let (now, ip, id) = (app.clock.now(), ip.to_string(), user.person.id);
    let mut tx = app.live.begin().await?;
    if token::redeem(&mut tx, Purpose::Invitation, &token, now).await?.is_none() {
        return Ok(over(look));
    }
    people::set_password(&mut tx, id, &hash, false, now).await?;
    queries::set_state(&mut tx, id, true, now).await?;
    people::colleague_changed(&mut tx, id).await?;
    let entry = Entry::new(Some(id), &ip, "user.invitation_accepted", "app_user", id.0);
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await?;
    if access::has_factor(&app.db, id).await? {
        return Ok(redirect(kind, paths::SIGN_IN));
    }
    access::start_session(&app, &session, id, &ip, &headers).await?;
    Ok(redirect(kind, paths::HOME))
}

/// Whose valid link it is, while they still wait.
async fn invited(app: &App, token: &str) -> AppResult<Option<UserDetail>> {
    let Some(link) = token::peek(&app.db, Purpose::Invitation, token, app.clock.now()).await? else { return Ok(None) };
    let user = queries::find_user(&app.db, link.user_id).await?;
    Ok(Some(user).filter(UserDetail::is_awaited))
}

fn refuse(form: &AcceptForm, user: &UserDetail) -> FieldErrors {
    let about =
        [&*user.email, user.document.as_deref().unwrap_or_default(), &*user.person.first_name, &*user.person.last_name];
    let mut errors = FieldErrors::default();
    if let Some(key) = password::refuse(&form.password, &about) {
        errors.add("password", key);
    }
    if form.password != form.password_again {
        errors.add("password_again", "password.mismatch");
    }
    errors
}

fn page(look: Look, status: StatusCode, token: &str, user: &UserDetail, errors: FieldErrors) -> Response {
    let l = look.locale;
    let view = AcceptView {
        action: paths::invitation(token),
        name: user.person.first_name.clone(),
        email: user.email.clone(),
        errors: errors.to_view(),
    };
    let main = invitation::accept(l, &view);
    (status, Html(plain_page(&look, t(l, "invitation.button"), main).into_string())).into_response()
}

fn over(look: Look) -> Response {
    let l = look.locale;
    let main = invitation::over(l);
    (StatusCode::NOT_FOUND, Html(plain_page(&look, t(l, "invitation.over"), main).into_string())).into_response()
}
