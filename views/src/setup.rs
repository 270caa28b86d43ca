//! First-run set-up: the first administrator.

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, t};
use crate::ui::{self, FieldView, error_for, field};

/// What the set-up form holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SetupView {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// What was typed as the server's code; `None` when no code is asked for.
    pub code: Option<String>,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
}

/// The form that makes the first administrator.
pub fn panel(l: Locale, v: &SetupView) -> Markup {
    let e = |name: &str| error_for(&v.errors, name);
    let text = |name, label_key, value, autocomplete| {
        field(
            l,
            &FieldView {
                name,
                label_key,
                kind: "text",
                value,
                error_key: e(name),
                autocomplete,
                required: true,
                ..FieldView::default()
            },
        )
    };
    html! {
        section.gate.gate-wide {
            h1 { (t(l, "setup.title")) }
            p.lead { (t(l, "setup.intro")) }
            form.stack method="post" action=(paths::SETUP) {
                div.pair {
                    (text("first_name", "setup.first_name", &v.first_name, "given-name"))
                    (text("last_name", "setup.last_name", &v.last_name, "family-name"))
                }
                (field(l, &FieldView { name: "email", label_key: "setup.email", kind: "email", value: &v.email,
                    error_key: e("email"), autocomplete: "username", required: true, ..FieldView::default() }))
                (field(l, &FieldView { name: "password", label_key: "password.new", kind: "password", help_key: Some("password.help"),
                    error_key: e("password"), autocomplete: "new-password", required: true, ..FieldView::default() }))
                (field(l, &FieldView { name: "password_again", label_key: "password.again", kind: "password",
                    error_key: e("password_again"), autocomplete: "new-password", required: true, ..FieldView::default() }))
                @if let Some(code) = &v.code {
                    (field(l, &FieldView { name: "code", label_key: "setup.code", kind: "text", value: code, error_key: e("code"),
                        help_key: Some("setup.code.help"), autocomplete: "off", required: true, ..FieldView::default() }))
                }
                (ui::submit(t(l, "setup.button")))
            }
        }
    }
}
