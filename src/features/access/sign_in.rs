//! Signing in and out. Whatever is wrong, the answer is the same and takes as long.

use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tower_sessions::Session;
use uuid::Uuid;
use views::{
    layout::{Look, plain_page},
    paths,
    sign_in::{SignInView, panel},
    text::t,
};

use super::{live, queries};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::{
        password,
        session::{self, Held},
        throttle::{self, Verdict},
    },
    error::AppResult,
    features::people::{self, Account},
    ids::UserId,
    web::{
        ClientIp, Form, Kind, Query,
        errors::safe_next,
        redirect,
        session::{Anyone, Sight},
    },
};

/// What an address that failed too often waits for each answer.
pub(super) const SLOW: Duration = Duration::from_secs(2);
/// Longest e-mail, document or password looked at.
pub(super) const MAX_CHARS: usize = 200;

/// For how long a right password waits for its second factor.
const HOLD: chrono::Duration = chrono::Duration::minutes(10);

/// Where to go after signing in, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub struct NextQuery {
    #[serde(default)]
    next: String,
    #[serde(default)]
    done: String,
}

/// The sign-in form.
#[derive(Deserialize)]
pub struct SignInForm {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// The form; on an empty database the set-up.
pub async fn show_sign_in(
    State(app): State<App>,
    kind: Kind,
    Anyone(user): Anyone,
    Sight(look): Sight,
    Query(query): Query<NextQuery>,
) -> AppResult<Response> {
    if user.is_some() {
        return Ok(redirect(kind, safe_next(&query.next)));
    }
    if !people::has_users(&app.db).await? {
        return Ok(redirect(kind, paths::SETUP));
    }
    let error_key = (query.done == "reset").then(|| "sign_in.reset".to_owned());
    Ok(page(look, StatusCode::OK, &SignInView { next: query.next, error_key, ..SignInView::default() }))
}

/// Signs in, or on to the second step for who has a second factor. 422 for a wrong e-mail, document or password, 429 when locked; both say nothing of the account.
pub async fn sign_in(
    State(app): State<App>,
    kind: Kind,
    session: Session,
    ClientIp(ip): ClientIp,
    Sight(look): Sight,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> AppResult<Response> {
    let ip = ip.to_string();
    let login: String = form.login.chars().take(MAX_CHARS).collect();
    let account = people::account_by_login(&app.db, &login).await?;
    // An account has one count, whether its e-mail or its document was typed.
    let account_hash = digest(&app.secret, account.as_ref().map_or(&*login, |a| &a.email));
    let verdict = throttle::attempt(&app.db, Uuid::now_v7(), &account_hash, &ip, app.clock.now()).await?;
    if verdict == Verdict::Slow {
        tokio::time::sleep(SLOW).await;
    }
    if verdict == Verdict::Locked {
        tracing::warn!("sign-in locked");
        let mut response = refused(look, StatusCode::TOO_MANY_REQUESTS, form, "sign_in.locked");
        response.headers_mut().insert(header::RETRY_AFTER, throttle::WINDOW.num_seconds().into());
        return Ok(response);
    }
    let Some(account) = checked(&form.password, account).await? else {
        return Ok(refused(look, StatusCode::UNPROCESSABLE_ENTITY, form, "sign_in.wrong"));
    };
    throttle::succeeded(&app.db, &account_hash, &ip).await?;
    if queries::factor(&app.db, account.id).await?.is_some_and(|factor| factor.confirmed_at.is_some()) {
        let held = Held { user: account.id, password: password_mark(&account), next: form.next };
        let former = session::current(&app.db, &session, app.clock.now()).await?;
        session::hold(&session, &held, app.clock.now() + HOLD).await?;
        if let Some(former) = former {
            let mut tx = app.live.begin().await?;
            live::revoke_one(&mut tx, former.id, former.session);
            app.live.commit(tx).await?;
        }
        return Ok(redirect(kind, paths::SIGN_IN_CODE));
    }
    start(&app, &session, account.id, &ip, &headers).await?;
    Ok(redirect(kind, safe_next(&form.next)))
}

/// The account, when it may sign in with this password.
async fn checked(password: &str, account: Option<Account>) -> AppResult<Option<Account>> {
    let password: String = password.chars().take(MAX_CHARS).collect();
    let stored = account.as_ref().map(|a| a.password_hash.clone());
    let is_right = password::verify(&password, stored).await?;
    Ok(account.filter(|a| is_right && a.is_active))
}

/// Opens a session for a person whose identity is proven, and writes it down. The browser's former session, if any, is
/// over by that: its screens close, whoever it was.
pub async fn start(app: &App, session: &Session, user: UserId, ip: &str, headers: &HeaderMap) -> AppResult<()> {
    let now = app.clock.now();
    let until = now + chrono::Duration::hours(app.config.session_hours);
    let former = session::current(&app.db, session, now).await?;
    session::sign_in(session, user, ip, headers.get(header::USER_AGENT), until).await?;
    let mut tx = app.live.begin().await?;
    people::note_sign_in(&mut tx, user, now).await?;
    if let Some(former) = former {
        live::revoke_one(&mut tx, former.id, former.session);
    }
    audit::record(&mut tx, Entry::new(Some(user), ip, "session.start", "app_user", user.0), now).await?;
    app.live.commit(tx).await
}

/// Ends this browser's session and closes its screens; nothing happens when nobody is signed in.
pub async fn sign_out(
    State(app): State<App>,
    kind: Kind,
    session: Session,
    ClientIp(ip): ClientIp,
    Anyone(user): Anyone,
) -> AppResult<Response> {
    if let Some(user) = user {
        session::sign_out(&session).await?;
        let mut tx = app.live.begin().await?;
        let ip = ip.to_string();
        let entry = Entry::new(Some(user.id), &ip, "session.end", "session", user.session.0);
        audit::record(&mut tx, entry, app.clock.now()).await?;
        live::revoke_one(&mut tx, user.id, user.session);
        app.live.commit(tx).await?;
    }
    if kind == Kind::Full {
        // The whole document changes, not its main region alone.
        return Ok((StatusCode::OK, [("hx-redirect", paths::SIGN_IN)]).into_response());
    }
    Ok(redirect(kind, paths::SIGN_IN))
}

fn refused(look: Look, status: StatusCode, form: SignInForm, key: &str) -> Response {
    let wait_s = (status == StatusCode::TOO_MANY_REQUESTS).then(|| throttle::WINDOW.num_seconds());
    page(look, status, &SignInView { login: form.login, error_key: Some(key.to_owned()), wait_s, next: form.next })
}

fn page(look: Look, status: StatusCode, view: &SignInView) -> Response {
    let l = look.locale;
    (status, Html(plain_page(&look, t(l, "sign_in.title"), panel(l, view)).into_string())).into_response()
}

/// Tells whether the password is still the one that was right, and nothing of it.
pub(super) fn password_mark(account: &Account) -> String {
    hex::encode(Sha256::digest(account.password_hash.as_bytes()))
}

/// Keyed, so that a copy of the table does not tell who tried to sign in.
pub fn digest(secret: &str, login: &str) -> String {
    hex::encode(Sha256::digest(format!("{secret}\n{}", login.trim().to_lowercase()).as_bytes()))
}
