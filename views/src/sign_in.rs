//! The sign-in form.

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, fill, t};
use crate::ui::{self, FieldView, Tone, field};

/// What the sign-in form holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SignInView {
    /// The e-mail address or document that was typed.
    pub login: String,
    /// Key of what is wrong, the same for unknown and known accounts.
    pub error_key: Option<String>,
    /// Seconds until another try is allowed.
    pub wait_s: Option<i64>,
    /// Where to go afterwards; a path of this product.
    pub next: String,
}

/// What the form of the second step holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CodeView {
    /// Key of what is wrong.
    pub error_key: Option<String>,
    /// Seconds until another try is allowed.
    pub wait_s: Option<i64>,
}

/// The second step: a code of the app, or a recovery code.
pub fn code(l: Locale, v: &CodeView) -> Markup {
    html! {
        section.gate {
            h1 { (t(l, "sign_in.code_title")) }
            @if let Some(key) = &v.error_key { (ui::notice(Tone::Danger, t(l, key))) }
            (wait(l, v.wait_s))
            form.stack method="post" action=(paths::SIGN_IN_CODE) {
                (field(l, &FieldView { name: "code", label_key: "sign_in.code", kind: "text", help_key: Some("sign_in.code_help"),
                    autocomplete: "one-time-code", required: true, ..FieldView::default() }))
                (ui::submit(t(l, "sign_in.button")))
            }
            p.field-help { (t(l, "sign_in.code_lost")) }
            p.field-help { a href=(paths::SIGN_IN) { (t(l, "sign_in.again")) } }
        }
    }
}

/// When another try is allowed.
fn wait(l: Locale, wait_s: Option<i64>) -> Markup {
    html! {
        @if let Some(wait_s) = wait_s.filter(|s| *s > 0) {
            @let minutes = ((wait_s + 59) / 60).to_string();
            p.field-help { (fill(l, "sign_in.wait", &[("minutes", &minutes)])) }
        }
    }
}

/// The form that signs a person in.
pub fn panel(l: Locale, v: &SignInView) -> Markup {
    html! {
        section.gate {
            h1 { (t(l, "sign_in.title")) }
            @if let Some(key) = &v.error_key {
                (ui::notice(tone(key), t(l, key)))
            }
            (wait(l, v.wait_s))
            form.stack method="post" action=(paths::SIGN_IN) {
                input type="hidden" name="next" value=(v.next);
                (field(l, &FieldView { name: "login", label_key: "sign_in.login", kind: "text", value: &v.login,
                    autocomplete: "username", required: true, ..FieldView::default() }))
                (field(l, &FieldView { name: "password", label_key: "sign_in.password", kind: "password",
                    autocomplete: "current-password", required: true, ..FieldView::default() }))
                (ui::submit(t(l, "sign_in.button")))
            }
            p.field-help { a href=(paths::RESET) { (t(l, "sign_in.forgot")) } }
        }
    }
}

/// What a line over the form means.
fn tone(key: &str) -> Tone {
    match key {
        "sign_in.ended" => Tone::Info,
        "sign_in.reset" => Tone::Success,
        _ => Tone::Danger,
    }
}
