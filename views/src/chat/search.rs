//! The search over one's own messages.

use maud::{Markup, html};

use crate::presence::PersonView;
use crate::text::{Locale, fill, plural, t};
use crate::time::TimeView;
use crate::{dom, paths, ui};

/// A part of what a found message says. Both are text: a mark is the only markup around it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// As it was written.
    Text(String),
    /// A word that was looked for.
    Match(String),
}

/// A message that was found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HitView {
    /// UUID of the conversation.
    pub conversation_id: String,
    /// The message's number there.
    pub number: i64,
    /// What the conversation is called; empty for a mass message.
    pub conversation: String,
    /// Who wrote it.
    pub sender: PersonView,
    /// When.
    pub at: TimeView,
    /// What it says around the first match.
    pub snippet: Vec<Found>,
}

/// What a filter offers: values with their words.
pub type Choices = Vec<(String, String)>;

/// The search page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MessageSearch {
    /// What was typed.
    pub query: String,
    /// Whether it is too short to look for anything.
    pub is_short: bool,
    /// What was found.
    pub hits: Vec<HitView>,
    /// Where the next page is.
    pub more: Option<String>,
    /// Conversations to choose from, and the chosen one.
    pub conversations: (Choices, String),
    /// People to choose from, and the chosen one.
    pub senders: (Choices, String),
    /// First day, `2026-11-22`; empty: from the beginning.
    pub from: String,
    /// Last day; empty: until now.
    pub to: String,
}

/// The search page: what is looked for, what narrows it, what was found.
pub fn search_panel(l: Locale, v: &MessageSearch) -> Markup {
    let hits = dom::hits();
    html! {
        header.page-head { h1 { (t(l, "find.title")) } }
        div.find {
            form.find-form role="search" action=(paths::CHAT_SEARCH) method="get" aria-label=(t(l, "find.title")) data-opens=(hits.target())
                hx-get=(paths::CHAT_SEARCH) hx-trigger="input delay:300ms, change" hx-target=(hits.target()) hx-swap="outerHTML"
                hx-replace-url="true" hx-sync="this:replace" {
                label.visually-hidden for="find" { (t(l, "find.label")) }
                input.form-control.find-words id="find" type="search" name="q" value=(v.query) maxlength="100" autocomplete="off" autofocus
                    data-search placeholder=(t(l, "find.placeholder"));
                div.find-filters {
                    (choice(l, "in", "find.in", "find.in.any", &v.conversations))
                    (choice(l, "by", "find.by", "find.by.any", &v.senders))
                    label { span { (t(l, "find.from")) } input.form-control type="date" name="from" value=(v.from); }
                    label { span { (t(l, "find.to")) } input.form-control type="date" name="to" value=(v.to); }
                    noscript { (ui::submit(t(l, "find.button"))) }
                }
            }
            (hit_list(l, v))
        }
    }
}

/// One filter: anything, or one of these.
fn choice(l: Locale, name: &str, label_key: &str, any_key: &str, (choices, chosen): &(Choices, String)) -> Markup {
    html! {
        label {
            span { (t(l, label_key)) }
            select.form-select name=(name) {
                option value="" { (t(l, any_key)) }
                @for (value, words) in choices { option value=(value) selected[value == chosen] { (words) } }
            }
        }
    }
}

/// What was found, as the answer to typing.
pub fn hit_list(l: Locale, v: &MessageSearch) -> Markup {
    html! {
        div.hits id=(dom::hits().id()) data-query=(v.query) {
            p.quiet.hits-count role="status" {
                @if !v.hits.is_empty() { (plural(l, "find.count", v.hits.len() as i64)) @if v.more.is_some() { "+" } }
            }
            @if v.hits.is_empty() {
                @if v.query.trim().is_empty() { (ui::empty("search", t(l, "find.start"), None)) }
                @else if v.is_short { (ui::empty("search", t(l, "find.short"), None)) }
                @else { (ui::empty("search", &fill(l, "find.none", &[("query", &v.query)]), Some((paths::CHAT_SEARCH, t(l, "find.clear"))))) }
            }
            ol.rows.hit-rows data-roving { @for hit in &v.hits { (hit_item(l, hit)) } }
            @if let Some(url) = &v.more { p.conv-more { a.btn.btn-sm href=(url) { (t(l, "find.more")) } } }
        }
    }
}

/// One message that was found; it leads to its place in the conversation.
fn hit_item(l: Locale, hit: &HitView) -> Markup {
    html! {
        li {
            a.hit href=(paths::message_at(&hit.conversation_id, hit.number)) {
                (ui::avatar(&hit.sender))
                span.hit-head {
                    strong { (hit.sender.name) }
                    span.quiet { @if hit.conversation.is_empty() { (t(l, "find.mass")) } @else { (hit.conversation) } }
                    time.quiet.num datetime=(hit.at.iso) { (hit.at.long) }
                }
                span.hit-text dir="auto" {
                    @for part in &hit.snippet {
                        @match part { Found::Text(text) => (text), Found::Match(text) => mark { (text) } }
                    }
                }
            }
        }
    }
}
