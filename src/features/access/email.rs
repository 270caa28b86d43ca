//! Another e-mail address: it changes once its owner presses the button behind a link mailed to it, and the old one is
//! told.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use views::{layout::Look, paths, reset as view, text::t};

use super::{gate, mails, model, profile, queries, reset::over, sign_in};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{
        CurrentUser, password,
        throttle::{self, Verdict},
        token::{self, Purpose},
    },
    db::is_unique_violation,
    error::{AppError, AppResult, FieldErrors, TextKey},
    features::people,
    mail,
    web::{ClientIp, Form, Kind, Path, redirect, session::Sight},
};

/// The new address, and the password of who asks.
#[derive(Deserialize)]
pub struct EmailForm {
    email: String,
    current: String,
}

/// Mails a link to the new address. Whether another account has it, nobody is told: no link comes then.
pub async fn ask(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(form): Form<EmailForm>,
) -> AppResult<Response> {
    if !app.mail.is_configured() {
        return Err(AppError::Conflict(TextKey("email.no_mail")));
    }
    let (now, ip, email) = (app.clock.now(), ip.to_string(), form.email.trim().to_owned());
    let key = sign_in::digest(&app.secret, &format!("email {}", user.id));
    if throttle::attempt(&app.db, Uuid::now_v7(), &key, &ip, now).await? == Verdict::Locked {
        let retry_after_s = throttle::WINDOW.num_seconds();
        return Err(AppError::TooMany { retry_after_s, text: TextKey("email.too_many") });
    }
    let account = people::account_by_id(&app.db, user.id).await?;
    let mut errors = FieldErrors::default();
    if let Some(key) = model::refuse_email(&email) {
        errors.add("email", key);
    } else if email.to_lowercase() == account.email.to_lowercase() {
        errors.add("email", "email.same");
    }
    if !password::verify(&form.current, Some(account.password_hash.clone())).await? {
        errors.add("current", "password.wrong_current");
    }
    if !errors.0.is_empty() {
        return profile::page_again(&app, &user, seq, errors, email).await;
    }
    let (is_free, l) = (queries::is_email_free(&app.db, &email).await?, user.look.locale);
    let mut tx = app.live.begin().await?;
    let token = token::issue(&mut tx, user.id, Purpose::Email, json!({ "email": email }), now).await?;
    if is_free {
        let url = format!("{}{}", app.config.public_url, paths::confirm_email(&token));
        mail::queue(&mut tx, &mails::confirm_email(l, &account, &email, &url), now).await?;
    }
    let entry = Entry::new(Some(user.id), &ip, "email.request", "app_user", user.id.0);
    audit::record(&mut tx, entry.after(json!({ "email": email })), now).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, &format!("{}?mailed=1", paths::ACCOUNT)))
}

/// The page of a link: the question, or 410 when the link is over.
pub async fn show_confirm(State(app): State<App>, Sight(look): Sight, Path(link): Path<String>) -> AppResult<Response> {
    let found = token::peek(&app.db, Purpose::Email, &link, app.clock.now()).await?;
    let Some(email) = found.as_ref().and_then(address) else { return Ok(over(look)) };
    let main = view::confirm_email(look.locale, &paths::confirm_email(&link), &email);
    Ok(page(look, "email.confirm.title", main))
}

/// Changes the address: once, unless another account took it meanwhile.
pub async fn confirm(
    State(app): State<App>,
    ClientIp(ip): ClientIp,
    Sight(look): Sight,
    Path(link): Path<String>,
) -> AppResult<Response> {
    let (now, ip) = (app.clock.now(), ip.to_string());
    let found = token::peek(&app.db, Purpose::Email, &link, now).await?;
    let Some((user, email)) = found.as_ref().and_then(|t| Some((t.user_id, address(t)?))) else {
        return Ok(over(look));
    };
    let account = people::account_by_id(&app.db, user).await?;
    let l = queries::locale_of(&mut &app.db, user).await?;
    let mut tx = app.live.begin().await?;
    if !account.is_active || token::redeem(&mut tx, Purpose::Email, &link, now).await?.is_none() {
        return Ok(over(look));
    }
    match queries::set_email(&mut tx, user, &email, now).await {
        Err(error) if is_unique_violation(&error) => return Ok(over(look)),
        done => done?,
    };
    // A link to a new password may still lie in the former mailbox.
    token::revoke_all(&mut tx, user, &[Purpose::Reset], now).await?;
    let entry = Entry::new(Some(user), &ip, "email.change", "app_user", user.0);
    let entry = entry.before(json!({ "email": account.email })).after(json!({ "email": email }));
    audit::record(&mut tx, entry, now).await?;
    if app.mail.is_configured() {
        mail::queue(&mut tx, &mails::email_changed(l, (&account.first_name, &account.email), &email), now).await?;
    }
    app.live.commit(tx).await?;
    Ok(page(look, "email.changed", view::email_changed(look.locale, &email)))
}

fn address(token: &token::Token) -> Option<String> {
    token.data().get("email")?.as_str().map(str::to_owned)
}

fn page(look: Look, title_key: &str, main: maud::Markup) -> Response {
    gate(look, StatusCode::OK, t(look.locale, title_key), main)
}
