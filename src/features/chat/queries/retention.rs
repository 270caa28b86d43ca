//! SQL of forgetting: messages that are too old, with all that hangs on them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    db::{DbResult, Tx},
    ids::{ConversationId, UserId},
    sql,
};

/// A conversation with messages from before then.
pub async fn find_outdated(tx: &mut Tx, before: DateTime<Utc>) -> DbResult<Option<ConversationId>> {
    let found: Option<(ConversationId,)> = tx
        .opt(sql!("select conversation_id from message where created_at < $1 order by created_at, id limit 1", before))
        .await?;
    Ok(found.map(|(id,)| id))
}

/// Locks the conversation and answers its first messages from before then: ids and numbers, at most `size`.
pub async fn lock_outdated(
    tx: &mut Tx,
    id: ConversationId,
    before: DateTime<Utc>,
    size: i64,
) -> DbResult<Vec<(Uuid, i64)>> {
    tx.exec(sql!("update conversation set last_number = last_number where id = $1", id)).await?;
    tx.all(sql!(
        "select id, number from message where conversation_id = $1 and created_at < $2 order by number limit $3",
        id,
        before,
        size
    ))
    .await
}

/// Deletes messages: what they said before, reactions, names and index entries with them. Answers to them quote
/// nothing any more, and are told; their files lose their message and are removed by housekeeping.
pub async fn delete_messages(tx: &mut Tx, ids: &[Uuid]) -> DbResult<Vec<Uuid>> {
    let of = |sql: crate::db::Sql| sql.list(ids.iter().copied());
    tx.exec(of(sql!("delete from message_revision where message_id in "))).await?;
    tx.exec(of(sql!("delete from reaction where message_id in "))).await?;
    tx.exec(of(sql!("delete from mention where message_id in "))).await?;
    let answers = of(sql!("update message set quoted_id = null where quoted_id in ")).push(" returning id");
    let answers: Vec<(Uuid,)> = tx.all(answers).await?;
    super::unindex_messages(tx, ids).await?;
    tx.exec(of(sql!("delete from message where id in "))).await?;
    Ok(answers.into_iter().map(|(id,)| id).collect())
}

/// After messages up to a number are gone: nobody has them unread, and a conversation that lost its last one has no
/// last line. Answers whose count fell, with what remains.
pub async fn forget_up_to(tx: &mut Tx, id: ConversationId, number: i64) -> DbResult<Vec<(UserId, i64)>> {
    tx.exec(sql!("update conversation set last_line = '' where id = $1 and last_number <= $2", id, number)).await?;
    let fell: Vec<(UserId, i64)> = tx
        .all(sql!(
            "select p.user_id, (select count(*) from message m where m.conversation_id = p.conversation_id \
               and m.number > p.last_read_number and m.sender_id <> p.user_id and m.notice is null) \
             from participant p where p.conversation_id = $1 and p.last_read_number < $2 order by p.user_id",
            id,
            number
        ))
        .await?;
    tx.exec(sql!(
        "update participant set last_read_number = $2 where conversation_id = $1 and last_read_number < $2",
        id,
        number
    ))
    .await?;
    Ok(fell)
}
