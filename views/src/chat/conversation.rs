//! An open conversation: who, the messages, the composer.

use maud::{Markup, html};

use super::composer::composer;
use super::message::{MessageView, message, older_control};
use super::row::label;
use crate::presence::PersonView;
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

/// A conversation as its panel shows it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConversationPanel {
    /// UUID.
    pub id: String,
    /// Both people.
    pub people: Vec<PersonView>,
    /// The last messages, oldest first.
    pub messages: Vec<MessageView>,
    /// The number before which there are more.
    pub older_before: Option<i64>,
    /// Whether the viewer may write here.
    pub can_write: bool,
    /// The number of the last message.
    pub last_number: i64,
    /// The number up to which the viewer has read.
    pub last_read: i64,
    /// What the composer holds.
    pub draft: String,
    /// Key of why the last message was refused.
    pub error_key: Option<String>,
    /// A fresh UUID for the next message, so that sending twice stores once.
    pub message_id: String,
}

/// The conversation that is open.
pub fn conversation_panel(l: Locale, c: &ConversationPanel) -> Markup {
    html! {
        div.talk data-conversation=(c.id) data-read-url=(paths::message_read(&c.id)) data-last-read=(c.last_read) {
            (head(l, c))
            div.scroller data-scroller tabindex="0" role="group" aria-label=(label(l, &c.people)) {
                div.scroller-in {
                    (older_control(l, &c.id, c.older_before))
                    div role="log" aria-live="polite" aria-label=(t(l, "chat.messages")) {
                        ol.msgs id=(dom::messages(&c.id).id()) { @for m in &c.messages { (message(l, m)) } }
                    }
                }
            }
            button.btn.btn-sm.to-end type="button" data-new-pill data-one=(t(l, "chat.pill.one")) data-other=(t(l, "chat.pill.other")) hidden {}
            @if c.can_write { (composer(l, c)) } @else { p.talk-closed { (ui::icon("lock")) (t(l, "chat.closed")) } }
        }
    }
}

/// Who one talks to, and the plain form that marks as read.
fn head(l: Locale, c: &ConversationPanel) -> Markup {
    html! {
        header.talk-head.conv {
            a.icon-btn.talk-back href=(paths::CHAT) aria-label=(t(l, "chat.back")) { (ui::icon("arrow-left")) }
            @for person in &c.people {
                div.talk-who data-person=(person.id) {
                    (ui::avatar_with_dot(l, person))
                    div.who { h1.clip { (person.name) } span.quiet.clip { (person.role_word(l)) } }
                }
            }
            @if c.last_number > c.last_read {
                noscript {
                    form method="post" action=(paths::message_read(&c.id)) {
                        input type="hidden" name="number" value=(c.last_number);
                        button.btn.btn-sm type="submit" { (t(l, "chat.mark_read")) }
                    }
                }
            }
        }
    }
}
