//! A record that a message points to: a place in the message, the same for everyone, that each viewer's screen fills.

use maud::{Markup, html};

use crate::text::{Locale, t};
use crate::{paths, ui};

/// A record as its card shows it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RecordCard {
    /// Code of its kind.
    pub kind: String,
    /// UUID.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What else is to be known, each in a few words.
    pub facts: Vec<String>,
    /// Whether it is over.
    pub is_closed: bool,
    /// Its page, for who has one.
    pub url: Option<String>,
}

/// The place of a card in a message: its address until the card is fetched, and again when the record changes. Without
/// scripts it stays a link.
pub(super) fn place(kind: &str, id: &str, href: &str, text: &str) -> Markup {
    html! {
        span.talk-record data-record={ (kind) ":" (id) } hx-get=(paths::record_card(kind, id)) hx-trigger="revealed, crea:record"
            hx-target="this" hx-swap="innerHTML" hx-status:404="swap:innerHTML" {
            a href=(href) { (text) }
        }
    }
}

/// The card of who may see the record.
pub fn record_card(l: Locale, c: &RecordCard) -> Markup {
    html! {
        span.talk-record-card {
            span.talk-record-icon aria-hidden="true" { (ui::icon("clipboard-text")) }
            span.talk-record-main {
                @if let Some(url) = &c.url { a.talk-record-title.clip href=(url) { (c.title) } }
                @else { strong.talk-record-title.clip { (c.title) } }
                span.talk-record-facts.clip { (c.facts.join(" · ")) @if c.is_closed { " · " (t(l, "record.closed")) } }
            }
            form method="post" action=(paths::record_conversation(&c.kind, &c.id)) {
                button.btn.btn-sm type="submit" { (ui::icon("messages")) (t(l, "record.talk")) }
            }
        }
    }
}

/// What stands there for who may not see it.
pub fn record_closed(l: Locale) -> Markup {
    html! { span.talk-record-card.talk-record-none { (ui::icon("lock")) (t(l, "record.none")) } }
}
