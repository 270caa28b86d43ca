//! The search over messages, with believable and extreme data.

use views::chat::{Found, HitView, MessageSearch, MessageView, Stretch};
use views::presence::PersonView;

use super::{HOSTILE, LONG, at, id, people};

/// A search that found something.
pub fn found() -> MessageSearch {
    let hit = |n: usize, sender: PersonView, conversation: &str, text: &str| HitView {
        conversation_id: id(100 + n),
        number: n as i64,
        conversation: conversation.into(),
        sender,
        at: at(9, n),
        snippet: vec![Found::Text(text.into()), Found::Match("acuerdo".into()), Found::Text(HOSTILE.into())],
    };
    let choice = |n: usize, words: &str| (id(n), words.to_owned());
    MessageSearch {
        query: "acuerdo".into(),
        hits: vec![
            hit(1, people().remove(0), "Luis Cárdenas", "Ya quedó registrado el "),
            hit(2, people().remove(3), LONG, "…"),
            hit(3, people().remove(0), "", "Desde hoy todo "),
        ],
        more: Some("/chat/search?q=acuerdo&page=1".into()),
        conversations: (vec![choice(101, "Luis Cárdenas"), choice(102, LONG)], id(102)),
        senders: (vec![choice(1, "Ana Beltrán")], String::new()),
        from: "2026-11-01".into(),
        ..MessageSearch::default()
    }
}

/// A search that found nothing.
pub fn nothing() -> MessageSearch {
    MessageSearch { query: HOSTILE.into(), ..MessageSearch::default() }
}

/// Messages of a conversation, with more before or after them.
pub fn stretch(messages: Vec<MessageView>, older_before: Option<i64>, newer_after: Option<i64>) -> Stretch {
    Stretch { messages, older_before, newer_after, at: newer_after.map(|after| after - 4), ..Stretch::default() }
}
