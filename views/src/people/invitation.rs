//! Inviting a user, and the page on which the invited one sets a password.

use maud::{Markup, html};

use super::form::{UserForm, fields};
use crate::admin::{AdminTab, tabs};
use crate::paths;
use crate::text::{Locale, fill, t};
use crate::ui::{self, FieldView, Tone, error_for, field};

/// The form of a new user.
pub fn invite(l: Locale, form: &UserForm, can_mail: bool) -> Markup {
    html! {
        (tabs(l, AdminTab::People))
        header.page-head {
            a.icon-btn href=(paths::PEOPLE) aria-label=(t(l, "people.back")) { (ui::icon("arrow-left")) }
            h1 { (t(l, "people.invite.title")) }
        }
        div.record-form {
            p.lead { (t(l, if can_mail { "people.invite.mailed" } else { "people.invite.shown" })) }
            form.stack method="post" action=(paths::PEOPLE) hx-push-url="false" {
                (fields(l, form))
                div.actions { (ui::submit(t(l, "people.invite.button"))) a.btn href=(paths::PEOPLE) { (t(l, "people.cancel")) } }
            }
        }
    }
}

/// What the page of an invitation shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AcceptView {
    /// Where the form is sent: the link itself.
    pub action: String,
    /// Whom it greets.
    pub name: String,
    /// What they will sign in with.
    pub email: String,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
}

/// The form that sets a first password.
pub fn accept(l: Locale, v: &AcceptView) -> Markup {
    let secret = |name, label_key, help_key| {
        let error_key = error_for(&v.errors, name);
        let (kind, autocomplete) = ("password", "new-password");
        field(
            l,
            &FieldView {
                name,
                label_key,
                kind,
                help_key,
                error_key,
                autocomplete,
                required: true,
                ..FieldView::default()
            },
        )
    };
    html! {
        section.gate {
            h1 { (fill(l, "invitation.title", &[("name", &v.name)])) }
            p.lead { (t(l, "invitation.text")) }
            form.stack method="post" action=(v.action) {
                input type="hidden" name="username" autocomplete="username" value=(v.email);
                p { strong.clip { (v.email) } }
                (secret("password", "password.new", Some("password.help")))
                (secret("password_again", "password.again", None))
                (ui::submit(t(l, "invitation.button")))
            }
        }
    }
}

/// What a link opens that was used, is over, was taken back or was never ours: which of it, nobody is told.
pub fn over(l: Locale) -> Markup {
    html! {
        section.gate {
            h1 { (t(l, "invitation.over")) }
            (ui::notice(Tone::Info, t(l, "invitation.over.text")))
            div.actions { a.btn href=(paths::SIGN_IN) { (t(l, "sign_in.button")) } }
        }
    }
}
