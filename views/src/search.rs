//! Search for people.

use maud::{Markup, html};

use crate::chat::{Recipient, recipient_item};
use crate::text::{Locale, fill, t};
use crate::{dom, paths, ui};

/// What a search found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SearchView {
    /// What was searched for.
    pub query: String,
    /// The people found.
    pub people: Vec<Recipient>,
    /// Whether there are more than shown.
    pub more: bool,
}

/// The search page. Its form serves where the top bar has no room for one.
pub fn panel(l: Locale, v: &SearchView) -> Markup {
    let results = dom::results();
    html! {
        header.page-head { h1 { (t(l, "nav.search")) } }
        div.search-page {
            form.search-form role="search" action=(paths::SEARCH) method="get" aria-label=(t(l, "search.title")) {
                label.visually-hidden for="search-page" { (t(l, "search.label")) }
                input.form-control id="search-page" type="search" name="q" value=(v.query) maxlength="100" autocomplete="off"
                    placeholder=(t(l, "search.placeholder")) hx-get=(paths::SEARCH) hx-trigger="input changed delay:300ms"
                    hx-target=(results.target()) hx-swap="outerHTML" hx-sync="this:replace";
                (ui::submit(t(l, "search.button")))
            }
            (results_list(l, v))
        }
    }
}

/// What was found, as the answer to typing.
pub fn results(l: Locale, v: &SearchView) -> Markup {
    results_list(l, v)
}

/// The list, the sentence for an empty one, and what to do when there are more.
fn results_list(l: Locale, v: &SearchView) -> Markup {
    html! {
        div.results id=(dom::results().id()) aria-live="polite" {
            @if v.people.is_empty() {
                @if v.query.is_empty() { (ui::empty("user-search", t(l, "search.start"), None)) }
                @else { (ui::empty("user-search", &fill(l, "search.none", &[("query", &v.query)]), Some((paths::SEARCH, t(l, "search.clear"))))) }
            }
            ul.rows { @for r in &v.people { (recipient_item(l, r)) } }
            @if v.more { p.quiet { (t(l, "search.more")) } }
        }
    }
}
