//! What hangs on a message: the one it answers, and reactions.

use maud::{Markup, html};

use crate::text::{Locale, fill, t};
use crate::{dom, paths};

/// Every reaction: its stored code and its picture, in the order in which they are shown.
pub const REACTIONS: [(&str, &str); 8] = [
    ("like", "👍"),
    ("love", "❤️"),
    ("laugh", "😂"),
    ("wow", "😮"),
    ("sad", "😢"),
    ("thanks", "🙏"),
    ("done", "✅"),
    ("eyes", "👀"),
];

/// The message that another one answers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct QuoteView {
    /// UUID.
    pub message_id: String,
    /// Its number in the conversation.
    pub number: i64,
    /// UUID of who wrote it.
    pub author: String,
    /// Who wrote it.
    pub name: String,
    /// Its beginning.
    pub line: String,
    /// Whether it was deleted.
    pub is_deleted: bool,
}

/// One kind of reaction to a message.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReactionView {
    /// A code of [`REACTIONS`].
    pub kind: &'static str,
    /// UUID and name of everybody who reacted so; at least one.
    pub people: Vec<(String, String)>,
}

/// What a message answers; leads there. `message` is the one that quotes.
pub fn quote(l: Locale, conversation: &str, message: &str, q: &QuoteView) -> Markup {
    html! {
        a.msg-quote id=(dom::quote(message).id()) href=(paths::message_at(conversation, q.number)) data-quoted=(q.message_id)
            data-names=(q.author) {
            span.msg-quote-name { (q.name) }
            span.msg-quote-line dir="auto" {
                @if q.is_deleted { (t(l, "message.deleted")) }
                // A message of files alone has no words.
                @else if q.line.is_empty() { (t(l, "message.file")) }
                @else { (q.line) }
            }
        }
    }
}

/// The reactions to a message, each a button that adds or takes back one's own.
pub(super) fn reactions(l: Locale, m: &super::MessageView) -> Markup {
    let url = paths::message_reactions(&m.conversation_id, &m.id);
    html! {
        @if !m.reactions.is_empty() {
            form.reacts method="post" action=(url) hx-post=(url) hx-swap="none" aria-label=(t(l, "message.reactions")) {
                @for reaction in &m.reactions { (pill(l, reaction)) }
            }
        }
    }
}

fn pill(l: Locale, r: &ReactionView) -> Markup {
    let ids: Vec<&str> = r.people.iter().map(|(id, _)| id.as_str()).collect();
    let names: Vec<&str> = r.people.iter().map(|(_, name)| name.as_str()).collect();
    let who = fill(l, "message.reaction.by", &[("reaction", word(l, r.kind)), ("names", &names.join(", "))]);
    html! {
        button.react type="submit" name="kind" value=(r.kind) data-reactors=(ids.join(" ")) title=(who) {
            span.visually-hidden { (who) }
            span.emoji aria-hidden="true" { (picture(r.kind)) }
            span.num aria-hidden="true" { (r.people.len()) }
        }
    }
}

/// The picture of a reaction.
fn picture(kind: &str) -> &'static str {
    REACTIONS.iter().find(|(code, _)| *code == kind).map_or("", |(_, picture)| picture)
}

/// The word for a reaction.
pub(super) fn word(l: Locale, kind: &str) -> &'static str {
    t(l, &format!("message.reaction.{kind}"))
}
