//! Rows of conversations and messages → what screens show.

use views::{
    chat::{ConversationRow, MessageView, QuoteView, REACTIONS, ReactionView},
    presence::PersonView,
    text::Locale,
};

use super::{
    links, model,
    queries::{ListRow, MessageRow, QuoteRow, ReactionRow},
};
use crate::{
    auth::CurrentUser,
    features::people::{day_text, local_time, me_view, person_view},
    live::presence::Directory,
};

/// Sort keys grow downwards: the newest conversation has the smallest.
const END_OF_TIME_MS: i64 = 9_999_999_999_999;

/// A message, the same for all who see it.
pub fn message(l: Locale, row: &MessageRow, directory: &Directory) -> MessageView {
    MessageView {
        id: row.message_id.to_string(),
        conversation_id: row.conversation_id.to_string(),
        number: row.number,
        sender: person_view(&row.sender, directory),
        body: links::pieces_with(&row.body, &row.extras.mentions),
        at: local_time(l, row.created_at),
        starts_group: row.starts_group,
        day: row.starts_day.map(|day| day_text(l, day)),
        is_edited: row.edited_at.is_some(),
        is_deleted: row.deleted_at.is_some(),
        editable_until_ms: model::editable_until(row.created_at).timestamp_millis(),
        quote: row.extras.quote.as_ref().map(quote),
        reactions: reactions(&row.extras.reactions),
    }
}

/// A message as the one that answers it shows it.
pub fn quote(row: &QuoteRow) -> QuoteView {
    QuoteView {
        message_id: row.message_id.to_string(),
        number: row.number,
        name: format!("{} {}", row.first_name, row.last_name),
        line: model::line(&row.body),
        is_deleted: row.is_deleted,
    }
}

/// Kinds in the order of the closed set, people in the order in which they reacted.
fn reactions(rows: &[ReactionRow]) -> Vec<ReactionView> {
    let of =
        |kind: &str| rows.iter().filter(|r| r.kind == kind).map(|r| (r.user.to_string(), r.name.clone())).collect();
    let kinds = REACTIONS.iter().map(|(kind, _)| ReactionView { kind, people: of(kind) });
    kinds.filter(|reaction| !reaction.people.is_empty()).collect()
}

/// Rows of a person's list of conversations. Both people are in them, in an order that does not depend on who looks.
pub fn rows(l: Locale, me: &CurrentUser, rows: &[ListRow], directory: &Directory) -> Vec<ConversationRow> {
    rows.iter().map(|row| conversation_row(l, &me_view(me, directory), row, directory)).collect()
}

fn conversation_row(l: Locale, me: &PersonView, row: &ListRow, directory: &Directory) -> ConversationRow {
    ConversationRow {
        id: row.conversation_id.to_string(),
        sort: sort_key(row),
        people: pair(me.clone(), person_view(&row.other, directory)),
        last_line: row.last_line.clone(),
        last_by: row.last_sender_id.map(|id| id.to_string()).unwrap_or_default(),
        last_at: row.last_message_at.map(|at| local_time(l, at)),
        unread: row.unread,
    }
}

/// Two people in an order of their own.
pub fn pair(one: PersonView, other: PersonView) -> Vec<PersonView> {
    if one.id < other.id { vec![one, other] } else { vec![other, one] }
}

fn sort_key(row: &ListRow) -> String {
    sort_of(row.active_at, row.conversation_id.0)
}

/// Newest first; conversations of the same millisecond in the order of the page's query.
pub fn sort_of(active_at: chrono::DateTime<chrono::Utc>, id: uuid::Uuid) -> String {
    // The query breaks ties by descending id: so does the key, by the whole id.
    format!("{}{:039}", END_OF_TIME_MS - active_at.timestamp_millis(), u128::MAX - id.as_u128())
}
