//! What this feature mails, in the language of its reader.

use views::{
    mail::{MailView, document, text},
    text::{Locale, fill, t},
};

use crate::{features::people::Account, mail::Mail};

/// The link to a new password.
pub fn reset(l: Locale, account: &Account, url: &str) -> Mail {
    let action = Some((url.to_owned(), t(l, "mail.reset.action").to_owned()));
    mail(l, account, &account.email, "mail.reset.title", t(l, "mail.reset.line").to_owned(), action, "mail.foot")
}

/// The link that confirms a new address, to that address.
pub fn confirm_email(l: Locale, account: &Account, email: &str, url: &str) -> Mail {
    let action = Some((url.to_owned(), t(l, "mail.email.action").to_owned()));
    mail(l, account, email, "mail.email.title", t(l, "mail.email.line").to_owned(), action, "mail.foot")
}

/// That the address has changed, to the old one.
pub fn email_changed(l: Locale, account: &Account, email: &str) -> Mail {
    let line = fill(l, "mail.email_changed.line", &[("email", email)]);
    mail(l, account, &account.email, "mail.email_changed.title", line, None, "mail.changed.foot")
}

/// That the password has changed.
pub fn password_changed(l: Locale, account: &Account) -> Mail {
    let line = t(l, "mail.password.line").to_owned();
    mail(l, account, &account.email, "mail.password.title", line, None, "mail.changed.foot")
}

fn mail(
    l: Locale,
    account: &Account,
    to: &str,
    title_key: &str,
    line: String,
    action: Option<(String, String)>,
    foot_key: &str,
) -> Mail {
    let title = t(l, title_key).to_owned();
    let view = MailView {
        title: title.clone(),
        name: account.first_name.clone(),
        lines: vec![line],
        action,
        foot: t(l, foot_key).to_owned(),
    };
    Mail { to: to.to_owned(), subject: title, text: text(l, &view), html: document(l, &view).into_string() }
}
