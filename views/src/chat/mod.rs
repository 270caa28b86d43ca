//! Conversations: lists, messages, composer, groups, choice of people.
//!
//! Rows and messages are the same for every viewer. Both people's names stand in a row; `/me.css` hides one's own.

use maud::{Markup, html};

use crate::broadcasts::{CardView, card_panel};
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

mod composer;
mod conversation;
mod emoji;
mod export;
mod group_form;
mod head;
mod kind;
mod marks;
mod members;
mod message;
mod notice;
mod options;
mod recipients;
mod record;
mod row;
mod search;
mod seen;
mod stretch;

pub use conversation::{ConversationPanel, conversation_panel};
pub use export::{ExportPage, FoundConversation, REASON_CHARS, export_panel};
pub use group_form::{Campaign, Pick, PickForm, pick_list, pick_panel};
pub use head::{TalkMenu, talk_menu, talk_title};
pub use kind::{Kind, Tab};
pub use marks::{QuoteView, REACTIONS, ReactionView, quote};
pub use members::{MemberView, member, member_count, rename_form, talk_gone};
pub(crate) use message::body_piece;
pub use message::{MessageView, Piece, message, message_template};
pub use options::{MessagePage, mention_list, mention_options, message_menu, message_page};
pub use recipients::{Recipient, RecipientsView, recipient_item, recipients};
pub use record::{RecordCard, record_card, record_closed};
pub use row::{ConversationRow, conversation_row, dock_row, pinned_row, unread_badge};
pub use search::{Choices, Found, HitView, MessageSearch, hit_list, search_panel};
pub(crate) use seen::typing_line;
pub use seen::{SeenView, seen_footer, typing};
pub use stretch::{Stretch, newer, older};

/// The longest message, in characters.
const MAX_CHARS: i64 = 4000;

/// Conversations in a list at once; a live row beyond it pushes out the last one, as a fresh page would.
pub const LIST: usize = 50;

/// What the chat page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChatPage {
    /// Which of them the list shows.
    pub tab: Tab,
    /// The pinned ones, above the list of all that begins with the last active.
    pub pinned: Vec<ConversationRow>,
    /// Conversations, the last one written in first.
    pub conversations: Vec<ConversationRow>,
    /// Whether the list begins with the last active conversation: live rows belong to it alone.
    pub is_first: bool,
    /// Where earlier conversations are, when there are more.
    pub more_before: Option<String>,
    /// The conversation that is open.
    pub open: Option<ConversationPanel>,
    /// The mass message that is open.
    pub card: Option<CardView>,
    /// The choice of a recipient, when that is open.
    pub recipients: Option<RecipientsView>,
    /// The form of a group, or of who joins one, when that is open.
    pub pick: Option<PickForm>,
    /// Whether the viewer may make groups.
    pub can_group: bool,
    /// Whether the viewer may send mass messages.
    pub can_broadcast: bool,
}

/// The chat page: list at the left, what is open beside it; one of both on narrow screens.
pub fn page_panel(l: Locale, v: &ChatPage) -> Markup {
    let is_detail = v.open.is_some() || v.card.is_some() || v.recipients.is_some() || v.pick.is_some();
    let shows = if is_detail { "detail" } else { "list" };
    html! {
        div.chat-page data-shows=(shows) {
            section.chat-side aria-labelledby="chat-title" {
                header.chat-head {
                    // The page has one main heading: that of what is open.
                    @if is_detail { h2 id="chat-title" { (t(l, "chat.title")) } }
                    @else { h1 id="chat-title" { (t(l, "chat.title")) } }
                    div.chat-make {
                        @if v.can_broadcast && v.tab == Tab::Broadcast {
                            a.btn.btn-sm.make-more href=(paths::BROADCASTS_NEW) title=(t(l, "broadcasts.new")) { (ui::icon("speakerphone")) span { (t(l, "broadcasts.new")) } }
                        } @else if v.can_group {
                            a.btn.btn-sm.make-more href=(paths::GROUP_NEW) title=(t(l, "chat.group.new")) { (ui::icon("users-plus")) span { (t(l, "chat.group.new")) } }
                        }
                        a.btn.btn-sm href=(paths::CHAT_NEW) { (ui::icon("plus")) (t(l, "chat.new")) }
                    }
                }
                form.chat-find role="search" action=(paths::CHAT_SEARCH) method="get" {
                    label.visually-hidden for="chat-find" { (t(l, "find.label")) }
                    (ui::icon("search"))
                    input.form-control id="chat-find" type="search" name="q" maxlength="100" autocomplete="off" data-search
                        placeholder=(t(l, "find.box"));
                }
                (tabs(l, v.tab))
                @if v.is_first && v.tab == Tab::All { (pinned(l, &v.pinned)) }
                @let list = if v.is_first { list_of(v.tab) } else { dom::conversations_after() };
                ul.conv-list id=(list.id()) data-max=(LIST) data-tab=(v.tab.code()) data-roving {
                    @for row in &v.conversations { (conversation_row(l, row)) }
                }
                div.conv-none { (ui::empty("message-circle", t(l, "chat.empty"), Some((paths::CHAT_NEW, t(l, "chat.new"))))) }
                @if let Some(url) = &v.more_before { p.conv-more { a.btn.btn-sm href=(url) { (t(l, "chat.more")) } } }
            }
            section.chat-main aria-label=(t(l, "chat.pane")) {
                @if let Some(open) = &v.open { (conversation_panel(l, open)) }
                @else if let Some(card) = &v.card { (card_panel(l, card)) }
                @else if let Some(r) = &v.recipients { (recipients::panel(l, r)) }
                @else if let Some(pick) = &v.pick { (pick_panel(l, pick)) }
                @else { (ui::empty("messages", t(l, "chat.choose"), Some((paths::CHAT_NEW, t(l, "chat.new"))))) }
            }
        }
    }
}

/// The list that a tab shows; a live row goes into that of its kind and into that of all.
pub fn list_of(tab: Tab) -> dom::DomId {
    match tab {
        Tab::All => dom::conversation_list(),
        Tab::Direct => dom::conversations_direct(),
        Tab::Group => dom::conversations_group(),
        Tab::Broadcast => dom::conversations_broadcast(),
    }
}

/// Links to the lists by kind.
fn tabs(l: Locale, open: Tab) -> Markup {
    html! {
        nav.tabs aria-label=(t(l, "chat.tabs")) {
            @for tab in Tab::ALL {
                a href=(paths::chat_tab(tab.code())) aria-current=[(tab == open).then_some("page")] { (t(l, tab.key())) }
            }
        }
    }
}

/// Pinned conversations, the last pinned first. Live rows change those that are there; pinning draws it anew. Style hides
/// it while it is empty, since the last row may leave by a push.
pub fn pinned(l: Locale, rows: &[ConversationRow]) -> Markup {
    html! {
        section.conv-pinned id=(dom::pinned().id()) aria-label=(t(l, "chat.pinned")) {
            p.conv-pinned-title aria-hidden="true" { (ui::icon("pin")) (t(l, "chat.pinned")) }
            ul.conv-list data-roving { @for row in rows { (pinned_row(l, row)) } }
        }
    }
}
