//! SQL of files that are sent with messages. Who reads or writes takes part in the conversation, in every statement.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::{
    db::{Db, DbResult, Reader, Tx},
    features::records::LETS_IN,
    ids::{AttachmentId, ConversationId, MessageId, UserId},
    sql,
    storage::Stored,
};

/// A file as screens show it.
#[derive(Clone, Debug, FromRow)]
pub struct AttachmentRow {
    /// The file.
    pub attachment_id: AttachmentId,
    /// The message, once it is sent.
    pub message_id: Option<MessageId>,
    /// As people read it.
    pub name: String,
    /// Told by the content.
    pub content_type: String,
    /// Its length.
    pub size_bytes: i64,
    /// Of a picture.
    pub width: Option<i64>,
    /// Of a picture.
    pub height: Option<i64>,
    /// Whether there is a small picture of it.
    pub has_thumbnail: bool,
}

const ATTACHMENT_COLUMNS: &str = "a.id as attachment_id, a.message_id, a.name, a.content_type, a.size_bytes, \
     a.width, a.height, a.thumbnail_key is not null as has_thumbnail";

/// Where the bytes of a file are, and whose it is.
#[derive(Clone, Debug, FromRow)]
pub struct ObjectRow {
    /// The file.
    pub id: AttachmentId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// As people read it.
    pub name: String,
    /// Told by the content.
    pub content_type: String,
    /// Of the file.
    pub object_key: String,
    /// Of the small picture.
    pub thumbnail_key: Option<String>,
    /// In hex.
    pub sha256: String,
}

const OBJECT: &str =
    "select a.id, a.conversation_id, a.name, a.content_type, a.object_key, a.thumbnail_key, a.sha256 from attachment a";

/// A file whose bytes are about to come.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    /// Made by us.
    pub id: AttachmentId,
    /// Where it will be sent.
    pub conversation: ConversationId,
    /// Who brings it.
    pub uploader: UserId,
    /// As people read it.
    pub name: String,
    /// Told by the content.
    pub content_type: &'static str,
    /// Where its bytes go.
    pub object_key: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Announces a file, if the person takes part and may see today what the conversation is about; whether it was.
pub async fn insert_attachment(tx: &mut Tx, new: &NewAttachment) -> DbResult<bool> {
    let insert = sql!(
        "insert into attachment (id, conversation_id, uploader_id, name, content_type, object_key, size_bytes, \
               sha256, created_at) \
             select $1, p.conversation_id, p.user_id, $4, $5, $6, 0, '', $7 from participant p \
             join conversation c on c.id = p.conversation_id where p.conversation_id = $2 and p.user_id = $3",
        new.id,
        new.conversation,
        new.uploader,
        new.name.as_str(),
        new.content_type,
        new.object_key.as_str(),
        new.at
    );
    Ok(tx.exec(insert.push(LETS_IN)).await? == 1)
}

/// The small picture of a file: its key, and the size of the whole picture.
#[derive(Clone, Debug)]
pub struct Thumbnail {
    /// Where it is kept.
    pub key: String,
    /// Of the whole picture, in pixels.
    pub width: i64,
    /// Of the whole picture, in pixels.
    pub height: i64,
}

/// The bytes are there: from here on the file can be sent.
pub async fn finish_attachment(
    tx: &mut Tx,
    id: AttachmentId,
    stored: &Stored,
    thumbnail: Option<&Thumbnail>,
    now: DateTime<Utc>,
) -> DbResult<()> {
    tx.exec(sql!(
        "update attachment set size_bytes = $2, sha256 = $3, thumbnail_key = $4, width = $5, height = $6, \
           stored_at = $7 where id = $1",
        id,
        stored.size_bytes,
        stored.sha256.as_str(),
        thumbnail.map(|t| t.key.as_str()),
        thumbnail.map(|t| t.width),
        thumbnail.map(|t| t.height),
        now
    ))
    .await?;
    Ok(())
}

/// Files of the person that are not sent: those of this conversation, and those whose bytes are still coming, anywhere.
/// What began before `since` and never came counts no more.
pub async fn count_waiting(
    tx: &mut Tx,
    uploader: UserId,
    conversation: ConversationId,
    since: DateTime<Utc>,
) -> DbResult<(i64, i64)> {
    tx.one(sql!(
        "select count(case when conversation_id = $2 then 1 end), count(case when stored_at is null then 1 end) \
         from attachment where uploader_id = $1 and message_id is null and (stored_at is not null or created_at > $3)",
        uploader,
        conversation,
        since
    ))
    .await
}

/// Gives the person's own unsent files of this conversation to a message; how many there were of those asked for.
pub async fn claim_attachments(
    tx: &mut Tx,
    sender: UserId,
    conversation: ConversationId,
    message: MessageId,
    ids: &[AttachmentId],
) -> DbResult<u64> {
    let sql = sql!(
        "update attachment set message_id = $1 where conversation_id = $2 and uploader_id = $3 \
         and message_id is null and stored_at is not null and id in ",
        message,
        conversation,
        sender
    );
    tx.exec(sql.list(ids.to_vec())).await
}

/// The name of the person's own unsent file of this conversation, if it is there.
pub async fn unsent_name(
    tx: &mut Tx,
    sender: UserId,
    conversation: ConversationId,
    id: AttachmentId,
) -> DbResult<Option<String>> {
    let row: Option<(String,)> = tx
        .opt(sql!(
            "select name from attachment where id = $1 and conversation_id = $2 and uploader_id = $3 \
             and message_id is null and stored_at is not null",
            id,
            conversation,
            sender
        ))
        .await?;
    Ok(row.map(|(name,)| name))
}

/// Files of these messages, in the order in which they were brought.
pub async fn list_attachments(from: &mut impl Reader, messages: Vec<MessageId>) -> DbResult<Vec<AttachmentRow>> {
    let sql = sql!("select ").push(ATTACHMENT_COLUMNS).push(" from attachment a where a.message_id in ");
    from.read(sql.list(messages).push(" order by a.id")).await
}

/// A file that the person may read: one of a message that is there for them today, or their own that is not sent yet.
pub async fn find_object(db: &Db, viewer: UserId, id: AttachmentId) -> DbResult<ObjectRow> {
    let sql = sql!("").push(OBJECT).push(
        " join participant p on p.conversation_id = a.conversation_id join conversation c on c.id = a.conversation_id \
          left join message m on m.id = a.message_id and m.deleted_at is null and m.number >= p.first_number \
          where a.stored_at is not null and a.id = ",
    );
    let sql = sql.bind(id).push(" and p.user_id = ").bind(viewer).push(LETS_IN);
    db.one(sql.push(" and (m.id is not null or (a.message_id is null and a.uploader_id = p.user_id))")).await
}

/// The person's own file that is not sent: it can no longer be, since it is about to go.
pub async fn withdraw_attachment(db: &Db, uploader: UserId, id: AttachmentId) -> DbResult<ObjectRow> {
    let sql = sql!("").push(OBJECT).push(" where a.id = ").bind(id).push(" and a.uploader_id = ").bind(uploader);
    let row: ObjectRow = db.one(sql.push(" and a.message_id is null")).await?;
    if abandon_attachment(db, id).await? { Ok(row) } else { Err(sqlx::Error::RowNotFound) }
}

/// Files that belong to no message and are older than `before`: never sent, broken off, or of a message that is gone.
pub async fn list_abandoned(db: &Db, before: DateTime<Utc>, size: i64) -> DbResult<Vec<ObjectRow>> {
    let sql = sql!("").push(OBJECT).push(" where a.message_id is null and a.created_at < ").bind(before);
    db.all(sql.push(" order by a.created_at, a.id limit ").bind(size)).await
}

/// Makes a file one that can no longer be sent or read, since its bytes are about to go; whether it still belonged to no message.
pub async fn abandon_attachment(db: &Db, id: AttachmentId) -> DbResult<bool> {
    let sql = sql!("update attachment set stored_at = null where id = $1 and message_id is null", id);
    Ok(db.exec(sql).await? == 1)
}

/// Forgets a file whose object is gone.
pub async fn delete_attachment(db: &Db, id: AttachmentId) -> DbResult<()> {
    db.exec(sql!("delete from attachment where id = $1 and message_id is null", id)).await?;
    Ok(())
}
