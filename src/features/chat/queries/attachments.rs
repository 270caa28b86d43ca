//! SQL of files that were sent with messages. Who reads takes part in the conversation, in every statement.

use sqlx::FromRow;

use crate::{
    db::{Arg, Db, DbResult, Reader, Tx},
    features::{
        files::{self, StoredFile},
        records::LETS_IN,
    },
    ids::{FileId, MessageId, UserId},
    sql,
};

/// A file of a message.
#[derive(Clone, Debug, FromRow)]
pub struct AttachmentRow {
    /// The message.
    pub message_id: MessageId,
    /// The file.
    #[sqlx(flatten)]
    pub file: StoredFile,
}

/// Hangs files on a message.
pub async fn insert_attachments(tx: &mut Tx, message: MessageId, files: &[StoredFile]) -> DbResult<()> {
    if files.is_empty() {
        return Ok(());
    }
    let rows = files.iter().map(|file| vec![Arg::from(file.file_id), Arg::from(message)]);
    tx.exec(sql!("insert into attachment (file_id, message_id) values ").rows(rows)).await?;
    Ok(())
}

/// Files of these messages, in the order in which they were brought.
pub async fn list_attachments(from: &mut impl Reader, messages: Vec<MessageId>) -> DbResult<Vec<AttachmentRow>> {
    let sql = sql!("select a.message_id, ").push(files::COLUMNS);
    let sql = sql.push(" from attachment a join stored_file on stored_file.id = a.file_id where a.message_id in ");
    from.read(sql.list(messages).push(" order by stored_file.id")).await
}

/// A file that the person may read: one of a message that is there for them today, or their own that is not sent yet.
pub async fn find_file(db: &Db, viewer: UserId, id: FileId) -> DbResult<StoredFile> {
    let sql = sql!("select ").push(files::COLUMNS).push(
        " from stored_file join participant p on p.conversation_id = stored_file.place_id \
          join conversation c on c.id = p.conversation_id left join attachment a on a.file_id = stored_file.id \
          left join message m on m.id = a.message_id and m.deleted_at is null and m.number >= p.first_number \
          where stored_file.purpose = 'chat' and stored_file.stored_at is not null and stored_file.id = ",
    );
    let sql = sql.bind(id).push(" and p.user_id = ").bind(viewer).push(LETS_IN);
    db.one(
        sql.push(" and (m.id is not null or (stored_file.claimed_at is null and stored_file.uploader_id = p.user_id))"),
    )
    .await
}

/// Files that lost their message to retention, at most `size`; they are no files of messages any more.
pub async fn take_orphans(tx: &mut Tx, size: i64) -> DbResult<Vec<FileId>> {
    let sql = sql!(
        "delete from attachment where file_id in \
           (select file_id from attachment where message_id is null order by file_id limit $1) returning file_id",
        size
    );
    let rows: Vec<(FileId,)> = tx.all(sql).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
