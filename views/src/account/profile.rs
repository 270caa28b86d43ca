//! Who one is: what a person changes alone, and what others decide.

use maud::{Markup, html};

use super::{Tab, page};
use crate::paths;
use crate::presence::PersonView;
use crate::text::{Locale, fill, t};
use crate::ui::{self, FieldView, Tone, error_for, field};

/// What a photo may be.
const PHOTO_TYPES: &str = "image/jpeg,image/png,image/webp";

/// What the profile page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ProfileView {
    /// Who looks.
    pub me: PersonView,
    /// First name, as stored or as typed.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// User in the operator's platform.
    pub greta_user: String,
    /// User in the dialler.
    pub c8_user: String,
    /// Telephone.
    pub phone: String,
    /// E-mail address in force.
    pub email: String,
    /// The new address that was typed.
    pub new_email: String,
    /// Whether mail can be sent; without it an administrator changes the address.
    pub can_mail: bool,
    /// Names of the campaigns.
    pub campaigns: Vec<String>,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// Whether the profile was just saved.
    pub saved: bool,
    /// The address to which a link was just mailed.
    pub mailed_to: Option<String>,
}

/// The profile page.
pub fn panel(l: Locale, v: &ProfileView) -> Markup {
    let content = html! {
        @if v.saved { (ui::notice(Tone::Success, t(l, "account.saved"))) }
        @if let Some(email) = &v.mailed_to {
            (ui::notice(Tone::Info, &fill(l, "email.sent", &[("email", email)])))
        }
        section aria-labelledby="account-who" {
            h2 id="account-who" { (t(l, "account.who")) }
            (details(l, v))
        }
        section aria-labelledby="account-photo" {
            h2 id="account-photo" { (t(l, "photo.title")) }
            (photo(l, v))
        }
        section aria-labelledby="account-email" {
            h2 id="account-email" { (t(l, "account.email")) }
            (email(l, v))
        }
        section aria-labelledby="account-work" {
            h2 id="account-work" { (t(l, "account.work")) }
            dl.facts {
                dt { (t(l, "account.role")) } dd { (v.me.role_word(l)) }
                dt { (t(l, "account.campaigns")) }
                dd { @if v.campaigns.is_empty() { "–" } @else { (v.campaigns.join(", ")) } }
            }
        }
    };
    page(l, Tab::Profile, content)
}

/// The form of names, users elsewhere and telephone.
fn details(l: Locale, v: &ProfileView) -> Markup {
    let text = |name, label_key, value, autocomplete, required| {
        let error_key = error_for(&v.errors, name);
        let f = FieldView {
            name,
            label_key,
            kind: "text",
            value,
            error_key,
            autocomplete,
            required,
            ..FieldView::default()
        };
        field(l, &f)
    };
    html! {
        form.stack method="post" action=(paths::ACCOUNT) {
            div.pair {
                (text("first_name", "setup.first_name", &v.first_name, "given-name", true))
                (text("last_name", "setup.last_name", &v.last_name, "family-name", true))
            }
            div.pair {
                (text("greta_user", "account.greta_user", &v.greta_user, "off", false))
                (text("c8_user", "account.c8_user", &v.c8_user, "off", false))
            }
            div.pair {
                (field(l, &FieldView { name: "phone", label_key: "account.phone", kind: "tel", value: &v.phone,
                    error_key: error_for(&v.errors, "phone"), autocomplete: "tel", ..FieldView::default() }))
            }
            div.actions { (ui::submit(t(l, "account.button"))) }
        }
    }
}

/// The photo, and the forms that change it: sent without htmx, so that the whole document shows the new one.
fn photo(l: Locale, v: &ProfileView) -> Markup {
    html! {
        div.photo {
            (ui::avatar(&v.me))
            form.stack method="post" action=(paths::PHOTO) enctype="multipart/form-data" hx-boost="false" {
                (field(l, &FieldView { name: "photo", label_key: "photo.file", kind: "file", accept: PHOTO_TYPES,
                    error_key: error_for(&v.errors, "photo"), help_key: Some("photo.help"), required: true,
                    ..FieldView::default() }))
                div.actions {
                    button.btn type="submit" { (t(l, "photo.button")) }
                    @if v.me.photo_version > 0 {
                        button.btn type="submit" formaction=(paths::PHOTO_REMOVAL) formenctype="application/x-www-form-urlencoded" formnovalidate {
                            (t(l, "photo.remove"))
                        }
                    }
                }
            }
        }
    }
}

/// The address, and the form that asks for another: it changes once its owner follows the link mailed to it.
fn email(l: Locale, v: &ProfileView) -> Markup {
    html! {
        dl.facts { dt { (t(l, "email.current")) } dd { (v.email) } }
        @if v.can_mail {
            form.stack method="post" action=(paths::EMAIL) {
                div.pair {
                    (field(l, &FieldView { name: "email", label_key: "email.new", kind: "email", value: &v.new_email,
                        error_key: error_for(&v.errors, "email"), help_key: Some("email.help"), autocomplete: "off",
                        required: true, ..FieldView::default() }))
                    (field(l, &FieldView { name: "current", label_key: "password.current", kind: "password",
                        error_key: error_for(&v.errors, "current"), autocomplete: "current-password", required: true,
                        ..FieldView::default() }))
                }
                div.actions { button.btn type="submit" { (t(l, "email.button")) } }
            }
        } @else { p.field-help { (t(l, "email.no_mail")) } }
    }
}
