//! Events of chat, its topics, and how unread counts are drawn.

use uuid::Uuid;
use views::{
    chat::{ConversationRow, conversation_row, dock_row, list_of, message, pinned_row, talk_gone, unread_badge},
    dom,
    live::{morph, place, place_in_one, remove, replace},
    text::Locale,
};

use super::{
    model,
    present::{self, Name},
    queries::{self, MessageRow},
    seen,
};
use crate::{
    db::{Db, DbResult, Sql},
    ids::{ConversationId, UserId},
    live::{AddTally, Control, Figure, LiveTx, Topic, presence::Directory},
};

/// People take part from here on: they hear what the conversation says next.
pub fn joined(tx: &mut LiveTx, id: ConversationId, people: &[UserId]) {
    let topic = Topic::Conversation(id.0);
    tx.control(topic.clone(), Control::Join { topic, users: people.iter().map(|p| p.0).collect() });
}

/// A message was stored: it appears in the open conversation, and its row moves up in all lists.
pub fn sent(tx: &mut LiveTx, row: &MessageRow, name: &Name, line: &str, directory: &Directory) {
    let tally = AddTally { key: row.conversation_id.0, by: row.sender.id.0, is_quiet: false };
    tx.append_counted(Topic::Conversation(row.conversation_id.0), tally, |l| shown(l, row, name, line, directory));
}

/// Something happened to the conversation: as [`sent`], but nobody has it to read. `more` is what else changes.
pub fn noticed(
    tx: &mut LiveTx,
    row: &MessageRow,
    name: &Name,
    directory: &Directory,
    more: impl Fn(Locale) -> maud::Markup,
) {
    let tally = AddTally { key: row.conversation_id.0, by: row.sender.id.0, is_quiet: true };
    tx.append_counted(Topic::Conversation(row.conversation_id.0), tally, |l| {
        maud::html! { (shown(l, row, name, &model::line(&row.body), directory)) (more(l)) }
    });
}

fn shown(l: Locale, row: &MessageRow, name: &Name, line: &str, directory: &Directory) -> maud::Markup {
    let list_row = present::live_row(l, row, name, line, directory);
    maud::html! { (bubble(l, row, directory)) (seen::sent(l, row)) (placed(l, &list_row)) }
}

/// The partials that put a row where it belongs: into the list of all, that of its kind, the dock; pinned ones stay
/// where they are. A list that no page shows is passed by.
pub fn placed(l: Locale, row: &ConversationRow) -> maud::Markup {
    maud::html! {
        (place_in_one(&[dom::conversation_list(), list_of(row.kind.tab())], conversation_row(l, row)))
        (morph(&dom::pinned_row(&row.id), pinned_row(l, row)))
        (place(&dom::dock_list(), dock_row(l, row)))
    }
}

/// Somebody no longer takes part: none of their screens shows or hears it any more. Written before the others are
/// told. A list that went on below its last row stays one short until it is drawn anew: fetching it again could put
/// back what was pushed meanwhile, and the row that is missing is the oldest.
pub fn parted(tx: &mut LiveTx, id: ConversationId, user: UserId) {
    let (mine, topic) = (Topic::User(user.0), Topic::Conversation(id.0));
    tx.control(mine.clone(), Control::SetTally { user: user.0, key: id.0, value: 0 });
    tx.control(mine.clone(), Control::SetMuted { user: user.0, key: id.0, muted: false });
    tx.control(topic.clone(), Control::Leave { topic, users: vec![user.0] });
    let id = id.to_string();
    tx.append(mine, |l| {
        maud::html! {
            @for row in [dom::conversation_row(&id), dom::pinned_row(&id), dom::dock_row(&id)] { (remove(&row)) }
            (replace(&dom::talk(&id), talk_gone(l, &id)))
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

/// Conversations that every socket of the person holds, and what is unread or muted: rows of the person's standing.
pub fn standing(user: Uuid) -> Sql {
    queries::held(user).union_all(queries::tallies(user))
}

/// Whether the person takes part in the conversation.
pub async fn takes_part(db: &Db, user: Uuid, conversation: Uuid) -> DbResult<bool> {
    queries::takes_part(db, user, conversation).await
}

/// Whether the person is a recipient of the mass message.
pub async fn has_card(db: &Db, user: Uuid, broadcast: Uuid) -> DbResult<bool> {
    Ok(queries::find_card(db, UserId(user), ConversationId(broadcast)).await?.is_some())
}

/// Badges of these conversations in all lists, and of the total.
pub fn tally_html(l: Locale, changed: &[Figure], total: i64) -> String {
    let badge = |id: &dom::DomId, count, muted| replace(id, unread_badge(l, id, count, muted)).into_string();
    let mut html = String::new();
    for figure in changed {
        let id = figure.key.to_string();
        for place in [dom::unread(&id), dom::pinned_unread(&id), dom::dock_unread(&id)] {
            html += &badge(&place, figure.count, figure.is_muted);
        }
    }
    html + &badge(&dom::unread_total(), total, false) + &badge(&dom::unread_rail(), total, false)
}
