//! Labelled inputs beyond the one line: a list to choose from, several lines, a box to tick.

use maud::{Markup, html};

use super::field::described;
use crate::text::{Locale, t};

/// A list to choose one from, or lines of text: what both share.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChoiceView<'a> {
    /// The name that is sent.
    pub name: &'a str,
    /// What its id is made of, where several forms of a page send the same name; empty: the name.
    pub id: &'a str,
    /// Key of the label.
    pub label_key: &'a str,
    /// What it holds.
    pub value: &'a str,
    /// Key of the line under it.
    pub help_key: Option<&'a str>,
    /// Key of what is wrong with it.
    pub error_key: Option<&'a str>,
    /// Whether it must be filled.
    pub required: bool,
}

/// A list to choose one from, as `(value, words)`. Without a value that is in it, the first line is empty; so is that of
/// what need not be filled, unless the list has words for it.
pub fn select(l: Locale, v: &ChoiceView<'_>, options: &[(String, String)]) -> Markup {
    let has = |code: &str| options.iter().any(|(value, _)| value == code);
    let (is_known, has_none) = (has(v.value), !v.required && !has(""));
    labelled(l, v, |id, told| {
        html! {
            select.form-control.is-invalid[v.error_key.is_some()] id=(id) name=(v.name) required[v.required]
                aria-describedby=[told] aria-invalid=[v.error_key.map(|_| "true")] {
                @if !is_known || has_none { option value="" selected[!is_known] { "–" } }
                @for (value, words) in options { option value=(value) selected[value == v.value] { (words) } }
            }
        }
    })
}

/// Lines of text.
pub fn lines(l: Locale, v: &ChoiceView<'_>) -> Markup {
    labelled(l, v, |id, told| {
        html! {
            textarea.form-control.is-invalid[v.error_key.is_some()] id=(id) name=(v.name) rows="3" required[v.required]
                aria-describedby=[told] aria-invalid=[v.error_key.map(|_| "true")] { (v.value) }
        }
    })
}

fn labelled(l: Locale, v: &ChoiceView<'_>, input: impl Fn(&str, Option<String>) -> Markup) -> Markup {
    let id = format!("f-{}", if v.id.is_empty() { v.name } else { v.id });
    let (told, after) = described(l, &id, v.help_key, v.error_key);
    html! {
        div.field {
            label.form-label for=(id) { (t(l, v.label_key)) }
            (input(&id, told))
            (after)
        }
    }
}

/// A box to tick, with its words beside it.
pub fn tick(name: &str, value: &str, ticked: bool, words: &str) -> Markup {
    html! {
        label.tick { input type="checkbox" name=(name) value=(value) checked[ticked]; span { (words) } }
    }
}
