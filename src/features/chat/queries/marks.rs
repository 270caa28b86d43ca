//! SQL of what people do with messages that are there: quotes, mentions, reactions, edits.

use chrono::{DateTime, Utc};

use super::{MessageRow, QuoteRow, extras::QUOTE_COLUMNS};
use crate::{
    db::{Db, DbResult, Tx},
    ids::{ConversationId, MessageId, UserId},
    sql,
};

/// The message as one that answers it shows it: one of the conversation that the person may see, somebody's words and
/// not deleted.
pub async fn find_quotable(
    tx: &mut Tx,
    viewer: UserId,
    conversation: ConversationId,
    id: MessageId,
) -> DbResult<Option<QuoteRow>> {
    let sql = sql!("select ").push(QUOTE_COLUMNS).push(
        " from message m join app_user u on u.id = m.sender_id \
         join participant p on p.conversation_id = m.conversation_id and m.number >= p.first_number \
         join conversation c on c.id = m.conversation_id and c.kind <> 'broadcast' \
         where m.notice is null and m.deleted_at is null and p.user_id = ",
    );
    let sql = sql.bind(viewer).push(" and m.conversation_id = ").bind(conversation);
    tx.opt(sql.push(" and m.id = ").bind(id)).await
}

/// What a message said when it was sent, whatever became of it.
pub async fn first_body(db: &Db, id: MessageId) -> DbResult<String> {
    let (body,): (String,) = db
        .one(sql!(
            "select coalesce((select r.body from message_revision r where r.message_id = m.id and r.number = 1), m.body) \
             from message m where m.id = $1",
            id
        ))
        .await?;
    Ok(body)
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

/// Forgets whom a message named.
pub async fn delete_mentions(tx: &mut Tx, message: MessageId) -> DbResult<()> {
    tx.exec(sql!("delete from mention where message_id = $1", message)).await?;
    Ok(())
}

/// Edits and deletions of the person since then.
pub async fn count_edits_in(tx: &mut Tx, sender: UserId, since: DateTime<Utc>, until: DateTime<Utc>) -> DbResult<i64> {
    let (n,): (i64,) = tx
        .one(sql!(
            "select count(*) from message_revision r join message m on m.id = r.message_id \
             where m.sender_id = $1 and r.replaced_at > $2 and r.replaced_at <= $3",
            sender,
            since,
            until
        ))
        .await?;
    Ok(n)
}

/// Gives a message another body and keeps the one it had. `line` is its beginning, for lists.
pub async fn edit_message(tx: &mut Tx, row: &MessageRow, body: &str, line: &str, now: DateTime<Utc>) -> DbResult<()> {
    keep_revision(tx, row.message_id, now).await?;
    tx.exec(sql!("update message set body = $2, edited_at = $3 where id = $1", row.message_id, body, now)).await?;
    set_last_line(tx, row, line, false).await
}

/// Takes a message's words away; they are kept as a revision alone, so that nothing that shows messages can show them.
pub async fn delete_message(tx: &mut Tx, row: &MessageRow, now: DateTime<Utc>) -> DbResult<()> {
    keep_revision(tx, row.message_id, now).await?;
    tx.exec(sql!("update message set body = '', deleted_at = $2 where id = $1", row.message_id, now)).await?;
    set_last_line(tx, row, "", true).await
}

async fn keep_revision(tx: &mut Tx, message: MessageId, now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!(
        "insert into message_revision (message_id, number, body, replaced_at) \
         select m.id, (select count(*) from message_revision r where r.message_id = m.id) + 1, m.body, $2 \
         from message m where m.id = $1",
        message,
        now
    ))
    .await?;
    Ok(())
}

/// What lists say of the conversation, if the message is its last.
async fn set_last_line(tx: &mut Tx, row: &MessageRow, line: &str, is_deleted: bool) -> DbResult<()> {
    tx.exec(sql!(
        "update conversation set last_line = $3, last_is_deleted = $4 where id = $1 and last_number = $2",
        row.conversation_id,
        row.number,
        line,
        is_deleted
    ))
    .await?;
    Ok(())
}

/// Whether no message of the conversation came after this one.
pub async fn is_last(tx: &mut Tx, row: &MessageRow) -> DbResult<bool> {
    let (last,): (i64,) =
        tx.one(sql!("select last_number from conversation where id = $1", row.conversation_id)).await?;
    Ok(last == row.number)
}

/// The messages that answer this one, with their numbers.
pub async fn list_quoting(tx: &mut Tx, message: MessageId) -> DbResult<Vec<(MessageId, i64)>> {
    let of =
        sql!("select id, number from message where quoted_id = $1 and deleted_at is null order by number", message);
    tx.all(of).await
}

/// Takes a reaction back; whether there was one.
pub async fn take_back_reaction(tx: &mut Tx, user: UserId, message: MessageId, kind: &str) -> DbResult<bool> {
    let delete = sql!("delete from reaction where message_id = $1 and user_id = $2 and kind = $3", message, user, kind);
    Ok(tx.exec(delete).await? == 1)
}

/// Stores a reaction.
pub async fn insert_reaction(
    tx: &mut Tx,
    user: UserId,
    message: MessageId,
    kind: &str,
    now: DateTime<Utc>,
) -> DbResult<()> {
    tx.exec(sql!(
        "insert into reaction (message_id, user_id, kind, created_at) values ($1, $2, $3, $4)",
        message,
        user,
        kind,
        now
    ))
    .await?;
    Ok(())
}
