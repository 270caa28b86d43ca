//! SQL of what people do with messages that are there: quotes, mentions, reactions, edits.

use crate::{
    db::{DbResult, Tx},
    ids::{ConversationId, MessageId, UserId},
    sql,
};

/// Whether the message is one of the conversation that the person may see, somebody's words and not deleted.
pub async fn may_quote(tx: &mut Tx, viewer: UserId, conversation: ConversationId, id: MessageId) -> DbResult<bool> {
    let (may,): (bool,) = tx
        .one(sql!(
            "select exists (select 1 from message m join participant p on p.conversation_id = m.conversation_id \
               and p.user_id = $1 and m.number >= p.first_number \
             where m.id = $3 and m.conversation_id = $2 and m.notice is null and m.deleted_at is null)",
            viewer,
            conversation,
            id
        ))
        .await?;
    Ok(may)
}

/// Everybody in the conversation with their whole name.
pub async fn list_names(tx: &mut Tx, conversation: ConversationId) -> DbResult<Vec<(UserId, String)>> {
    tx.all(sql!(
        "select u.id, u.first_name || ' ' || u.last_name from participant p join app_user u on u.id = p.user_id \
         where p.conversation_id = $1 order by u.id",
        conversation
    ))
    .await
}

/// Stores whom a new message names.
pub async fn insert_mentions(tx: &mut Tx, message: MessageId, named: &[(UserId, &str)]) -> DbResult<()> {
    if named.is_empty() {
        return Ok(());
    }
    let insert = sql!("insert into mention (message_id, user_id, name) values ");
    tx.exec(insert.rows(named.iter().map(|(user, name)| vec![message.into(), (*user).into(), (*name).into()]))).await?;
    Ok(())
}
