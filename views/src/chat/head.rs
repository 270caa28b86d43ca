//! The head of an open conversation: who or what it is, and what one may do with it for oneself.

use maud::{Markup, html};

use super::members;
use super::{ConversationPanel, Kind};
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

/// Who one talks to, the menu, and the plain form that marks as read.
pub(super) fn head(l: Locale, c: &ConversationPanel) -> Markup {
    html! {
        header.talk-head.conv {
            a.icon-btn.talk-back href=(paths::CHAT) aria-label=(t(l, "chat.back")) { (ui::icon("arrow-left")) }
            @match c.kind {
                Kind::Direct => @for person in &c.people {
                    div.talk-who data-person=(person.id) {
                        (ui::avatar_with_dot(l, person))
                        div.who { h1.clip { (person.name) } span.quiet.clip { (person.role_word(l)) } }
                    }
                },
                Kind::Broadcast => @for person in &c.people {
                    div.talk-who data-names=(person.id) {
                        span.face.face-kind aria-hidden="true" { (ui::icon(c.kind.icon())) }
                        div.who { h1.clip { (person.name) } span.quiet.clip { (t(l, "chat.kind.broadcast")) } }
                    }
                },
                Kind::Group | Kind::Record => div.talk-who {
                    span.face.face-kind aria-hidden="true" { (ui::icon(c.kind.icon())) }
                    div.who { (talk_title(&c.id, &c.title)) (members::panel(l, c)) }
                },
            }
            div.talk-tools {
                @if c.last_number > c.last_read {
                    noscript {
                        form method="post" action=(paths::message_read(&c.id)) {
                            input type="hidden" name="number" value=(c.last_number);
                            button.btn.btn-sm type="submit" { (t(l, "chat.mark_read")) }
                        }
                    }
                }
                (talk_menu(l, &TalkMenu { id: c.id.clone(), kind: c.kind, is_muted: c.is_muted, is_pinned: c.is_pinned }))
            }
        }
    }
}

/// The name of a group, renamed live.
pub fn talk_title(id: &str, title: &str) -> Markup {
    html! { h1.clip id=(dom::talk_title(id).id()) { (title) } }
}

/// What one may do with a conversation for oneself, and how it stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TalkMenu {
    /// The conversation.
    pub id: String,
    /// What it is: one leaves what has more than two people.
    pub kind: Kind,
    /// Whether the viewer muted it.
    pub is_muted: bool,
    /// Whether the viewer pinned it.
    pub is_pinned: bool,
}

/// The menu of a conversation; all tabs of the person get it anew when it changes.
pub fn talk_menu(l: Locale, m: &TalkMenu) -> Markup {
    let (mute, muted_icon) = if m.is_muted { ("chat.unmute", "bell") } else { ("chat.mute", "bell-off") };
    let (pin, pinned_icon) = if m.is_pinned { ("chat.unpin", "pinned-off") } else { ("chat.pin", "pin") };
    html! {
        details.menu.talk-menu id=(dom::talk_menu(&m.id).id()) data-menu {
            summary.icon-btn.menu-dots aria-label=(t(l, "chat.menu")) title=(t(l, "chat.menu")) { (ui::icon("dots-vertical")) }
            div.menu-panel {
                (toggle(&paths::pin(&m.id), !m.is_pinned, pinned_icon, t(l, pin)))
                (toggle(&paths::mute(&m.id), !m.is_muted, muted_icon, t(l, mute)))
                form method="post" action=(paths::message_unread(&m.id)) {
                    button.menu-item type="submit" { (ui::icon("mail")) (t(l, "chat.mark_unread")) }
                }
                @if matches!(m.kind, Kind::Group | Kind::Record) {
                    form.menu-last method="post" action=(paths::leave(&m.id)) hx-confirm=(t(l, "chat.leave.confirm")) {
                        button.menu-item type="submit" { (ui::icon("logout")) (t(l, "chat.leave")) }
                    }
                }
            }
        }
    }
}

/// A switch as a plain form: it says what it will do.
fn toggle(url: &str, on: bool, icon: &str, words: &str) -> Markup {
    html! {
        form method="post" action=(url) hx-post=(url) hx-swap="none" {
            input type="hidden" name="on" value=(on);
            button.menu-item type="submit" { (ui::icon(icon)) (words) }
        }
    }
}
