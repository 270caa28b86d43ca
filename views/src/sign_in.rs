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

/// The form that signs a person in.
pub fn panel(l: Locale, v: &SignInView) -> Markup {
    html! {
        section.gate {
            h1 { (t(l, "sign_in.title")) }
            @if let Some(key) = &v.error_key {
                (ui::notice(if key == "sign_in.ended" { Tone::Info } else { Tone::Danger }, t(l, key)))
            }
            @if let Some(wait_s) = v.wait_s.filter(|s| *s > 0) {
                @let minutes = ((wait_s + 59) / 60).to_string();
                p.field-help { (fill(l, "sign_in.wait", &[("minutes", &minutes)])) }
            }
            form.stack method="post" action=(paths::SIGN_IN) {
                input type="hidden" name="next" value=(v.next);
                (field(l, &FieldView { name: "login", label_key: "sign_in.login", kind: "text", value: &v.login,
                    autocomplete: "username", required: true, ..FieldView::default() }))
                (field(l, &FieldView { name: "password", label_key: "sign_in.password", kind: "password",
                    autocomplete: "current-password", required: true, ..FieldView::default() }))
                (ui::submit(t(l, "sign_in.button")))
            }
            p.field-help { (t(l, "sign_in.help")) }
        }
    }
}
