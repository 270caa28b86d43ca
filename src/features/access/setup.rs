//! The first-run set-up: an empty database asks for its administrator. Afterwards there is no such page.
//!
//! Where others can reach the address, only who can read the server's terminal or log may be first: a code that is
//! printed there is asked for.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tower_sessions::Session;
use views::{
    layout::{Look, plain_page},
    paths,
    setup::{SetupView, panel},
    text::t,
};

use super::{model, queries, sign_in};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::{Role, password},
    error::{AppError, AppResult, FieldErrors},
    features::people::{self, NewUser},
    ids::UserId,
    web::{ClientIp, Form, Kind, Query, redirect, session::Sight},
};

/// The set-up form.
#[derive(Deserialize)]
pub struct SetupForm {
    first_name: String,
    last_name: String,
    email: String,
    password: String,
    password_again: String,
    #[serde(default)]
    code: String,
}

/// A link may carry the code.
#[derive(Debug, Default, Deserialize)]
pub struct SetupQuery {
    #[serde(default)]
    code: String,
}

/// The code that the set-up asks for: 80 bits in groups of five, the same on every instance, never stored. `None` when
/// only this machine can reach the address.
pub fn setup_code(app: &App) -> Option<String> {
    if app.config.is_local() {
        return None;
    }
    let digest = hex::encode(Sha256::digest(format!("setup\n{}", app.secret).as_bytes()));
    Some([&digest[..5], &digest[5..10], &digest[10..15], &digest[15..20]].join("-"))
}

/// Compares digests: how much of a guess is right does not show in the time that it takes.
fn is_code(expected: &str, typed: &str) -> bool {
    Sha256::digest(expected.as_bytes()) == Sha256::digest(typed.trim().to_lowercase().as_bytes())
}

impl SetupForm {
    fn errors(&self, code: Option<&str>) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if code.is_some_and(|code| !is_code(code, &self.code)) {
            errors.add("code", "setup.code.wrong");
        }
        let about = [&*self.email, &*self.first_name, &*self.last_name];
        let mismatch = (self.password != self.password_again).then_some("password.mismatch");
        for (field, refusal) in [
            ("first_name", model::refuse_name(&self.first_name)),
            ("last_name", model::refuse_name(&self.last_name)),
            ("email", model::refuse_email(&self.email)),
            ("password", password::refuse(&self.password, &about)),
            ("password_again", mismatch),
        ] {
            if let Some(key) = refusal {
                errors.add(field, key);
            }
        }
        errors
    }
}

/// The form; 404 once anybody has an account.
pub async fn show_setup(
    State(app): State<App>,
    Sight(look): Sight,
    Query(SetupQuery { code }): Query<SetupQuery>,
) -> AppResult<Response> {
    if people::has_users(&app.db).await? {
        return Err(AppError::NotFound);
    }
    Ok(page(look, StatusCode::OK, &SetupView { code: setup_code(&app).map(|_| code), ..SetupView::default() }))
}

/// Makes the first administrator and signs in. Of two at once the first wins; the other gets 404.
pub async fn set_up(
    State(app): State<App>,
    kind: Kind,
    session: Session,
    ClientIp(ip): ClientIp,
    Sight(look): Sight,
    headers: HeaderMap,
    Form(form): Form<SetupForm>,
) -> AppResult<Response> {
    if people::has_users(&app.db).await? {
        return Err(AppError::NotFound);
    }
    let code = setup_code(&app);
    let errors = form.errors(code.as_deref());
    if !errors.0.is_empty() {
        let SetupForm { first_name, last_name, email, .. } = form;
        let code = code.map(|_| form.code);
        let view = SetupView { first_name, last_name, email, code, errors: errors.to_view() };
        return Ok(page(look, StatusCode::UNPROCESSABLE_ENTITY, &view));
    }
    let user = NewUser {
        id: UserId::new(),
        email: form.email.trim().to_owned(),
        document: None,
        first_name: form.first_name.trim().to_owned(),
        last_name: form.last_name.trim().to_owned(),
        role: Role::Administrador,
        is_superuser: true,
        password_hash: password::hash(&form.password).await?,
        must_change_password: false,
    };
    let (now, ip) = (app.clock.now(), ip.to_string());
    let mut tx = app.live.begin().await?;
    if !queries::claim_setup(&mut tx, now).await? {
        return Err(AppError::NotFound);
    }
    people::insert_user(&mut tx, &user, now).await?;
    let entry = Entry::new(Some(user.id), &ip, "user.create", "app_user", user.id.0);
    audit::record(&mut tx, entry.after(json!({ "role": user.role.code(), "is_superuser": true })), now).await?;
    app.live.commit(tx).await?;
    sign_in::start(&app, &session, user.id, &ip, &headers).await?;
    Ok(redirect(kind, paths::HOME))
}

fn page(look: Look, status: StatusCode, view: &SetupView) -> Response {
    let l = look.locale;
    (status, Html(plain_page(&look, t(l, "setup.title"), panel(l, view)).into_string())).into_response()
}
