//! A labelled input with its help and its error.

use maud::{Markup, html};

use crate::text::{Locale, t};

/// One input of a form.
#[derive(Clone, Copy, Debug, Default)]
pub struct FieldView<'a> {
    /// The name that is sent; also the id, since a form's names are unique in a page.
    pub name: &'a str,
    /// Key of the label.
    pub label_key: &'a str,
    /// The input type: `text`, `email`, `password`…
    pub kind: &'a str,
    /// What it holds; never shown for passwords.
    pub value: &'a str,
    /// Key of the line under it.
    pub help_key: Option<&'a str>,
    /// Key of what is wrong with it.
    pub error_key: Option<&'a str>,
    /// The `autocomplete` token; empty: none.
    pub autocomplete: &'a str,
    /// Id of the list of suggestions; empty: none.
    pub list: &'a str,
    /// Content types that a file may have; empty: any.
    pub accept: &'a str,
    /// Whether it must be filled.
    pub required: bool,
}

/// Label above, help under, error beside; a screen reader hears both with the input.
pub fn field(l: Locale, f: &FieldView<'_>) -> Markup {
    let id = format!("f-{}", f.name);
    let (told, after) = described(l, &id, f.help_key, f.error_key);
    html! {
        div.field {
            label.form-label for=(id) { (t(l, f.label_key)) }
            input.form-control.is-invalid[f.error_key.is_some()] id=(id) name=(f.name) type=(f.kind)
                value=[(f.kind != "password" && !f.value.is_empty()).then_some(f.value)]
                autocomplete=[(!f.autocomplete.is_empty()).then_some(f.autocomplete)]
                accept=[(!f.accept.is_empty()).then_some(f.accept)] list=[(!f.list.is_empty()).then_some(f.list)]
                required[f.required] aria-describedby=[told] aria-invalid=[f.error_key.map(|_| "true")];
            (after)
        }
    }
}

/// The ids that describe an input, and the lines that carry them: what is wrong first, then the help.
pub(super) fn described(
    l: Locale,
    id: &str,
    help_key: Option<&str>,
    error_key: Option<&str>,
) -> (Option<String>, Markup) {
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    let told: Vec<&str> =
        [error_key.map(|_| error_id.as_str()), help_key.map(|_| help_id.as_str())].into_iter().flatten().collect();
    let lines = html! {
        @if let Some(key) = error_key { p.field-error id=(error_id) { (t(l, key)) } }
        @if let Some(key) = help_key { p.field-help id=(help_id) { (t(l, key)) } }
    };
    ((!told.is_empty()).then(|| told.join(" ")), lines)
}

/// The key of the first error of a field, from `(field, key)` pairs.
pub fn error_for<'a>(errors: &'a [(String, String)], name: &str) -> Option<&'a str> {
    errors.iter().find(|(field, _)| field == name).map(|(_, key)| key.as_str())
}
