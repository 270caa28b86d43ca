//! The timeline of a ticket: what was said, and what was changed, in one order.

use maud::{Markup, html};

use super::by;
use crate::chat::{Piece, body_piece};
use crate::presence::PersonView;
use crate::text::{Locale, fill, t};
use crate::time::TimeView;
use crate::ui::{self, FileView, attachments};
use crate::{dom, paths};

/// A value that changed, as it is told.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum ValueView {
    /// Nothing was there.
    #[default]
    Nothing,
    /// The key of a text.
    Key(String),
    /// Words.
    Words(String),
}

impl ValueView {
    fn words(&self, l: Locale) -> &str {
        match self {
            Self::Nothing => t(l, "tickets.nothing"),
            Self::Key(key) => t(l, key),
            Self::Words(words) => words,
        }
    }
}

/// A row of a timeline.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EntryView {
    /// UUID.
    pub id: String,
    /// Where it sorts.
    pub number: i64,
    /// Who; none for what happened by itself.
    pub author: Option<PersonView>,
    /// When.
    pub at: TimeView,
    /// Whether staff alone reads it.
    pub is_note: bool,
    /// What was written; empty for a change.
    pub body: Vec<Piece>,
    /// What changed; empty for what was said.
    pub field: String,
    /// From what.
    pub old: ValueView,
    /// To what.
    pub new: ValueView,
    /// Why.
    pub reason: String,
    /// What was sent with it.
    pub files: Vec<FileView>,
}

impl EntryView {
    fn sentence(&self, l: Locale) -> String {
        let key = match (self.field.as_str(), self.author.is_some()) {
            ("assignee", false) => "tickets.change.assigned_by_itself".to_owned(),
            (field, _) => format!("tickets.change.{field}"),
        };
        fill(l, &key, &[("old", self.old.words(l)), ("new", self.new.words(l))])
    }
}

/// One row.
pub fn entry(l: Locale, e: &EntryView) -> Markup {
    let kind = if e.field.is_empty() { "said" } else { "change" };
    html! {
        li.entry id=(dom::ticket_entry(&e.id).id()) data-sort=(e.number) data-entry=(kind) data-note[e.is_note]
            data-sender=[e.author.as_ref().map(|person| &person.id)] {
            @if e.field.is_empty() {
                span.entry-face { @match &e.author { Some(person) => (ui::avatar(person)), None => (ui::icon("info-circle")) } }
                div.entry-said {
                    p.entry-head {
                        (by(e.author.as_ref(), l, &e.at))
                        @if e.is_note { " " span.tag data-tone="warning" { (ui::icon("lock")) (t(l, "tickets.note")) } }
                    }
                    div.entry-body { @for piece in &e.body { (body_piece(piece)) } }
                    (attachments(l, &e.files))
                }
            } @else {
                span.entry-face { (ui::icon("history")) }
                div.entry-change {
                    p { (by(e.author.as_ref(), l, &e.at)) " · " (e.sentence(l)) }
                    @if e.field == "description" { (before_and_after(l, e)) }
                    @if !e.reason.is_empty() { p.entry-reason { (e.reason) } }
                    (attachments(l, &e.files))
                }
            }
        }
    }
}

/// Long texts stand below their sentence.
fn before_and_after(l: Locale, e: &EntryView) -> Markup {
    html! {
        details.entry-versions {
            summary { (t(l, "tickets.change.versions")) }
            @for (key, value) in [("tickets.change.before", &e.old), ("tickets.change.after", &e.new)] {
                p.quiet { (t(l, key)) }
                div.entry-reason { (value.words(l)) }
            }
        }
    }
}

/// The rows, and the way to what came before them.
pub fn timeline(l: Locale, ticket: &str, entries: &[EntryView], before_number: Option<i64>) -> Markup {
    html! {
        @if let Some(number) = before_number {
            p.entry-more {
                a.btn.btn-sm href=(paths::ticket_before(ticket, number)) { (ui::icon("history")) (t(l, "tickets.earlier")) }
            }
        }
        ol.entries id=(dom::ticket_entries(ticket).id()) aria-live="polite" aria-label=(t(l, "tickets.timeline")) {
            @for e in entries { (entry(l, e)) }
        }
    }
}
