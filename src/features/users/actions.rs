//! What is done to an account with one button.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::paths;

use super::{change::Change, model::Standing};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::{SessionId, UserId},
    web::{ClientIp, Form, Kind, Path, redirect},
};

/// Whether the account may sign in from now on.
#[derive(Debug, Deserialize)]
pub struct StateForm {
    active: String,
}

/// Which session; empty for all.
#[derive(Debug, Default, Deserialize)]
pub struct SessionForm {
    #[serde(default)]
    session: String,
}

/// The account's page, saying what was done.
pub fn back(kind: Kind, id: UserId, done: &str) -> Response {
    redirect(kind, &format!("{}?done={done}", paths::user(&id.to_string()))).into_response()
}

/// No change of where an account stands.
pub fn same(was: Standing) -> Standing {
    was
}

/// Activates or deactivates. Deactivating closes every screen of the person, on every instance.
pub async fn change_state(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<UserId>,
    Form(form): Form<StateForm>,
) -> AppResult<Response> {
    let (ip, is_active) = (ip.to_string(), form.active == "1");
    let change = Change::begin(&app, &user, &ip, id, |was| Standing { is_active, ..was }).await?;
    if is_active {
        change.enable().await?;
        return Ok(back(kind, id, "enabled"));
    }
    change.disable().await?;
    Ok(back(kind, id, "disabled"))
}

/// Forgets the account's wrong passwords.
pub async fn unlock(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<UserId>,
) -> AppResult<Response> {
    let ip = ip.to_string();
    Change::begin(&app, &user, &ip, id, same).await?.unlock().await?;
    Ok(back(kind, id, "unlocked"))
}

/// Ends one session of the account, or all of them; 404 for a session that is not its own.
pub async fn end_sessions(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<UserId>,
    Form(form): Form<SessionForm>,
) -> AppResult<Response> {
    let ip = ip.to_string();
    let session = match form.session.as_str() {
        "" => None,
        text => Some(text.parse::<SessionId>().map_err(|_| AppError::NotFound)?),
    };
    Change::begin(&app, &user, &ip, id, same).await?.end_sessions(session).await?;
    Ok(back(kind, id, "ended"))
}
