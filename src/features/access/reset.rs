//! A new password by mail. Neither words nor time tell whether there is such an account.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use views::{
    layout::Look,
    paths,
    reset::{self as view, ChooseView, RequestView},
    text::t,
};

use super::{gate, live, mails, queries, sign_in};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::{
        password,
        throttle::{self, Verdict},
        token::{self, Purpose},
    },
    error::{AppResult, FieldErrors},
    features::people::{self, Account},
    mail,
    web::{ClientIp, Form, Kind, Path, redirect, session::Sight},
};

/// Who forgot the password.
#[derive(Deserialize)]
pub struct RequestForm {
    login: String,
}

/// A new password.
#[derive(Deserialize)]
pub struct ChooseForm {
    password: String,
    password_again: String,
}

/// The form that asks for a link; without mail it names an administrator.
pub async fn show_request(State(app): State<App>, Sight(look): Sight) -> Response {
    let view = RequestView { can_mail: app.mail.is_configured(), ..RequestView::default() };
    request_page(look, StatusCode::OK, &view)
}

/// Mails a link, if the account exists; 429 when asked for too often, for an account or none.
pub async fn request(
    State(app): State<App>,
    ClientIp(ip): ClientIp,
    Sight(look): Sight,
    Form(form): Form<RequestForm>,
) -> AppResult<Response> {
    let view = RequestView { can_mail: app.mail.is_configured(), ..RequestView::default() };
    if !view.can_mail {
        return Ok(request_page(look, StatusCode::OK, &view));
    }
    let ip = ip.to_string();
    let login: String = form.login.chars().take(sign_in::MAX_CHARS).collect();
    let key = sign_in::digest(&app.secret, &format!("reset {}", login.trim()));
    let verdict = throttle::attempt(&app.db, Uuid::now_v7(), &key, &ip, app.clock.now()).await?;
    if verdict == Verdict::Slow {
        tokio::time::sleep(sign_in::SLOW).await;
    }
    if verdict == Verdict::Locked {
        let view = RequestView { error_key: Some("reset.locked".to_owned()), ..view };
        let mut response = request_page(look, StatusCode::TOO_MANY_REQUESTS, &view);
        response.headers_mut().insert(header::RETRY_AFTER, throttle::WINDOW.num_seconds().into());
        return Ok(response);
    }
    // Answered before the account is looked for: what follows takes longer for one that exists.
    tokio::spawn(async move {
        if let Err(error) = mail_link(&app, &login, &ip).await {
            tracing::error!(%error, "cannot mail a link to a new password");
        }
    });
    Ok(request_page(look, StatusCode::OK, &RequestView { sent: true, ..view }))
}

/// Mails a link to who may sign in; nothing to others.
async fn mail_link(app: &App, login: &str, ip: &str) -> AppResult<()> {
    let Some(account) = people::account_by_login(&app.db, login).await?.filter(|a| a.is_active) else { return Ok(()) };
    let (now, l) = (app.clock.now(), queries::locale_of(&mut &app.db, account.id).await?);
    let mut tx = app.live.begin().await?;
    let token = token::issue(&mut tx, account.id, Purpose::Reset, json!({}), now).await?;
    let url = format!("{}{}", app.config.public_url, paths::reset(&token));
    mail::queue(&mut tx, &mails::reset(l, &account, &url), now).await?;
    let entry = Entry::new(None, ip, "password.reset_link", "app_user", account.id.0);
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await
}

/// The page of a link: a form, or 410 when the link is over.
pub async fn show_choose(State(app): State<App>, Sight(look): Sight, Path(link): Path<String>) -> AppResult<Response> {
    Ok(match account_of(&app, &link).await? {
        Some(account) => choose_page(look, &link, &account, &FieldErrors::default()),
        None => over(look),
    })
}

/// Sets the password: once, and every session of the person ends.
pub async fn choose(
    State(app): State<App>,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Sight(look): Sight,
    Path(link): Path<String>,
    Form(form): Form<ChooseForm>,
) -> AppResult<Response> {
    let Some(account) = account_of(&app, &link).await? else { return Ok(over(look)) };
    let mut errors = FieldErrors::default();
    if let Some(key) = password::refuse(&form.password, &super::known(&account)) {
        errors.add("password", key);
    }
    if form.password != form.password_again {
        errors.add("password_again", "password.mismatch");
    }
    if !errors.0.is_empty() {
        return Ok(choose_page(look, &link, &account, &errors));
    }
    let hash = password::hash(&form.password).await?;
    let (now, ip) = (app.clock.now(), ip.to_string());
    let l = queries::locale_of(&mut &app.db, account.id).await?;
    let mut tx = app.live.begin().await?;
    if token::redeem(&mut tx, Purpose::Reset, &link, now).await?.is_none() {
        return Ok(over(look));
    }
    people::set_password(&mut tx, account.id, &hash, false, now).await?;
    queries::end_sessions(&mut tx, account.id, None, now).await?;
    let entry = Entry::new(Some(account.id), &ip, "password.reset", "app_user", account.id.0);
    audit::record(&mut tx, entry, now).await?;
    if app.mail.is_configured() {
        mail::queue(&mut tx, &mails::password_changed(l, &account), now).await?;
    }
    live::revoke_all(&mut tx, account.id);
    app.live.commit(tx).await?;
    Ok(redirect(kind, &format!("{}?done=reset", paths::SIGN_IN)))
}

/// Whose password the link sets, while both are good.
async fn account_of(app: &App, link: &str) -> AppResult<Option<Account>> {
    let Some(token) = token::peek(&app.db, Purpose::Reset, link, app.clock.now()).await? else { return Ok(None) };
    Ok(Some(people::account_by_id(&app.db, token.user_id).await?).filter(|a| a.is_active))
}

fn request_page(look: Look, status: StatusCode, view: &RequestView) -> Response {
    let l = look.locale;
    gate(look, status, t(l, "reset.title"), view::request(l, view))
}

fn choose_page(look: Look, link: &str, account: &Account, errors: &FieldErrors) -> Response {
    let l = look.locale;
    let view = ChooseView {
        action: paths::reset(link),
        title_key: "reset.choose".to_owned(),
        email: account.email.clone(),
        errors: errors.to_view(),
    };
    let status = if errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    gate(look, status, t(l, "reset.choose"), view::choose(l, &view))
}

/// 410: used, over, or never ours.
pub fn over(look: Look) -> Response {
    let l = look.locale;
    gate(look, StatusCode::GONE, t(l, "link.over"), view::over(l)).into_response()
}
