//! One message.

use maud::{Markup, html};

use super::marks::{QuoteView, ReactionView, quote, reactions};
use super::{notice, record};
use crate::presence::PersonView;
use crate::text::{Locale, t};
use crate::time::{TimeView, time};
use crate::{dom, paths, ui};

/// A part of a message's body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Plain text, with its line breaks.
    Text(String),
    /// An address that was found in the text.
    Link {
        /// Where it leads: `http`, `https` or `mailto` only, as the server found it.
        href: String,
        /// The text as it was written.
        text: String,
    },
    /// The page of a record: each viewer's screen puts its card there.
    Record {
        /// Code of the record's kind.
        kind: String,
        /// UUID.
        id: String,
        /// The address of its page, as it was written.
        href: String,
    },
    /// People who are named; `/me.css` marks one's own name.
    Mention {
        /// Their UUIDs: several when they share the name.
        ids: Vec<String>,
        /// `@` and the name, as it was written.
        text: String,
    },
}

impl Piece {
    /// What it says, without where it leads.
    pub fn text(&self) -> &str {
        match self {
            Piece::Text(text) | Piece::Link { text, .. } | Piece::Mention { text, .. } => text,
            Piece::Record { href, .. } => href,
        }
    }
}

/// A message.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MessageView {
    /// UUID.
    pub id: String,
    /// The conversation.
    pub conversation_id: String,
    /// Its number in the conversation, from 1.
    pub number: i64,
    /// Who wrote it.
    pub sender: PersonView,
    /// What it says.
    pub body: Vec<Piece>,
    /// The code of what happened to the conversation, when it is no message but a notice; the body is its argument.
    pub notice: Option<String>,
    /// When it was written.
    pub at: TimeView,
    /// Whether it starts a group: another sender, or more than five minutes later.
    pub starts_group: bool,
    /// The day, when it is the first message of one.
    pub day: Option<String>,
    /// Whether its sender changed it.
    pub is_edited: bool,
    /// Whether its sender deleted it: then `body` is empty.
    pub is_deleted: bool,
    /// Until when its sender may change it: milliseconds since 1970.
    pub editable_until_ms: i64,
    /// Files that came with it.
    pub attachments: Vec<ui::FileView>,
    /// What it answers.
    pub quote: Option<QuoteView>,
    /// Reactions to it.
    pub reactions: Vec<ReactionView>,
}

/// A message of a conversation.
pub fn message(l: Locale, m: &MessageView) -> Markup {
    match &m.notice {
        Some(code) => notice::item(l, m, code),
        None => item(l, m, false),
    }
}

/// A message, as sent or as being sent.
fn item(l: Locale, m: &MessageView, sending: bool) -> Markup {
    html! {
        li.msg.msg-first[m.starts_group] id=(dom::message(&m.id).id()) data-sender=(m.sender.id) data-sort=(m.number)
            data-editable-until=[(!sending && !m.is_deleted).then_some(m.editable_until_ms)]
            data-state=[sending.then_some("sending")] {
            @if let Some(day) = &m.day { p.msg-day { span { (day) } } }
            div.msg-line {
                (ui::avatar(&m.sender))
                div.msg-box data-glow {
                    p.msg-head { span.msg-name { (m.sender.name) } }
                    @if m.is_deleted { p.msg-text.msg-gone { (ui::icon("ban")) (t(l, "message.deleted")) } }
                    @else {
                        @if let Some(q) = &m.quote { (quote(l, &m.conversation_id, &m.id, q)) }
                        (ui::attachments(l, &m.attachments))
                        @if sending { ul.files data-sending-files {} }
                        p.msg-text data-body dir="auto" { @for piece in &m.body { (body_piece(piece)) } }
                    }
                    p.msg-foot.num {
                        @if m.is_edited && !m.is_deleted { span.msg-edited { (t(l, "message.edited")) } }
                        (time(&m.at))
                        @if sending {
                            span.msg-wait { (t(l, "chat.message.sending")) }
                            span.msg-fail { (ui::icon("alert-triangle")) span { (t(l, "chat.message.failed")) } " " span data-reason {} }
                            button.btn.btn-sm.msg-retry type="button" data-retry { (t(l, "chat.message.retry")) }
                        }
                    }
                }
                @if !m.is_deleted && !sending { (options(l, m)) }
            }
            @if !m.is_deleted { (reactions(l, m)) }
        }
    }
}

/// Leads to all that one may do with a message; with scripts it opens them as a menu.
fn options(l: Locale, m: &MessageView) -> Markup {
    html! {
        a.icon-btn.msg-more href=(paths::message(&m.conversation_id, &m.id)) data-message-menu aria-label=(t(l, "message.options")) {
            (ui::icon("dots"))
        }
    }
}

/// Text is text; a link opens elsewhere and tells nothing about where it came from.
pub(crate) fn body_piece(piece: &Piece) -> Markup {
    html! {
        @match piece {
            Piece::Text(text) => (text),
            Piece::Record { kind, id, href } => (record::place(kind, id, href, href)),
            Piece::Mention { ids, text } => span.mention data-mentions=(ids.join(" ")) { (text) },
            Piece::Link { href, text } => a href=(safe(href)) rel="noopener noreferrer nofollow" target="_blank" { (text) },
        }
    }
}

/// An address that only leads somewhere; one that would run code leads nowhere.
fn safe(href: &str) -> &str {
    let known = ["http://", "https://", "mailto:"];
    let lower = href.get(..8).unwrap_or(href).to_ascii_lowercase();
    if known.iter().any(|scheme| lower.starts_with(scheme)) { href } else { "#" }
}

/// What a script fills for a message that is on its way: the same item, with its waiting and failed states.
pub fn message_template(l: Locale, me: &PersonView) -> Markup {
    let m = MessageView { id: "__id__".to_owned(), sender: me.clone(), ..MessageView::default() };
    html! { template id=(dom::message_template().id()) { (item(l, &m, true)) } }
}
