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
    /// Whether it stands behind a button of its own where the others are in sight.
    pub is_seldom: bool,
    /// What it is chosen from, and what is chosen.
    pub kind: FilterKind,
}

/// How a filter is set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilterKind {
    /// By words; holds what was typed.
    Search(String),
    /// By a few words of its own, beside the search.
    Words(String),
    /// By a day; holds `2026-11-22` or nothing.
    Day(String),
    /// From a list of `(value, words)`; the value that is chosen, or nothing for all.
    Choice {
        /// What may be chosen, without "all".
        options: Vec<(String, String)>,
        /// What is.
        value: String,
    },
    /// From a list of `(value, words)`; any number of them, none for all.
    Many {
        /// What may be chosen.
        options: Vec<(String, String)>,
        /// What is.
        values: Vec<String>,
    },
}

impl FilterView {
    /// A filter in sight.
    pub fn new(name: &'static str, label_key: &'static str, kind: FilterKind) -> Self {
        Self { name, label_key, is_seldom: false, kind }
    }

    /// A search; `text` is what was typed.
    pub fn search(name: &'static str, label_key: &'static str, text: &str) -> Self {
        Self::new(name, label_key, FilterKind::Search(text.to_owned()))
    }

    /// A list to choose one from.
    pub fn choice(
        name: &'static str,
        label_key: &'static str,
        options: impl Into<Vec<(String, String)>>,
        value: &str,
    ) -> Self {
        Self::new(name, label_key, FilterKind::Choice { options: options.into(), value: value.to_owned() })
    }

    /// A day, `2026-11-22` or nothing.
    pub fn day(name: &'static str, label_key: &'static str, day: &str) -> Self {
        Self::new(name, label_key, FilterKind::Day(day.to_owned()))
    }

    /// The same, behind the button of those that are seldom used.
    #[must_use]
    pub fn seldom(self) -> Self {
        Self { is_seldom: true, ..self }
    }

    /// What is set, each as its value and its words.
    fn chosen(&self) -> Vec<(&str, &str)> {
        match &self.kind {
            FilterKind::Search(text) | FilterKind::Words(text) | FilterKind::Day(text) => {
                (!text.is_empty()).then_some(("", text.as_str())).into_iter().collect()
            }
            FilterKind::Choice { options, value } => named(options, std::slice::from_ref(value)),
            FilterKind::Many { options, values } => named(options, values),
        }
    }

    /// What a search looks for; nothing for other filters.
    pub(super) fn looked_for(&self) -> &str {
        if let FilterKind::Search(text) = &self.kind { text } else { "" }
    }

    /// The list without one of the values that are set.
    fn without(&self, list: &Address, value: &str) -> Address {
        let first = first_page(list);
        match &self.kind {
            FilterKind::Many { values, .. } => {
                first.with_each(self.name, values.iter().map(String::as_str).filter(|one| *one != value))
            }
            _ => first.with(self.name, ""),
        }
    }
}

fn named<'a>(options: &'a [(String, String)], values: &'a [String]) -> Vec<(&'a str, &'a str)> {
    let is_chosen = |value: &String| !value.is_empty() && values.contains(value);
    options
        .iter()
        .filter(|(value, _)| is_chosen(value))
        .map(|(value, words)| (value.as_str(), words.as_str()))
        .collect()
}

fn first_page(list: &Address) -> Address {
    list.with("page", "").with("after", "")
}

/// The form. `list` is the list's address with everything that is set; a new filter starts at the first page.
pub fn filters(l: Locale, list: &Address, all: &[FilterView]) -> Markup {
    let kept =
        list.pairs().iter().filter(|(name, _)| name != "page" && name != "after" && all.iter().all(|f| f.name != name));
    html! {
        form.filters role="search" method="get" action=(list.path()) aria-label=(t(l, "list.filters")) {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            @for filter in all.iter().filter(|filter| !is_folded(all, filter)) { (input(l, list, filter)) }
            @if all.iter().any(|filter| is_folded(all, filter)) {
                // On a narrow screen this opens what is after it; on a wide one that is there, and this is not.
                details.filters-fold id=(dom::filter_fold().id()) { summary.btn { (icon("settings")) (fold_words(l, all)) } }
                div.filters-more {
                    @for filter in all.iter().filter(|filter| is_folded(all, filter) && !filter.is_seldom) { (input(l, list, filter)) }
                    @if has_seldom(all) {
                        // The other way round: on a narrow screen what is after it came with the rest.
                        details.filters-rare id=(dom::filter_rare().id()) { summary.btn { (icon("settings")) (rare_words(l, all)) } }
                        div.filters-seldom { @for filter in all.iter().filter(|filter| filter.is_seldom) { (input(l, list, filter)) } }
                    }
                }
            }
            // Where scripts run, choosing is enough.
            div.filters-go { (submit(t(l, "list.apply"))) }
        }
    }
}

/// Whether it stands behind the button on a narrow screen: the search does not, and one filter alone needs no button.
fn is_folded(all: &[FilterView], filter: &FilterView) -> bool {
    let is_search = |filter: &FilterView| matches!(filter.kind, FilterKind::Search(_));
    !is_search(filter) && all.iter().filter(|filter| !is_search(filter)).count() > 1
}

fn has_seldom(all: &[FilterView]) -> bool {
    all.iter().any(|filter| filter.is_seldom)
}

/// The words of the button: `Filtros (2)`.
fn fold_words(l: Locale, all: &[FilterView]) -> Markup {
    counted(&dom::filter_count(), t(l, "list.filters"), all.iter().filter(|filter| is_folded(all, filter)))
}

/// The words of the button before what is seldom used: `Más filtros (1)`.
fn rare_words(l: Locale, all: &[FilterView]) -> Markup {
    counted(&dom::filter_rare_count(), t(l, "list.filters.more"), all.iter().filter(|filter| filter.is_seldom))
}

fn counted<'a>(id: &dom::DomId, words: &str, behind: impl Iterator<Item = &'a FilterView>) -> Markup {
    let set: usize = behind.map(|filter| filter.chosen().len()).sum();
    html! { span id=(id.id()) { (words) @if set > 0 { " (" (set) ")" } } }
}

/// What a changed filter changes of the form: how many are in force. The form itself stays, with what is typed in it.
pub(super) fn filters_changed(l: Locale, all: &[FilterView]) -> Markup {
    html! {
        @if all.iter().any(|filter| is_folded(all, filter)) { (crate::live::morph(&dom::filter_count(), fold_words(l, all))) }
        @if has_seldom(all) { (crate::live::morph(&dom::filter_rare_count(), rare_words(l, all))) }
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
            FilterKind::Words(text) => div.filter {
                label.visually-hidden for=(id) { (label) }
                input.form-control id=(id) type="search" name=(filter.name) value=(text) placeholder=(label) maxlength="100"
                    autocomplete="off" hx-get=(list.path()) hx-trigger="input changed delay:300ms" hx-include="closest form"
                    hx-target=(target) hx-swap="outerHTML" hx-push-url="true" hx-sync="closest form:replace";
            },
            FilterKind::Many { options, values } => details.menu.filter.filter-many data-menu {
                summary.form-control.filter-many-button {
                    span.clip { (label) }
                    (icon("chevron-down"))
                }
                // Boxes answer through what holds them: a box by itself would be sent ticked or not.
                fieldset.menu-panel hx-get=(list.path()) hx-trigger="change" hx-include="closest form" hx-target=(target)
                    hx-swap="outerHTML" hx-push-url="true" hx-sync="closest form:replace" {
                    legend.visually-hidden { (label) }
                    @for (code, words) in options {
                        label.filter-box {
                            input type="checkbox" name=(filter.name) value=(code) checked[values.contains(code)];
                            " " (words)
                        }
                    }
                }
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
    let set: Vec<_> =
        all.iter().flat_map(|f| f.chosen().into_iter().map(move |(value, words)| (f, value, words))).collect();
    let cleared = all.iter().fold(first_page(list), |address, f| address.with(f.name, ""));
    html! {
        @if !set.is_empty() {
            ul.chips aria-label=(t(l, "list.chips")) {
                @for (filter, value, words) in &set {
                    li {
                        a.chip href=(filter.without(list, value).href())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &'static str, typed: &str) -> FilterView {
        FilterView::new(name, "list.filters", FilterKind::Words(typed.to_owned()))
    }

    fn search(typed: &str) -> FilterView {
        FilterView::search("q", "list.filters", typed)
    }

    #[test]
    fn the_button_says_how_many_are_in_force_behind_it() {
        let said = |all: &[FilterView]| filters_changed(Locale::Es, all).into_string();
        for (all, expected) in [
            (vec![search("caja"), words("a", ""), words("b", "")], ">Filtros</span>"),
            (vec![search("caja"), words("a", "x"), words("b", "y")], ">Filtros (2)</span>"),
        ] {
            assert!(said(&all).contains(expected), "{}", said(&all));
            let form = filters(Locale::Es, &Address::new("/tickets"), &all).into_string();
            let (before, behind) = form.split_once("filters-more").expect("what is folded");
            assert!(before.contains(expected) && before.contains("name=\"q\""), "the search stands before: {form}");
            assert!(behind.contains("name=\"a\"") && behind.contains("name=\"b\""), "{behind}");
        }
    }

    #[test]
    fn what_is_seldom_used_stands_behind_a_button_of_its_own() {
        let seldom = |typed| words("c", typed).seldom();
        let all = [search(""), words("a", "x"), words("b", ""), seldom("z")];
        let form = filters(Locale::Es, &Address::new("/tickets"), &all).into_string();
        let (before, behind) = form.split_once("filters-seldom").expect("what is seldom used");
        assert!(before.contains(">Filtros (2)</span>") && before.contains(">Más filtros (1)</span>"), "{form}");
        assert!(before.contains("name=\"b\"") && behind.contains("name=\"c\""), "{form}");
        let said = filters_changed(Locale::Es, &[search(""), words("a", ""), words("b", ""), seldom("")]).into_string();
        assert!(said.contains(">Filtros</span>") && said.contains(">Más filtros</span>"), "{said}");
    }

    #[test]
    fn one_filter_needs_no_button() {
        let all = [search("caja"), words("a", "x")];
        assert_eq!(filters_changed(Locale::Es, &all).into_string(), "");
        let form = filters(Locale::Es, &Address::new("/tickets"), &all).into_string();
        assert!(!form.contains("filters-fold") && form.contains("name=\"a\""), "{form}");
    }
}
