//! A new password that an administrator requires: the former one stops at once, the person chooses the next by a link.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use views::people::detail::LinkView;

use super::{
    actions::{back, same},
    change::Change,
    detail::{self, Said},
    invite::unusable_password,
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::AppResult,
    ids::UserId,
    web::{ClientIp, Kind, Path},
};

/// Makes the password useless and closes every screen. 409 for oneself and for who may not sign in anyway.
pub async fn force_reset(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<UserId>,
) -> AppResult<Response> {
    let (ip, hash) = (ip.to_string(), unusable_password().await?);
    let link = Change::begin(&app, &user, &ip, id, same).await?.force_reset(&hash).await?;
    let Some(url) = link else { return Ok(back(kind, id, "reset")) };
    let link = LinkView { url, text_key: "people.link.reset" };
    Ok(detail::page(&app, &user, seq, id, Said { link: Some(link), ..Said::default() }).await?.into_response())
}
