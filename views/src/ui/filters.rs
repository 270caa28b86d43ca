//! The filters of a list: a plain GET form that also answers while one types or chooses. Every filter lives in the
//! address; what is set shows as a chip that takes it away.

use maud::{Markup, html};

use super::{Address, icon, submit};
use crate::dom;
use crate::text::{Locale, exists, fill, t};

/// One filter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilterView {
    /// The name in the address; also part of the input's id.
    pub name: &'static str,
    /// Key of its label.
    pub label_key: &'static str,
    /// What it is chosen from, and what is chosen.
    pub kind: FilterKind,
}

/// How a filter is set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilterKind {
    /// By words; holds what was typed.
    Search(String),
    /// By a day; holds `2026-11-22` or nothing.
    Day(String),
    /// From a list of `(value, words)`; the value that is chosen, or nothing for all.
    Choice {
        /// What may be chosen, without "all".
        options: Vec<(String, String)>,
        /// What is.
        value: String,
    },
}

impl FilterView {
    /// What is set, in words; `None` when nothing is.
    fn chosen(&self) -> Option<&str> {
        let words = match &self.kind {
            FilterKind::Search(text) | FilterKind::Day(text) => text.as_str(),
            FilterKind::Choice { options, value } => options.iter().find(|(v, _)| v == value).map_or("", |(_, w)| w),
        };
        (!words.is_empty()).then_some(words)
    }
}

/// The form. `list` is the list's address with everything that is set; a new filter starts at the first page.
pub fn filters(l: Locale, list: &Address, all: &[FilterView]) -> Markup {
    let kept = list.pairs().iter().filter(|(name, _)| name != "page" && all.iter().all(|f| f.name != name));
    html! {
        form.filters role="search" method="get" action=(list.path()) aria-label=(t(l, "list.filters")) {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            @for filter in all { (input(l, list, filter)) }
            // Where scripts run, choosing is enough.
            div.filters-go { (submit(t(l, "list.apply"))) }
        }
    }
}

fn input(l: Locale, list: &Address, filter: &FilterView) -> Markup {
    let id = format!("filter-{}", filter.name);
    let (label, target) = (t(l, filter.label_key), dom::list().target());
    html! {
        @match &filter.kind {
            FilterKind::Search(text) => div.filter.filter-search {
                label.visually-hidden for=(id) { (label) }
                (icon("search"))
                input.form-control id=(id) type="search" name=(filter.name) value=(text) placeholder=(label) maxlength="100"
                    autocomplete="off" hx-get=(list.path()) hx-trigger="input changed delay:300ms" hx-include="closest form"
                    hx-target=(target) hx-swap="outerHTML" hx-push-url="true" hx-sync="closest form:replace";
            },
            FilterKind::Day(day) => div.filter {
                label.form-label for=(id) { (label) }
                input.form-control id=(id) type="date" name=(filter.name) value=(day) hx-get=(list.path()) hx-trigger="change"
                    hx-include="closest form" hx-target=(target) hx-swap="outerHTML" hx-push-url="true"
                    hx-sync="closest form:replace";
            },
            FilterKind::Choice { options, value } => div.filter {
                label.visually-hidden for=(id) { (label) }
                select.form-control id=(id) name=(filter.name) hx-get=(list.path()) hx-trigger="change" hx-include="closest form"
                    hx-target=(target) hx-swap="outerHTML" hx-push-url="true" hx-sync="closest form:replace" {
                    option value="" selected[value.is_empty()] { (any(l, filter.label_key)) }
                    @for (code, words) in options { option value=(code) selected[code == value] { (words) } }
                }
            },
        }
    }
}

/// What stands for no choice: `{key}.any` where the label's gender asks for words of its own.
fn any(l: Locale, label_key: &str) -> String {
    let own = format!("{label_key}.any");
    if exists(&own) { t(l, &own).to_owned() } else { fill(l, "list.any", &[("filter", t(l, label_key))]) }
}

/// What is set, each with the link that takes it away; nothing when no filter is set.
pub fn chips(l: Locale, list: &Address, all: &[FilterView]) -> Markup {
    let set: Vec<_> = all.iter().filter_map(|f| f.chosen().map(|words| (f, words))).collect();
    let cleared = all.iter().fold(list.with("page", ""), |address, f| address.with(f.name, ""));
    html! {
        @if !set.is_empty() {
            ul.chips aria-label=(t(l, "list.chips")) {
                @for (filter, words) in &set {
                    li {
                        a.chip href=(list.with("page", "").with(filter.name, "").href())
                            aria-label=(fill(l, "list.chip.remove", &[("filter", t(l, filter.label_key)), ("value", words)])) {
                            @if !matches!(filter.kind, FilterKind::Search(_)) { span.quiet { (t(l, filter.label_key)) ": " } }
                            span.clip { (words) } (icon("x"))
                        }
                    }
                }
                @if set.len() > 1 { li { a.chip-clear href=(cleared.href()) { (t(l, "list.clear")) } } }
            }
        }
    }
}
