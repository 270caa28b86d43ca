//! How one signs in: password, open sessions, recent sign-ins.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use tower_sessions::Session;
use views::{
    account::{self, AccessRow, SecurityView, SessionRow},
    layout::Nav,
    paths,
    text::t,
};

use super::{current, gate, live, queries, sign_in};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{CurrentUser, password},
    error::{AppError, AppResult, FieldErrors},
    features::people,
    ids::SessionId,
    web::{ClientIp, Form, Kind, Page, Path, Query, redirect},
};

/// Sign-ins shown at most.
const ACCESSES: i64 = 20;

/// Whether a change was just made.
#[derive(Debug, Default, Deserialize)]
pub struct SavedQuery {
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

/// The security page.
pub async fn show_security(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Query(query): Query<SavedQuery>,
) -> AppResult<Response> {
    page(&app, &user, seq, FieldErrors::default(), query.saved == "1").await
}

/// Alone on the screen, without a socket, while the password must be changed; a page like others otherwise.
async fn page(app: &App, user: &CurrentUser, seq: i64, errors: FieldErrors, saved: bool) -> AppResult<Response> {
    let l = user.look.locale;
    let factor = queries::factor(&app.db, user.id).await?;
    let sessions = queries::list_sessions(&app.db, user.id, app.clock.now()).await?;
    let accesses = queries::list_accesses(&app.db, user.id, ACCESSES).await?;
    let view = SecurityView {
        email: user.email.clone(),
        must_change: user.must_change_password,
        errors: errors.to_view(),
        saved,
        factor_since: factor.and_then(|f| f.confirmed_at).map(|at| people::local_time(l, at)),
        codes_left: queries::count_recovery_codes(&app.db, user.id).await?,
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
        accesses: accesses
            .into_iter()
            .map(|row| AccessRow {
                at: people::local_time(l, row.created_at),
                ip: row.ip,
                agent: browser(&row.user_agent),
            })
            .collect(),
    };
    let status = if errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (title, main) = (t(l, "account.title"), account::security(l, &view));
    if user.must_change_password {
        return Ok(gate(user.look, status, title, main));
    }
    Ok(Page::new(Nav::Account, title, seq, main).status(status).into_response())
}

/// Changes the password; every other session of the person ends, this browser goes on under a new one. The screens that
/// still hang on its old session are closed a moment later: by then this tab has its new one, and others load it.
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
    let (now, ip) = (app.clock.now(), ip.to_string());
    let mut errors = FieldErrors::default();
    if !current::is_right(&app, &account, &form.current, &ip).await? {
        errors.add("current", "password.wrong_current");
    }
    if let Some(key) = password::refuse(&form.password, &super::known(&account)) {
        errors.add("password", key);
    }
    if form.password != form.password_again {
        errors.add("password_again", "password.mismatch");
    }
    if !errors.0.is_empty() {
        return page(&app, &user, seq, errors, false).await;
    }
    let hash = password::hash(&form.password).await?;
    let mut tx = app.live.begin().await?;
    people::set_password(&mut tx, user.id, &hash, false, now).await?;
    let ended = queries::end_open_sessions(&mut tx, user.id, now).await?;
    audit::record(&mut tx, Entry::new(Some(user.id), &ip, "user.password", "app_user", user.id.0), now).await?;
    // By name: an instance that hears of it late must not close the session that begins below.
    for other in ended.into_iter().filter(|other| *other != user.session) {
        live::revoke_one(&mut tx, user.id, other);
    }
    app.live.commit(tx).await?;
    sign_in::start(&app, &session, user.id, &ip, &headers).await?;
    live::revoke_soon(app, user.id, user.session);
    let url = format!("{}?saved=1", paths::SECURITY);
    if kind == Kind::Full {
        // The whole document anew: its socket was opened by the session that is over.
        return Ok((StatusCode::OK, [("hx-redirect", url)]).into_response());
    }
    Ok(redirect(kind, &url))
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
    Ok(redirect(kind, paths::SECURITY))
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
    Ok(redirect(kind, paths::SECURITY))
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
