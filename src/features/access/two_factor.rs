//! Switching the second factor on and off, its recovery codes, and taking it from who lost it.

use axum::{
    extract::State,
    http::{HeaderName, StatusCode},
    response::{IntoResponse as _, Response},
};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use serde_json::json;
use views::{
    account::{self, CodesView, Enrolment, QrView, TwoFactorView},
    layout::Nav,
    paths,
    text::t,
};

use super::{
    current,
    factor::{self, Accept},
    gate, live, queries,
};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{
        CurrentUser, password,
        secret::{self, Purpose},
        totp,
    },
    error::{AppError, AppResult, FieldErrors, TextKey},
    features::{people, settings},
    ids::UserId,
    web::{ClientIp, Form, Kind, Page, Path, redirect},
};

/// Empty modules around a picture, as the standard wants.
const QUIET: usize = 4;
/// The page of the codes keeps the address of the page before it: drawn again, it would hold none.
const PUSH_URL: HeaderName = HeaderName::from_static("hx-push-url");

/// A code of the app.
#[derive(Deserialize)]
pub struct CodeForm {
    code: String,
}

/// Who begins proves to be the person: else an open screen could lock its owner out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct BeginForm {
    current: String,
}

/// Password and code.
#[derive(Deserialize)]
pub struct DisableForm {
    current: String,
    last_code: String,
}

/// The page of the second factor.
pub async fn show_factor(State(app): State<App>, user: CurrentUser, Cursor(seq): Cursor) -> AppResult<Response> {
    page(&app, &user, seq, FieldErrors::default()).await
}

async fn page(app: &App, user: &CurrentUser, seq: i64, errors: FieldErrors) -> AppResult<Response> {
    let l = user.look.locale;
    let factor = queries::factor(&app.db, user.id).await?;
    let since = factor.as_ref().and_then(|f| f.confirmed_at);
    let enrolment = match factor.filter(|_| since.is_none()) {
        Some(factor) => Some(enrolment(&factor::unsealed(app, user.id, &factor.sealed)?, &user.email)?),
        None => None,
    };
    let view = TwoFactorView {
        since: since.map(|at| people::local_time(l, at)),
        codes_left: queries::count_recovery_codes(&app.db, user.id).await?,
        enrolment,
        is_required: settings::read(&app.db).await?.needs_totp_of(user.role, user.is_superuser),
        is_forced: user.must_enrol,
        errors: errors.to_view(),
    };
    let status = if errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(answer(user, seq, status, "factor.title", account::two_factor(l, &view)))
}

/// Alone on the screen while there is nothing else for the person, a page like others afterwards.
fn answer(user: &CurrentUser, seq: i64, status: StatusCode, title_key: &str, main: maud::Markup) -> Response {
    let title = t(user.look.locale, title_key);
    if user.must_enrol {
        return gate(user.look, status, title, main);
    }
    Page::new(Nav::Account, title, seq, main).status(status).into_response()
}

/// Begins an enrolment under a fresh secret, with the password. 409 when the factor is on.
pub async fn begin(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(form): Form<BeginForm>,
) -> AppResult<Response> {
    if queries::has_factor(&app.db, user.id).await? {
        return Err(AppError::Conflict(TextKey("factor.taken")));
    }
    let account = people::account_by_id(&app.db, user.id).await?;
    if !current::is_right(&app, &account, &form.current, &ip.to_string()).await? {
        return page(&app, &user, seq, FieldErrors::one("current", "password.wrong_current")).await;
    }
    let now = app.clock.now();
    let sealed = secret::seal(&app.secret, Purpose::Totp, user.id.0, &totp::new_secret())?;
    let mut tx = app.live.begin().await?;
    if queries::begin_factor(&mut tx, user.id, &sealed, now).await? == 0 {
        return Err(AppError::Conflict(TextKey("factor.taken")));
    }
    app.live.commit(tx).await?;
    Ok(redirect(kind, paths::TWO_FACTOR))
}

/// Proves an enrolment, or renews the recovery codes of a factor that is on; shows the codes, this once.
pub async fn show_codes(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    ClientIp(ip): ClientIp,
    Form(form): Form<CodeForm>,
) -> AppResult<Response> {
    let ip = ip.to_string();
    let factor = queries::factor(&app.db, user.id).await?.ok_or(AppError::Conflict(TextKey("link.over")))?;
    let codes = totp::new_recovery_codes();
    let refusal = match factor.confirmed_at {
        None => confirm(&app, &user, &factor.sealed, &form.code, &codes, &ip).await?,
        Some(_) => renew(&app, &user, &form.code, &codes, &ip).await?,
    };
    if let Some(key) = refusal {
        return page(&app, &user, seq, FieldErrors::one("code", key)).await;
    }
    let next = if user.must_enrol { paths::HOME } else { paths::TWO_FACTOR };
    let main = account::codes(user.look.locale, user.must_enrol, &CodesView { codes, next: next.to_owned() });
    let response = answer(&user, seq, StatusCode::OK, "factor.codes", main);
    Ok(([(PUSH_URL, "false")], response).into_response())
}

/// Switches the factor on; the person's other sessions, which were opened without it, end. A key says why not.
async fn confirm(
    app: &App,
    user: &CurrentUser,
    sealed: &str,
    code: &str,
    codes: &[String],
    ip: &str,
) -> AppResult<Option<&'static str>> {
    let now = app.clock.now();
    let Some(step) = totp::matching_step(&factor::unsealed(app, user.id, sealed)?, code, now)? else {
        return Ok(Some("factor.wrong"));
    };
    let mut tx = app.live.begin().await?;
    if queries::confirm_factor(&mut tx, user.id, sealed, step, now).await? == 0 {
        return Err(AppError::Conflict(TextKey("factor.taken")));
    }
    queries::replace_recovery_codes(&mut tx, user.id, &hashes(app, user.id, codes), now).await?;
    queries::end_sessions(&mut tx, user.id, Some(user.session), now).await?;
    audit::record(&mut tx, Entry::new(Some(user.id), ip, "totp.enable", "app_user", user.id.0), now).await?;
    live::revoke_others(&mut tx, user.id, user.session);
    app.live.commit(tx).await?;
    Ok(None)
}

/// Puts new recovery codes in the place of the old ones; a key says why not.
async fn renew(
    app: &App,
    user: &CurrentUser,
    code: &str,
    codes: &[String],
    ip: &str,
) -> AppResult<Option<&'static str>> {
    if let Some(key) = factor::prove(app, user.id, code, Accept::App, ip).await?.key() {
        return Ok(Some(key));
    }
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    queries::replace_recovery_codes(&mut tx, user.id, &hashes(app, user.id, codes), now).await?;
    audit::record(&mut tx, Entry::new(Some(user.id), ip, "totp.codes", "app_user", user.id.0), now).await?;
    app.live.commit(tx).await?;
    Ok(None)
}

fn hashes(app: &App, user: UserId, codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| factor::recovery_hash(app, user, &code.replace('-', ""))).collect()
}

/// Switches the factor off, with password and code. 409 when the role needs it.
pub async fn disable(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(form): Form<DisableForm>,
) -> AppResult<Response> {
    if settings::read(&app.db).await?.needs_totp_of(user.role, user.is_superuser) {
        return Err(AppError::Conflict(TextKey("factor.required")));
    }
    let ip = ip.to_string();
    let account = people::account_by_id(&app.db, user.id).await?;
    // The code first: its throttle bounds guesses of the password here, too.
    if let Some(key) = factor::prove(&app, user.id, &form.last_code, Accept::AppOrRecovery, &ip).await?.key() {
        return page(&app, &user, seq, FieldErrors::one("last_code", key)).await;
    }
    if !password::verify(&form.current, Some(account.password_hash)).await? {
        return page(&app, &user, seq, FieldErrors::one("current", "password.wrong_current")).await;
    }
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    queries::remove_factor(&mut tx, user.id).await?;
    audit::record(&mut tx, Entry::new(Some(user.id), &ip, "totp.disable", "app_user", user.id.0), now).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, paths::SECURITY))
}

/// Takes the factor from a person who lost it; their sessions end. 404 when there is no such person or no factor, 403
/// for a superuser's, unless by a superuser: half of the way into an account that passes every check. 409 for oneself:
/// that takes password and code.
pub async fn reset_factor(
    State(app): State<App>,
    admin: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<UserId>,
) -> AppResult<Response> {
    if !admin.is_superuser && queries::is_superuser(&app.db, id).await? {
        return Err(AppError::Forbidden);
    }
    if id == admin.id {
        return Err(AppError::Conflict(TextKey("people.error.own_factor")));
    }
    let (now, ip) = (app.clock.now(), ip.to_string());
    let mut tx = app.live.begin().await?;
    if queries::remove_factor(&mut tx, id).await? == 0 {
        return Err(AppError::NotFound);
    }
    queries::end_sessions(&mut tx, id, None, now).await?;
    let entry = Entry::new(Some(admin.id), &ip, "totp.reset", "app_user", id.0);
    audit::record(&mut tx, entry.before(json!({ "second_factor": true })), now).await?;
    live::revoke_all(&mut tx, id);
    app.live.commit(tx).await?;
    Ok(redirect(kind, &format!("{}?done=factor", paths::user(&id.to_string()))))
}

/// What a phone needs to make the codes.
fn enrolment(secret: &[u8], email: &str) -> AppResult<Enrolment> {
    Ok(Enrolment { qr: picture(&totp::address(secret, email)?)?, key: totp::readable(secret) })
}

/// Dark modules in rows: one move and one run for each stretch of them.
fn picture(text: &str) -> AppResult<QrView> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(anyhow::Error::new)?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    Ok(QrView { side: width + 2 * QUIET, path })
}
