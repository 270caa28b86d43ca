//! An open conversation: who, the messages, the composer.

use maud::{Markup, html};

use super::composer::composer;
use super::head::head;
use super::options::bars;
use super::row::label;
use super::seen::{SeenView, seen_footer, typing_line};
use super::stretch::{Stretch, stretch, to_end};
use super::{Kind, MemberView};
use crate::presence::PersonView;
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

/// A conversation as its panel shows it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConversationPanel {
    /// UUID.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// Its name, of a group or of what is about a record.
    pub title: String,
    /// Both people of a direct one; the sender of a mass message; empty in any other.
    pub people: Vec<PersonView>,
    /// Who is in a group or in what is about a record.
    pub members: Vec<MemberView>,
    /// Who made the group.
    pub created_by: Option<PersonView>,
    /// Name of the group's campaign.
    pub campaign: String,
    /// Whether the viewer muted it.
    pub is_muted: bool,
    /// Whether the viewer pinned it.
    pub is_pinned: bool,
    /// The messages that are drawn.
    pub stretch: Stretch,
    /// Who has read the last message.
    pub seen: Option<SeenView>,
    /// Whether the viewer may write here.
    pub can_write: bool,
    /// The number of the last message.
    pub last_number: i64,
    /// The number up to which the viewer has read.
    pub last_read: i64,
    /// What the composer holds.
    pub draft: String,
    /// When that was kept, in milliseconds since 1970.
    pub draft_at_ms: Option<i64>,
    /// Files that wait to be sent.
    pub files: ui::UploadView,
    /// Key of why the last message was refused.
    pub error_key: Option<String>,
    /// A fresh UUID for the next message, so that sending twice stores once.
    pub message_id: String,
}

/// The conversation that is open.
pub fn conversation_panel(l: Locale, c: &ConversationPanel) -> Markup {
    html! {
        div.talk id=(dom::talk(&c.id).id()) data-conversation=(c.id) data-read-url=(paths::message_read(&c.id)) data-last-read=(c.last_read)
            data-at=[c.stretch.at] data-from=[c.stretch.from] data-drop-files=[c.can_write.then(|| t(l, "file.drop"))] {
            (head(l, c))
            div.scroller data-scroller tabindex="0" role="group" aria-label=[c.title.is_empty().then(|| label(l, &c.people))]
                aria-labelledby=[(!c.title.is_empty()).then(|| dom::talk_title(&c.id).id().to_owned())] {
                div.scroller-in {
                    (stretch(l, &c.id, &c.stretch))
                    @if c.stretch.is_live() { (seen_footer(l, &c.id, c.seen.as_ref())) }
                }
            }
            (to_end(l, &c.id, c.stretch.is_live()))
            (typing_line(l, &c.id))
            @if c.can_write { (bars(l)) }
            @if c.can_write { (composer(l, c)) } @else { p.talk-closed { (ui::icon("lock")) (t(l, "chat.closed")) } }
        }
    }
}
