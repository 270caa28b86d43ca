//! Events of messages that are there already: each changes elements by their id, wherever they are drawn. A message
//! outside a screen's window is not put into it, and who joined after it was said hears nothing of it.

use views::{
    chat::{self, seen_footer},
    dom,
    live::{morph, text},
    text::t,
};

use super::{
    model, present,
    queries::{self, MessageRow, QuoteRow},
};
use crate::{
    auth::CurrentUser,
    db::DbResult,
    ids::ConversationId,
    live::{LiveTx, Topic, presence::Directory},
};

/// A message says something else, or nothing any more: it changes, what quotes it, and the lists where it is the last.
pub async fn reworded(tx: &mut LiveTx, user: &CurrentUser, was: &MessageRow, directory: &Directory) -> DbResult<()> {
    let row = queries::find_message(&mut **tx, user.id, was.conversation_id, was.message_id).await?;
    let quoting = queries::list_quoting(tx, row.message_id).await?;
    let is_last = queries::is_last(tx, &row).await?;
    let (conversation, is_deleted) = (row.conversation_id.to_string(), row.deleted_at.is_some());
    let quoted = present::quote(&as_quote(&row));
    let line = model::line(&row.body);
    let topics = hearers(tx, row.conversation_id, row.number).await?;
    tx.append_each(topics, |l| {
        let words = if is_deleted { t(l, "message.deleted") } else { &line };
        let rows = [dom::conversation_row(&conversation), dom::pinned_row(&conversation), dom::dock_row(&conversation)];
        maud::html! {
            (morph(&dom::message(&row.message_id.to_string()), chat::message(l, &present::message(l, &row, directory))))
            @if is_last {
                @for list_row in &rows { (text(&list_row.part("line"), words)) }
                @if is_deleted { (morph(&dom::seen(&conversation), seen_footer(l, &conversation, None))) }
            }
        }
    });
    // Who answers a message shows its words to all who see the answer.
    for (id, number) in quoting {
        let (id, topics) = (id.to_string(), hearers(tx, row.conversation_id, number).await?);
        tx.append_each(topics, |l| morph(&dom::quote(&id), chat::quote(l, &conversation, &id, &quoted)));
    }
    Ok(())
}

/// Reactions to a message changed.
pub async fn reacted(tx: &mut LiveTx, user: &CurrentUser, was: &MessageRow, directory: &Directory) -> DbResult<()> {
    let row = queries::find_message(&mut **tx, user.id, was.conversation_id, was.message_id).await?;
    let topics = hearers(tx, row.conversation_id, row.number).await?;
    tx.append_each(topics, |l| {
        morph(&dom::message(&row.message_id.to_string()), chat::message(l, &present::message(l, &row, directory)))
    });
    Ok(())
}

/// Whoever may see the message of that number: the conversation, or one by one those who were in it by then.
async fn hearers(tx: &mut LiveTx, id: ConversationId, number: i64) -> DbResult<Vec<Topic>> {
    Ok(match queries::seen_by_some(tx, id, number).await? {
        None => vec![Topic::Conversation(id.0)],
        Some(users) => users.into_iter().map(|user| Topic::User(user.0)).collect(),
    })
}

fn as_quote(row: &MessageRow) -> QuoteRow {
    QuoteRow {
        message_id: row.message_id,
        number: row.number,
        body: row.body.clone(),
        is_deleted: row.deleted_at.is_some(),
        author: row.sender.id,
        first_name: row.sender.first_name.clone(),
        last_name: row.sender.last_name.clone(),
    }
}
