//! What this feature mails, in the language of its reader.

use views::{
    mail::{MailView, document, text},
    text::{Locale, fill, t},
};

use crate::{features::people::Account, mail::Mail};

/// The link to a new password.
pub fn reset(l: Locale, account: &Account, url: &str) -> Mail {
    let action = Some((url.to_owned(), t(l, "mail.reset.action").to_owned()));
    letter(
        l,
        (&account.first_name, &account.email),
        "mail.reset.title",
        t(l, "mail.reset.line").to_owned(),
        action,
        "mail.foot",
    )
}

/// The link that confirms a new address, to that address.
pub fn confirm_email(l: Locale, account: &Account, email: &str, url: &str) -> Mail {
    let action = Some((url.to_owned(), t(l, "mail.email.action").to_owned()));
    letter(l, (&account.first_name, email), "mail.email.title", t(l, "mail.email.line").to_owned(), action, "mail.foot")
}

/// That the address has changed, to a person (first name, the old address).
pub fn email_changed(l: Locale, to: (&str, &str), email: &str) -> Mail {
    let line = fill(l, "mail.email_changed.line", &[("email", email)]);
    letter(l, to, "mail.email_changed.title", line, None, "mail.changed.foot")
}

/// That the password has changed.
pub fn password_changed(l: Locale, account: &Account) -> Mail {
    let line = t(l, "mail.password.line").to_owned();
    letter(l, (&account.first_name, &account.email), "mail.password.title", line, None, "mail.changed.foot")
}

/// A mail to a person (first name, address): a title, a sentence, a button and what to do when one did not ask for it.
pub fn letter(
    l: Locale,
    (name, to): (&str, &str),
    title_key: &str,
    line: String,
    action: Option<(String, String)>,
    foot_key: &str,
) -> Mail {
    let title = t(l, title_key).to_owned();
    let view = MailView {
        title: title.clone(),
        name: name.to_owned(),
        lines: vec![line],
        action,
        foot: t(l, foot_key).to_owned(),
    };
    Mail { to: to.to_owned(), subject: title, text: text(l, &view), html: document(l, &view).into_string() }
}
