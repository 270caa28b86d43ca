//! A conversation in a list, and the counters of unread messages.

use maud::{Markup, html};

use super::{Kind, notice};
use crate::dom::{self, DomId};
use crate::presence::PersonView;
use crate::text::{Locale, fill, plural, t};
use crate::time::{TimeView, day_or_time};
use crate::{paths, ui};

/// The highest count that is shown as it is.
const CAP: i64 = 99;

/// A conversation as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConversationRow {
    /// UUID.
    pub id: String,
    /// Where it sorts: a decimal integer, ascending.
    pub sort: String,
    /// What it is.
    pub kind: Kind,
    /// Its name, of a group or of what is about a record.
    pub title: String,
    /// Both people of a direct one; the sender of a mass message; who wrote last in any other.
    pub people: Vec<PersonView>,
    /// The last message, in one line.
    pub last_line: String,
    /// The code of the last notice, when that is what came last; the line is its argument.
    pub last_notice: Option<String>,
    /// Who wrote it.
    pub last_by: String,
    /// When it was written.
    pub last_at: Option<TimeView>,
    /// Unread messages of the viewer; 0 in what all viewers get.
    pub unread: i64,
    /// Whether the viewer muted it; not in what all viewers get.
    pub is_muted: bool,
}

/// A conversation on the chat page.
pub fn conversation_row(l: Locale, c: &ConversationRow) -> Markup {
    row(l, c, &dom::conversation_row(&c.id), &dom::unread(&c.id))
}

/// A conversation in the dock.
pub fn dock_row(l: Locale, c: &ConversationRow) -> Markup {
    row(l, c, &dom::dock_row(&c.id), &dom::dock_unread(&c.id))
}

/// A pinned conversation, in the list above the others.
pub fn pinned_row(l: Locale, c: &ConversationRow) -> Markup {
    row(l, c, &dom::pinned_row(&c.id), &dom::pinned_unread(&c.id))
}

/// Who, when, the last line, and how many are unread.
fn row(l: Locale, c: &ConversationRow, id: &DomId, unread: &DomId) -> Markup {
    let names = c.people.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(" ");
    html! {
        li.conv id=(id.id()) data-sort=(c.sort) data-names=(names) {
            a.conv-link href=(paths::conversation(&c.id)) {
                @match c.kind {
                    Kind::Direct => @for person in &c.people {
                        span.conv-face data-person=(person.id) { (ui::avatar_with_dot(l, person)) }
                        span.conv-name.clip data-person=(person.id) { (person.name) }
                    },
                    Kind::Broadcast => @for person in &c.people { (named(c.kind, &person.name, id)) },
                    Kind::Group | Kind::Record => (named(c.kind, &c.title, id)),
                }
                span.conv-at.num { @if let Some(at) = &c.last_at { (day_or_time(at)) } }
                span.conv-last.clip { (last(l, c, &id.part("line"))) }
                (unread_badge(l, unread, c.unread, c.is_muted))
            }
        }
    }
}

/// A name beside the icon of its kind.
fn named(kind: Kind, name: &str, row: &DomId) -> Markup {
    html! {
        span.conv-face { span.face.face-kind aria-hidden="true" { (ui::icon(kind.icon())) } }
        span.conv-name.clip id=(row.part("name").id()) { (name) }
    }
}

/// The last line: whose it is, where more than one other person may have written it.
fn last(l: Locale, c: &ConversationRow, id: &DomId) -> Markup {
    let by = c.people.iter().find(|p| p.id == c.last_by);
    let name = by.map(|p| p.name.as_str()).unwrap_or_default();
    html! {
        @if let Some(code) = &c.last_notice { (notice::sentence(l, code, name, &c.last_line)) }
        @else {
            @if !c.last_by.is_empty() { span.only data-person-only=(c.last_by) { (t(l, "chat.row.you")) " " } }
            @if matches!(c.kind, Kind::Group | Kind::Record) && !name.is_empty() {
                span data-person=(c.last_by) { (name.split(' ').next().unwrap_or_default()) ": " }
            }
            span id=(id.id()) { (c.last_line) }
        }
    }
}

/// A counter of unread messages, hidden at 0. Morphs pass it by: it is the viewer's own and changes by `replace` alone.
/// A muted conversation says so here, since rows are the same for everyone.
pub fn unread_badge(l: Locale, id: &DomId, count: i64, is_muted: bool) -> Markup {
    let count = count.max(0);
    html! {
        span.unread.num id=(id.id()) data-count=(count) data-muted[is_muted] hidden[count == 0 && !is_muted] hx-morph-skip {
            @if is_muted { (ui::icon("bell-off")) span.visually-hidden { (t(l, "chat.muted")) } }
            @if count > 0 {
                span aria-hidden="true" { @if count > CAP { (CAP) "+" } @else { (count) } }
                span.visually-hidden { " " (plural(l, "chat.unread", count)) }
            }
        }
    }
}

/// The people in one sentence, for the title of a page region.
pub(super) fn label(l: Locale, people: &[PersonView]) -> String {
    let names: Vec<&str> = people.iter().map(|p| p.name.as_str()).collect();
    fill(l, "chat.row.open", &[("name", &names.join(", "))])
}
