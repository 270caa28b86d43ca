//! What this feature mails, in the language of its reader: links, which a page shows once where no mail can be sent.

use serde_json::json;
use views::{
    paths,
    text::{Locale, t},
};

use super::queries::UserDetail;
use crate::{
    app::App,
    auth::token::{self, Purpose},
    error::AppResult,
    features::access::letter,
    ids::UserId,
    live::LiveTx,
    mail::{self, Mail},
};

/// The link to a first password, to a person (first name, address).
fn invitation(l: Locale, to: (&str, &str), url: &str) -> Mail {
    let action = Some((url.to_owned(), t(l, "mail.invitation.action").to_owned()));
    let line = t(l, "mail.invitation.line").to_owned();
    letter(l, to, "mail.invitation.title", line, action, "mail.invitation.foot")
}

/// The link to a new password, which an administrator requires.
pub fn reset(l: Locale, user: &UserDetail, url: &str) -> Mail {
    let action = Some((url.to_owned(), t(l, "mail.reset.action").to_owned()));
    let line = t(l, "mail.forced.line").to_owned();
    letter(l, (&user.person.first_name, &user.email), "mail.reset.title", line, action, "mail.forced.foot")
}

/// Makes a link to a first password, in place of any former one, and mails it or answers it.
pub async fn invite(
    app: &App,
    tx: &mut LiveTx,
    id: UserId,
    (l, to): (Locale, (&str, &str)),
) -> AppResult<Option<String>> {
    let token = token::issue(tx, id, Purpose::Invitation, json!({}), app.clock.now()).await?;
    let url = format!("{}{}", app.config.public_url, paths::invitation(&token));
    send_or_show(app, tx, &invitation(l, to, &url), url).await
}

/// Mails a link in the transaction that made it; answers the link when there is no mail, to be shown once.
pub async fn send_or_show(app: &App, tx: &mut LiveTx, mail: &Mail, url: String) -> AppResult<Option<String>> {
    if !app.mail.is_configured() {
        return Ok(Some(url));
    }
    mail::queue(tx, mail, app.clock.now()).await?;
    Ok(None)
}
