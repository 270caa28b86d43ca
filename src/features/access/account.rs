//! One's own account: password, look, sessions.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use tower_sessions::Session;
use views::{
    account::{AccountView, SessionRow, panel},
    layout::{Density, Look, Nav, Theme},
    paths,
    text::{Locale, t},
};

use super::{live, queries, sign_in};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{CurrentUser, password},
    error::{AppError, AppResult, FieldErrors},
    features::people,
    ids::SessionId,
    web::{
        ClientIp, Form, Kind, Page, Path, Query,
        errors::safe_next,
        redirect,
        session::{Anyone, LOOK_COOKIE},
    },
};

/// Whether a change was just made.
#[derive(Debug, Default, Deserialize)]
pub struct AccountQuery {
    #[serde(default)]
    saved: String,
}

/// A change of password.
#[derive(Deserialize)]
pub struct PasswordForm {
    current: String,
    password: String,
    password_again: String,
}

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

/// The account page.
pub async fn show_account(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Query(query): Query<AccountQuery>,
) -> AppResult<Page> {
    page(&app, &user, seq, FieldErrors::default(), query.saved == "1").await
}

async fn page(app: &App, user: &CurrentUser, seq: i64, errors: FieldErrors, saved: bool) -> AppResult<Page> {
    let l = user.look.locale;
    let sessions = queries::list_sessions(&app.db, user.id, app.clock.now()).await?;
    let view = AccountView {
        name: user.name(),
        email: user.email.clone(),
        role: user.role.code().to_owned(),
        campaigns: user.campaigns.iter().map(|c| c.name.clone()).collect(),
        look: user.look,
        must_change: user.must_change_password,
        errors: errors.to_view(),
        saved,
        sessions: sessions
            .into_iter()
            .map(|row| SessionRow {
                id: row.id.to_string(),
                ip: row.ip,
                agent: browser(&row.user_agent),
                created: people::local_time(l, row.created_at),
                seen: people::local_time(l, row.seen_at),
                current: row.id == user.session,
            })
            .collect(),
    };
    let status = if errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(Page::new(Nav::Account, t(l, "account.title"), seq, panel(l, &view)).status(status))
}

/// Changes the password; every other session of the person ends, this one goes on under a new token.
#[allow(clippy::too_many_arguments, reason = "extractors, read aloud as a list")]
pub async fn change_password(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    session: Session,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    Form(form): Form<PasswordForm>,
) -> AppResult<Response> {
    let account = people::account_by_id(&app.db, user.id).await?;
    let about =
        [&*account.email, account.document.as_deref().unwrap_or_default(), &*account.first_name, &*account.last_name];
    let mut errors = FieldErrors::default();
    if !password::verify(&form.current, Some(account.password_hash.clone())).await? {
        errors.add("current", "password.wrong_current");
    }
    if let Some(key) = password::refuse(&form.password, &about) {
        errors.add("password", key);
    }
    if form.password != form.password_again {
        errors.add("password_again", "password.mismatch");
    }
    if !errors.0.is_empty() {
        return Ok(page(&app, &user, seq, errors, false).await?.into_response());
    }
    let hash = password::hash(&form.password).await?;
    let (now, ip) = (app.clock.now(), ip.to_string());
    let mut tx = app.live.begin().await?;
    people::set_password(&mut tx, user.id, &hash, false, now).await?;
    queries::end_sessions(&mut tx, user.id, None, now).await?;
    audit::record(&mut tx, Entry::new(Some(user.id), &ip, "user.password", "app_user", user.id.0), now).await?;
    live::revoke_others(&mut tx, user.id, user.session);
    app.live.commit(tx).await?;
    sign_in::start(&app, &session, user.id, &ip, &headers).await?;
    Ok(redirect(kind, &format!("{}?saved=1", paths::ACCOUNT)))
}

/// Sets language, theme and density: of the person, and of this browser for when nobody is signed in.
pub async fn change_look(
    State(app): State<App>,
    kind: Kind,
    Anyone(user): Anyone,
    crate::web::session::Sight(old): crate::web::session::Sight,
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

/// Ends one of the person's own sessions; 404 for any other.
pub async fn end_session(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<SessionId>,
) -> AppResult<Response> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    if queries::end_session(&mut tx, user.id, id, now).await? == 0 {
        return Err(AppError::NotFound);
    }
    let ip = ip.to_string();
    audit::record(&mut tx, Entry::new(Some(user.id), &ip, "session.end", "session", id.0), now).await?;
    live::revoke_one(&mut tx, user.id, id);
    app.live.commit(tx).await?;
    Ok(redirect(kind, paths::ACCOUNT))
}

/// Ends all of the person's sessions but this one.
pub async fn end_other_sessions(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
) -> AppResult<Response> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    queries::end_sessions(&mut tx, user.id, Some(user.session), now).await?;
    let ip = ip.to_string();
    let entry = Entry::new(Some(user.id), &ip, "session.end_others", "app_user", user.id.0);
    audit::record(&mut tx, entry, now).await?;
    live::revoke_others(&mut tx, user.id, user.session);
    app.live.commit(tx).await?;
    Ok(redirect(kind, paths::ACCOUNT))
}

/// A browser's name out of what it says of itself: the last of its known names, since each poses as the former.
pub fn browser(agent: &str) -> String {
    let names = ["Edg", "OPR", "Firefox", "Chrome", "Safari"];
    let systems = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux"];
    let find = |list: &[&str]| list.iter().find(|n| agent.contains(**n)).map(|n| (*n).to_owned());
    match (find(&names), find(&systems)) {
        (Some(name), Some(system)) => format!("{name} · {system}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => agent.chars().take(40).collect(),
    }
}
