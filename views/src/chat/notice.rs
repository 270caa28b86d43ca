//! Notices: what happened to a conversation, told in the reader's language.

use maud::{Markup, html};

use super::MessageView;
use crate::dom;
use crate::text::{Locale, fill};
use crate::time::time;

/// The sentence of a notice: who did it (`name`) and to whom or what (`what`). An unknown code says nothing.
pub(super) fn sentence(l: Locale, code: &str, name: &str, what: &str) -> String {
    let key = match code {
        "created" => "chat.notice.created",
        "renamed" => "chat.notice.renamed",
        "added" => "chat.notice.added",
        "removed" => "chat.notice.removed",
        "left" => "chat.notice.left",
        _ => return String::new(),
    };
    fill(l, key, &[("name", name), ("what", what)])
}

/// A notice among the messages. It has no sender: nobody reads or answers it.
pub(super) fn item(l: Locale, m: &MessageView, code: &str) -> Markup {
    let what = m.body.iter().map(|piece| piece.text()).collect::<String>();
    html! {
        li.msg-notice id=(dom::message(&m.id).id()) data-sort=(m.number) data-names=(m.sender.id) {
            @if let Some(day) = &m.day { p.msg-day { span { (day) } } }
            p { span { (sentence(l, code, &m.sender.name, &what)) } " " (time(&m.at)) }
        }
    }
}
