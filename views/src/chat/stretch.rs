//! The messages of a conversation that are on screen: its end, which is live, or a stretch further up.
//!
//! What is pushed is put into the list of the end ([`dom::messages`]). A stretch that stops before the end has a list
//! of another id, so that a new message never stands where a hundred others are missing above it; changes of messages
//! that it shows reach it all the same, by their own ids.

use maud::{Markup, html};

use super::message::{MessageView, message};
use crate::dom::DomId;
use crate::text::{Locale, t};
use crate::{dom, live, paths};

/// Which messages are drawn, and where the conversation goes on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stretch {
    /// The messages, oldest first.
    pub messages: Vec<MessageView>,
    /// The number before which there are more.
    pub older_before: Option<i64>,
    /// The number after which there are more; `None` at the end of the conversation.
    pub newer_after: Option<i64>,
    /// Whether so much is missing that the end is not reached with the next page.
    pub is_far: bool,
    /// The message to be looked at.
    pub at: Option<i64>,
    /// The message up to which the person had come, reading downwards.
    pub from: Option<i64>,
}

impl Stretch {
    /// Whether it ends where the conversation does, and grows with it.
    pub fn is_live(&self) -> bool {
        self.newer_after.is_none()
    }
}

/// The list that a stretch is drawn in.
fn list_id(conv_id: &str, is_live: bool) -> DomId {
    if is_live { dom::messages(conv_id) } else { dom::stretch(conv_id) }
}

/// The messages between the controls that load more, and what scripts draw with.
pub(super) fn stretch(l: Locale, conv_id: &str, s: &Stretch) -> Markup {
    let is_live = s.is_live();
    html! {
        (older_control(l, conv_id, s.older_before, is_live))
        div role="log" aria-live="polite" aria-label=(t(l, "chat.messages")) {
            ol.msgs id=(list_id(conv_id, is_live).id()) { @for m in &s.messages { (message(l, m)) } }
        }
        @if let Some(after) = s.newer_after { (newer_control(l, conv_id, after, s.is_far)) }
        template data-new-divider { li.msg-new data-divider { span { (t(l, "find.new")) } } }
        template data-older-link { (older_link(l, conv_id, 0, true)) }
    }
}

/// Leads to the end of the conversation: with scripts that of a live list, without a reload.
pub(super) fn to_end(l: Locale, conv_id: &str, is_live: bool) -> Markup {
    html! {
        @if is_live {
            button.btn.btn-sm.to-end type="button" data-new-pill data-one=(t(l, "chat.pill.one")) data-other=(t(l, "chat.pill.other")) hidden {}
        } @else {
            a.btn.btn-sm.to-end href=(paths::conversation(conv_id)) data-end-pill {
                (t(l, "find.end")) span data-end-count data-one=(t(l, "find.end.one")) data-other=(t(l, "find.end.other")) {}
            }
        }
    }
}

/// Older messages, put where they belong, and the control that loads the next ones.
pub fn older(l: Locale, conv_id: &str, messages: &[MessageView], before: Option<i64>, is_live: bool) -> Markup {
    html! {
        @if !messages.is_empty() {
            (live::place(&list_id(conv_id, is_live), html! { @for m in messages { (message(l, m)) } }))
        }
        (live::replace(&dom::older(conv_id), older_control(l, conv_id, before, is_live)))
    }
}

/// Newer messages of a stretch that is not live, and the control that goes on.
pub fn newer(l: Locale, conv_id: &str, messages: &[MessageView], after: i64, is_far: bool) -> Markup {
    html! {
        @if !messages.is_empty() {
            (live::place(&dom::stretch(conv_id), html! { @for m in messages { (message(l, m)) } }))
        }
        (live::replace(&dom::newer(conv_id), newer_control(l, conv_id, after, is_far)))
    }
}

/// The control that loads older messages when it comes into view; empty at the beginning of the conversation.
fn older_control(l: Locale, conv_id: &str, before: Option<i64>, is_live: bool) -> Markup {
    html! {
        div.older id=(dom::older(conv_id).id()) {
            @if let Some(number) = before { (older_link(l, conv_id, number, is_live)) }
            @else { p.quiet { (t(l, "chat.beginning")) } }
        }
    }
}

fn older_link(l: Locale, conv_id: &str, before: i64, is_live: bool) -> Markup {
    let url = paths::messages_before(conv_id, before, is_live);
    html! { a.btn.btn-sm href=(url) hx-get=(url) hx-trigger="revealed, click" hx-swap="none" { (t(l, "chat.older")) } }
}

/// The control under a stretch: it loads more, or, where that would reach the end, goes over to the live page.
fn newer_control(l: Locale, conv_id: &str, after: i64, is_far: bool) -> Markup {
    let main = dom::main().target();
    html! {
        div.older id=(dom::newer(conv_id).id()) {
            @if is_far {
                @let url = paths::messages_after(conv_id, after);
                a.btn.btn-sm href=(paths::conversation_from(conv_id, after)) hx-get=(url) hx-trigger="revealed, click" hx-swap="none" {
                    (t(l, "find.newer"))
                }
            } @else {
                @let url = paths::conversation_from(conv_id, after);
                a.btn.btn-sm href=(url) hx-get=(url) hx-trigger="revealed, click" hx-target=(main) hx-select=(main) hx-swap="outerHTML"
                    hx-replace-url="true" { (t(l, "find.newer")) }
            }
        }
    }
}
