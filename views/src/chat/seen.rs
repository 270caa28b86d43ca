//! Who has read the last message, and who is writing the next one.

use maud::{Markup, html};

use crate::text::{Locale, fill, t};
use crate::time::{TimeView, time};
use crate::{dom, ui};

/// How far the last message of a conversation was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SeenView {
    /// UUID of who sent it: `/me.css` shows the line to that person alone.
    pub sender: String,
    /// How many others take part.
    pub others: usize,
    /// Names of those who read it, and when, the first one first. Empty in what all viewers get.
    pub readers: Vec<(String, TimeView)>,
}

/// The line under the last message; empty when that is nobody's or was deleted.
pub fn seen_footer(l: Locale, conversation: &str, v: Option<&SeenView>) -> Markup {
    html! {
        div.seen id=(dom::seen(conversation).id()) data-sender=[v.map(|v| &v.sender)] {
            @if let Some(v) = v { (read(l, conversation, v)) }
        }
    }
}

fn read(l: Locale, conversation: &str, v: &SeenView) -> Markup {
    let (read, of) = (v.readers.len().to_string(), v.others.to_string());
    html! {
        @match v.readers.as_slice() {
            [] => span.seen-line { (ui::icon("check")) (t(l, "message.sent")) },
            [(_, at)] if v.others == 1 => span.seen-line { (ui::icon("checks")) (t(l, "message.read")) " " (time(at)) },
            readers => details id=(dom::seen_names(conversation).id()) {
                summary.seen-line { (ui::icon("checks")) (fill(l, "message.read_by", &[("n", &read), ("total", &of)])) }
                ul { @for (name, at) in readers { li { (name) " " (time(at)) } } }
            },
        }
    }
}

/// The line that says who is writing; a script fills it from [`typing`] and empties it again.
pub(crate) fn typing_line(l: Locale, conversation: &str) -> Markup {
    html! {
        p.typing data-typing=(conversation) role="status" data-one=(t(l, "message.typing.one"))
            data-two=(t(l, "message.typing.two")) data-many=(t(l, "message.typing.many")) {}
    }
}

/// Somebody is writing in a conversation: not stored, said to who has it on the screen.
pub fn typing(conversation: &str, user: &str, name: &str) -> Markup {
    html! { hx-typing in=(conversation) by=(user) name=(name) {} }
}
