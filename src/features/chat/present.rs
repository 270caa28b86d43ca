//! Rows of conversations and messages → what screens show.

use views::{
    chat::{ConversationRow, Kind, MemberView, MessageView, Piece, QuoteView, REACTIONS, ReactionView},
    layout::DOCK_LIST,
    presence::PersonView,
    text::{Locale, t},
};

use super::{
    files, links, model,
    queries::{ListRow, MemberRow, MessageRow, QuoteRow, ReactionRow},
};
use crate::{
    auth::CurrentUser,
    features::people::{day_text, local_time, me_view, person_view},
    live::presence::Directory,
    paging::newest_first,
};

/// A message, the same for all who see it.
pub fn message(l: Locale, row: &MessageRow, directory: &Directory) -> MessageView {
    MessageView {
        id: row.message_id.to_string(),
        conversation_id: row.conversation_id.to_string(),
        number: row.number,
        sender: person_view(&row.sender, directory),
        // The argument of a notice is a name, whatever it looks like.
        body: match &row.notice {
            Some(_) => vec![Piece::Text(row.body.clone())],
            None => links::pieces_with(&row.body, &row.extras.mentions),
        },
        notice: row.notice.clone(),
        at: local_time(l, row.created_at),
        starts_group: row.starts_group,
        day: row.starts_day.map(|day| day_text(l, day)),
        is_edited: row.edited_at.is_some(),
        is_deleted: row.deleted_at.is_some(),
        editable_until_ms: model::editable_until(row.created_at).timestamp_millis(),
        attachments: row.extras.attachments.iter().map(|file| files::view(l, file)).collect(),
        quote: row.extras.quote.as_ref().map(quote),
        reactions: reactions(&row.extras.reactions),
    }
}

/// A message as the one that answers it shows it.
pub fn quote(row: &QuoteRow) -> QuoteView {
    QuoteView {
        message_id: row.message_id.to_string(),
        number: row.number,
        author: row.author.to_string(),
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

/// Rows of a person's list of conversations. Both people of a direct one are in them, in an order that does not depend
/// on who looks.
pub fn rows(l: Locale, me: &CurrentUser, rows: &[ListRow], directory: &Directory) -> Vec<ConversationRow> {
    rows.iter().map(|row| conversation_row(l, &me_view(me, directory), row, directory)).collect()
}

fn conversation_row(l: Locale, me: &PersonView, row: &ListRow, directory: &Directory) -> ConversationRow {
    let person = person_view(&row.person, directory);
    ConversationRow {
        id: row.conversation_id.to_string(),
        sort: newest_first(row.active_at, row.conversation_id.0),
        kind: row.kind,
        title: row.title.clone(),
        people: if row.kind == Kind::Direct { pair(me.clone(), person) } else { vec![person] },
        last_line: if row.last_is_deleted { t(l, "message.deleted").to_owned() } else { row.last_line.clone() },
        last_notice: row.last_notice.clone(),
        last_by: row.last_sender_id.map(|id| id.to_string()).unwrap_or_default(),
        last_at: row.last_message_at.map(|at| local_time(l, at)),
        unread: row.unread,
        is_muted: row.is_muted,
    }
}

/// What a conversation is called in everyone's lists.
#[derive(Clone, Debug)]
pub struct Name {
    /// What it is.
    pub kind: Kind,
    /// Its title, if it has one.
    pub title: String,
    /// The other person of a direct one.
    pub other: Option<PersonView>,
}

/// The row that everyone gets who hears of a new message or notice; `line` is how lists show it.
pub fn live_row(l: Locale, row: &MessageRow, name: &Name, line: &str, directory: &Directory) -> ConversationRow {
    let sender = person_view(&row.sender, directory);
    ConversationRow {
        id: row.conversation_id.to_string(),
        sort: newest_first(row.created_at, row.conversation_id.0),
        kind: name.kind,
        title: name.title.clone(),
        people: match &name.other {
            Some(other) => pair(sender, other.clone()),
            None => vec![sender],
        },
        last_line: line.to_owned(),
        last_notice: row.notice.clone(),
        last_by: row.sender.id.to_string(),
        last_at: Some(local_time(l, row.created_at)),
        unread: 0,
        is_muted: false,
    }
}

/// The newest conversations as the dock shows them: a page that lists them hands them to the shell.
#[derive(Clone, Debug)]
pub struct Dock(pub Vec<ConversationRow>);

impl Dock {
    /// Of a list that begins with the last active conversation.
    pub fn of(rows: &[ConversationRow]) -> Self {
        Self(rows.iter().take(DOCK_LIST).cloned().collect())
    }
}

/// Somebody who takes part in a group.
pub fn member(row: &MemberRow, directory: &Directory) -> MemberView {
    // Who joined in the same moment stands in the order of the query, by id.
    let sort = format!("{}{:039}", row.joined_at.timestamp_millis(), row.person.id.0.as_u128());
    MemberView { person: person_view(&row.person, directory), sort }
}

/// Two people in an order of their own.
pub fn pair(one: PersonView, other: PersonView) -> Vec<PersonView> {
    if one.id < other.id { vec![one, other] } else { vec![other, one] }
}
