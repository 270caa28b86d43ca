//! A new password by mail: asking for the link, the page that it opens, the page of a link that is over.

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, t};
use crate::ui::{self, FieldView, Tone, error_for, field};

/// What the page shows on which a link is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RequestView {
    /// Whether mail can be sent at all.
    pub can_mail: bool,
    /// Whether it was just asked for. Whether there is such an account, nobody is told.
    pub sent: bool,
    /// Key of what is wrong.
    pub error_key: Option<String>,
}

/// What the page shows on which a password is chosen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChooseView {
    /// Where the form is sent: the link itself.
    pub action: String,
    /// Key of the title.
    pub title_key: String,
    /// The account's address, for password managers.
    pub email: String,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
}

/// The form that asks for a link.
pub fn request(l: Locale, v: &RequestView) -> Markup {
    html! {
        section.gate {
            h1 { (t(l, "reset.title")) }
            @if !v.can_mail { (ui::notice(Tone::Info, t(l, "reset.no_mail"))) }
            @else if v.sent { (ui::notice(Tone::Success, t(l, "reset.sent"))) p.field-help { (t(l, "reset.sent.help")) } }
            @else {
                @if let Some(key) = &v.error_key { (ui::notice(Tone::Danger, t(l, key))) }
                p.lead { (t(l, "reset.intro")) }
                form.stack method="post" action=(paths::RESET) {
                    (field(l, &FieldView { name: "login", label_key: "sign_in.login", kind: "text", autocomplete: "username",
                        required: true, ..FieldView::default() }))
                    (ui::submit(t(l, "reset.button")))
                }
            }
            p.field-help { a href=(paths::SIGN_IN) { (t(l, "reset.back")) } }
        }
    }
}

/// The form that sets a password; also for who was invited.
pub fn choose(l: Locale, v: &ChooseView) -> Markup {
    let secret = |name, label_key, help_key| {
        let error_key = error_for(&v.errors, name);
        let f = FieldView {
            name,
            label_key,
            kind: "password",
            help_key,
            error_key,
            autocomplete: "new-password",
            required: true,
            ..FieldView::default()
        };
        field(l, &f)
    };
    html! {
        section.gate {
            h1 { (t(l, &v.title_key)) }
            form.stack method="post" action=(v.action) {
                input type="hidden" name="username" autocomplete="username" value=(v.email);
                p.lead { (v.email) }
                (secret("password", "password.new", Some("password.help")))
                (secret("password_again", "password.again", None))
                (ui::submit(t(l, "password.save")))
            }
        }
    }
}

/// What a link opens that was used, is over or was never ours.
pub fn over(l: Locale) -> Markup {
    html! {
        section.gate {
            h1 { (t(l, "link.over")) }
            p.lead { (t(l, "link.over.text")) }
            div.actions { a.btn.btn-primary href=(paths::SIGN_IN) { (t(l, "reset.back")) } }
        }
    }
}

/// The question before an address is changed: mail programs open links, they do not press buttons.
pub fn confirm_email(l: Locale, action: &str, email: &str) -> Markup {
    html! {
        section.gate {
            h1 { (t(l, "email.confirm.title")) }
            p.lead { (t(l, "email.confirm.text")) }
            p { strong.clip { (email) } }
            form.stack method="post" action=(action) { (ui::submit(t(l, "email.confirm.button"))) }
        }
    }
}

/// After an address was changed.
pub fn email_changed(l: Locale, email: &str) -> Markup {
    html! {
        section.gate {
            h1 { (t(l, "email.changed")) }
            p.lead { (t(l, "email.changed.text")) }
            p { strong.clip { (email) } }
            div.actions { a.btn.btn-primary href=(paths::ACCOUNT) { (t(l, "account.title")) } }
        }
    }
}
