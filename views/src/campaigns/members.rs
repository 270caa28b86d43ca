//! Who is in a campaign, and who may be added. Both are chosen by ticking names, so that a whole shift is one click.

use maud::{Markup, html};

use super::{CampaignHead, CampaignTab, head};
use crate::text::{Locale, fill, plural, t};
use crate::ui::{self, Tone};
use crate::{dom, paths};

/// A person in either list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MemberView {
    /// The account.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Document and e-mail, what there is of it.
    pub detail: String,
    /// Code of the role.
    pub role: String,
    /// Whether they may sign in.
    pub is_active: bool,
}

/// What the members' page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MembersView {
    /// The campaign.
    pub head: CampaignHead,
    /// Members that match, one page of them.
    pub members: Vec<MemberView>,
    /// What was searched among members.
    pub query: String,
    /// Address of the next page.
    pub next: Option<String>,
    /// Whether this is the first page.
    pub is_first: bool,
    /// People who may be added and match.
    pub outsiders: Vec<MemberView>,
    /// What was searched among them.
    pub add_query: String,
    /// Whether more would match.
    pub more_outsiders: bool,
    /// How many were just added or removed.
    pub added: Option<i64>,
    /// See `added`.
    pub removed: Option<i64>,
}

/// The members' page.
pub fn members_panel(l: Locale, v: &MembersView) -> Markup {
    html! {
        (head(l, &v.head, CampaignTab::Members))
        @if let Some(n) = v.added { (ui::notice(Tone::Success, &plural(l, "campaigns.added", n))) }
        @if let Some(n) = v.removed { (ui::notice(Tone::Success, &plural(l, "campaigns.removed", n))) }
        div.two-lists {
            section aria-labelledby="members-title" {
                h2 id="members-title" { (t(l, "campaigns.members")) }
                (search(l, v, "q", &v.query, "campaigns.members.search", &dom::insiders()))
                (members(l, v))
            }
            section aria-labelledby="outsiders-title" {
                h2 id="outsiders-title" { (t(l, "campaigns.add.title")) }
                (search(l, v, "add", &v.add_query, "campaigns.add.search", &dom::outsiders()))
                (outsiders(l, v))
            }
        }
    }
}

/// One of the two searches; without scripts it sends the page, with them its own list alone.
fn search(l: Locale, v: &MembersView, name: &str, value: &str, label_key: &str, list: &dom::DomId) -> Markup {
    let action = paths::campaign_members(&v.head.id);
    let target = list.target();
    let id = format!("search-{name}");
    html! {
        form.filters role="search" method="get" action=(action) aria-label=(t(l, label_key)) {
            div.filter.filter-search {
                label.visually-hidden for=(id) { (t(l, label_key)) }
                (ui::icon("search"))
                input.form-control id=(id) type="search" name=(name) value=(value) placeholder=(t(l, label_key)) maxlength="100"
                    autocomplete="off" hx-get=(action) hx-trigger="input changed delay:300ms" hx-target=(target)
                    hx-select=(target) hx-swap="outerHTML" hx-sync="this:replace";
            }
            div.filters-go { (ui::submit(t(l, "list.apply"))) }
        }
    }
}

fn members(l: Locale, v: &MembersView) -> Markup {
    html! {
        div id=(dom::insiders().id()) {
            @if v.members.is_empty() {
                (ui::empty("users", t(l, if v.query.is_empty() { "campaigns.members.none" } else { "campaigns.members.no_match" }), None))
            } @else {
                form method="post" action=(paths::campaign_removal(&v.head.id)) hx-confirm=(t(l, "campaigns.remove.confirm")) {
                    (people(l, &v.members))
                    div.list-actions {
                        button.btn type="submit" { (ui::icon("user-minus")) (t(l, "campaigns.remove.button")) }
                        @if !v.is_first { a.btn href=(paths::campaign_members(&v.head.id)) { (t(l, "list.first")) } }
                        @if let Some(next) = &v.next { a.btn href=(next) { (t(l, "list.next")) } }
                    }
                }
            }
        }
    }
}

fn outsiders(l: Locale, v: &MembersView) -> Markup {
    html! {
        div id=(dom::outsiders().id()) {
            @if v.outsiders.is_empty() {
                (ui::empty("user-search", &none(l, &v.add_query), None))
            } @else {
                form method="post" action=(paths::campaign_members(&v.head.id)) {
                    (people(l, &v.outsiders))
                    div.list-actions {
                        button.btn.btn-primary type="submit" { (ui::icon("user-plus")) (t(l, "campaigns.add.button")) }
                    }
                    @if v.more_outsiders { p.quiet { (t(l, "search.more")) } }
                }
            }
        }
    }
}

fn none(l: Locale, query: &str) -> String {
    if query.is_empty() { t(l, "campaigns.add.none").to_owned() } else { fill(l, "search.none", &[("query", query)]) }
}

/// Names to tick.
fn people(l: Locale, people: &[MemberView]) -> Markup {
    html! {
        ul.rows.tick-rows {
            @for person in people {
                li {
                    label.tick-row {
                        input type="checkbox" name="user" value=(person.id);
                        span.row-main {
                            strong.clip { (person.name) }
                            span.quiet.clip { (t(l, &format!("role.{}", person.role))) @if !person.detail.is_empty() { " · " (person.detail) } }
                        }
                        @if !person.is_active { (super::state_tag(l, false)) }
                    }
                }
            }
        }
    }
}
