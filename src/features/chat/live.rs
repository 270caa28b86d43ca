//! Events of chat, its topics, and how unread counts are drawn.

use uuid::Uuid;
use views::{
    chat::{ConversationRow, conversation_row, dock_row, message, unread_badge},
    dom,
    live::{place, replace},
    presence::PersonView,
    text::Locale,
};

use super::{
    present,
    queries::{self, MessageRow},
};
use crate::{
    db::{Db, DbResult},
    features::people::{local_time, person_view},
    ids::{ConversationId, UserId},
    live::{AddTally, Control, LiveTx, Tallies, Topic, presence::Directory},
};

/// A conversation was made: its two people hear it from here on.
pub fn created(tx: &mut LiveTx, id: ConversationId, people: [UserId; 2]) {
    let topic = Topic::Conversation(id.0);
    tx.control(topic.clone(), Control::Join { topic, users: people.map(|p| p.0).to_vec() });
}

/// A message was stored: it appears in the open conversation, and its row moves up in both lists.
pub fn sent(tx: &mut LiveTx, row: &MessageRow, line: &str, other: &PersonView, directory: &Directory) {
    let tally = AddTally { key: row.conversation_id.0, by: row.sender.id.0 };
    tx.append_counted(Topic::Conversation(row.conversation_id.0), tally, |l| {
        let list_row = ConversationRow {
            id: row.conversation_id.to_string(),
            sort: present::sort_of(row.created_at, row.conversation_id.0),
            people: present::pair(person_view(&row.sender, directory), other.clone()),
            last_line: line.to_owned(),
            last_by: row.sender.id.to_string(),
            last_at: Some(local_time(l, row.created_at)),
            unread: 0,
        };
        maud::html! {
            (bubble(l, row, directory))
            (place(&dom::conversation_list(), conversation_row(l, &list_row)))
            (place(&dom::dock_list(), dock_row(l, &list_row)))
        }
    });
}

/// The partial that puts a message into its conversation: the event's, and the answer to its sender.
pub fn bubble(l: Locale, row: &MessageRow, directory: &Directory) -> maud::Markup {
    let list = dom::messages(&row.conversation_id.to_string());
    place(&list, message(l, &present::message(l, row, directory)))
}

/// The person read up to somewhere: all their screens show what is left.
pub fn read(tx: &mut LiveTx, reader: UserId, id: ConversationId, remaining: i64) {
    let set = Control::SetTally { user: reader.0, key: id.0, value: remaining };
    tx.control(Topic::User(reader.0), set);
}

/// Conversations that every socket of the person hears.
pub async fn held_topics(db: &Db, user: Uuid) -> DbResult<Vec<Topic>> {
    let ids = queries::list_ids_for(db, user).await?;
    Ok(ids.into_iter().map(|(id,)| Topic::Conversation(id)).collect())
}

/// Whether the person takes part in the conversation.
pub async fn takes_part(db: &Db, user: Uuid, conversation: Uuid) -> DbResult<bool> {
    queries::takes_part(db, user, conversation).await
}

/// Unread counts of a person, exact at an event.
pub async fn tallies(db: &Db, user: Uuid) -> DbResult<Tallies> {
    let rows = queries::tallies(db, user).await?;
    let seq = rows.first().map_or(0, |(seq, ..)| *seq);
    let mut tallies = Tallies { seq, ..Tallies::default() };
    for (_, id, unread, is_muted) in rows {
        let Some((id, unread)) = id.zip(unread) else { continue };
        if unread > 0 {
            tallies.counts.insert(id, unread);
        }
        if is_muted == Some(true) {
            tallies.muted.insert(id);
        }
    }
    Ok(tallies)
}

/// Badges of these conversations in both lists, and of the total.
pub fn tally_html(l: Locale, changed: &[(Uuid, i64)], total: i64) -> String {
    let badge = |id: &dom::DomId, count| replace(id, unread_badge(l, id, count)).into_string();
    let mut html = String::new();
    for (id, count) in changed {
        let id = id.to_string();
        html += &badge(&dom::unread(&id), *count);
        html += &badge(&dom::dock_unread(&id), *count);
    }
    html + &badge(&dom::unread_total(), total) + &badge(&dom::unread_rail(), total)
}
