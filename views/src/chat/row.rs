//! A conversation in a list, and the counters of unread messages.

use maud::{Markup, html};

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
    /// Both people.
    pub people: Vec<PersonView>,
    /// The last message, in one line.
    pub last_line: String,
    /// Who wrote it.
    pub last_by: String,
    /// When it was written.
    pub last_at: Option<TimeView>,
    /// Unread messages of the viewer; 0 in what all viewers get.
    pub unread: i64,
}

/// A conversation on the chat page.
pub fn conversation_row(l: Locale, c: &ConversationRow) -> Markup {
    row(l, c, &dom::conversation_row(&c.id), &dom::unread(&c.id))
}

/// A conversation in the dock.
pub fn dock_row(l: Locale, c: &ConversationRow) -> Markup {
    row(l, c, &dom::dock_row(&c.id), &dom::dock_unread(&c.id))
}

/// Who, when, the last line, and how many are unread.
fn row(l: Locale, c: &ConversationRow, id: &DomId, unread: &DomId) -> Markup {
    html! {
        li.conv id=(id.id()) data-sort=(c.sort) {
            a.conv-link href=(paths::conversation(&c.id)) {
                @for person in &c.people {
                    span.conv-face data-person=(person.id) { (ui::avatar_with_dot(l, person)) }
                    span.conv-name.clip data-person=(person.id) { (person.name) }
                }
                span.conv-at.num { @if let Some(at) = &c.last_at { (day_or_time(at)) } }
                span.conv-last.clip {
                    @if !c.last_by.is_empty() { span.only data-person-only=(c.last_by) { (t(l, "chat.row.you")) " " } }
                    (c.last_line)
                }
                (unread_badge(l, unread, c.unread))
            }
        }
    }
}

/// A counter of unread messages, hidden at 0. Morphs pass it by: it is the viewer's own and changes by `replace` alone.
pub fn unread_badge(l: Locale, id: &DomId, count: i64) -> Markup {
    let count = count.max(0);
    html! {
        span.unread.num id=(id.id()) data-count=(count) hidden[count == 0] hx-morph-skip {
            @if count > 0 {
                span aria-hidden="true" { @if count > CAP { (CAP) "+" } @else { (count) } }
                span.visually-hidden { " " (plural(l, "chat.unread", count)) }
            }
        }
    }
}

/// Both names in one sentence, for the title of a page region.
pub(super) fn label(l: Locale, people: &[PersonView]) -> String {
    let names: Vec<&str> = people.iter().map(|p| p.name.as_str()).collect();
    fill(l, "chat.row.open", &[("name", &names.join(", "))])
}
