//! Direct conversations: list, messages, composer, choice of a recipient.
//!
//! Rows and messages are the same for every viewer. Both people's names stand in a row; `/me.css` hides one's own.

use maud::{Markup, html};

use crate::text::{Locale, t};
use crate::{dom, paths, ui};

mod composer;
mod conversation;
mod marks;
mod message;
mod recipients;
mod row;
mod search;

pub use conversation::{ConversationPanel, conversation_panel};
pub use marks::{QuoteView, REACTIONS, ReactionView, quote};
pub use message::{MessageView, Piece, message, message_template, older};
pub use recipients::{Recipient, RecipientsView, recipient_item, recipients};
pub use row::{ConversationRow, conversation_row, dock_row, unread_badge};
pub use search::{Choices, Found, HitView, MessageSearch, hit_list, search_panel};

/// Conversations in a list at once; a live row beyond it pushes out the last one, as a fresh page would.
pub const LIST: usize = 50;

/// What the chat page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChatPage {
    /// Conversations, the last one written in first.
    pub conversations: Vec<ConversationRow>,
    /// Whether the list begins with the last active conversation: live rows belong to it alone.
    pub is_first: bool,
    /// Where earlier conversations are, when there are more.
    pub more_before: Option<String>,
    /// The conversation that is open.
    pub open: Option<ConversationPanel>,
    /// The choice of a recipient, when that is open.
    pub recipients: Option<RecipientsView>,
}

/// The chat page: list at the left, conversation or recipients beside it; one of both on narrow screens.
pub fn page_panel(l: Locale, v: &ChatPage) -> Markup {
    let shows = if v.open.is_some() || v.recipients.is_some() { "detail" } else { "list" };
    html! {
        div.chat-page data-shows=(shows) {
            section.chat-side aria-labelledby="chat-title" {
                header.chat-head {
                    // The page has one main heading: that of what is open.
                    @if shows == "list" { h1 id="chat-title" { (t(l, "chat.title")) } }
                    @else { h2 id="chat-title" { (t(l, "chat.title")) } }
                    a.btn.btn-sm href=(paths::CHAT_NEW) { (ui::icon("plus")) (t(l, "chat.new")) }
                }
                form.chat-find role="search" action=(paths::CHAT_SEARCH) method="get" {
                    label.visually-hidden for="chat-find" { (t(l, "find.label")) }
                    (ui::icon("search"))
                    input.form-control id="chat-find" type="search" name="q" maxlength="100" autocomplete="off" data-search
                        placeholder=(t(l, "find.box"));
                }
                @let list = if v.is_first { dom::conversation_list() } else { dom::conversations_after() };
                ul.conv-list id=(list.id()) data-max=(LIST) data-roving {
                    @for row in &v.conversations { (conversation_row(l, row)) }
                }
                div.conv-none { (ui::empty("message-circle", t(l, "chat.empty"), Some((paths::CHAT_NEW, t(l, "chat.new"))))) }
                @if let Some(url) = &v.more_before { p.conv-more { a.btn.btn-sm href=(url) { (t(l, "chat.more")) } } }
            }
            section.chat-main aria-label=(t(l, "chat.pane")) {
                @if let Some(open) = &v.open { (conversation_panel(l, open)) }
                @else if let Some(r) = &v.recipients { (recipients::panel(l, r)) }
                @else { (ui::empty("messages", t(l, "chat.choose"), Some((paths::CHAT_NEW, t(l, "chat.new"))))) }
            }
        }
    }
}
