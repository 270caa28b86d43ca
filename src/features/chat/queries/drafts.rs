//! SQL of drafts: one per person and conversation.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::AttachmentRow;
use crate::{
    db::{Db, DbResult, Tx},
    features::records::LETS_IN,
    ids::{AttachmentId, ConversationId, UserId},
    sql,
};

/// What was written and not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The text; empty without one.
    pub body: String,
    /// When it was last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// A file that waits, if any does, beside the text, if there is one.
#[derive(FromRow)]
struct WaitingRow {
    body: Option<String>,
    updated_at: Option<DateTime<Utc>>,
    attachment_id: Option<AttachmentId>,
    name: Option<String>,
    content_type: Option<String>,
    size_bytes: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
    has_thumbnail: bool,
}

/// What waits in the person's composer: the text, and the files that were brought and not sent, in the order in which
/// they came.
pub async fn waiting(db: &Db, user: UserId, conversation: ConversationId) -> DbResult<(Draft, Vec<AttachmentRow>)> {
    let rows: Vec<WaitingRow> = db
        .all(sql!(
            "select d.body, d.updated_at, a.id as attachment_id, a.name, a.content_type, a.size_bytes, a.width, a.height, \
               a.thumbnail_key is not null as has_thumbnail \
             from participant p \
             left join draft d on d.user_id = p.user_id and d.conversation_id = p.conversation_id \
             left join attachment a on a.conversation_id = p.conversation_id and a.uploader_id = p.user_id \
               and a.message_id is null and a.stored_at is not null \
             where p.user_id = $1 and p.conversation_id = $2 order by a.id limit 50",
            user,
            conversation
        ))
        .await?;
    let draft =
        rows.first().map(|row| Draft { body: row.body.clone().unwrap_or_default(), updated_at: row.updated_at });
    let files = rows.into_iter().filter_map(|row| {
        Some(AttachmentRow {
            attachment_id: row.attachment_id?,
            message_id: None,
            name: row.name?,
            content_type: row.content_type?,
            size_bytes: row.size_bytes?,
            width: row.width,
            height: row.height,
            has_thumbnail: row.has_thumbnail,
        })
    });
    Ok((draft.unwrap_or_default(), files.collect()))
}

/// Keeps a draft, if the person takes part and may see today what it is about.
pub async fn save_draft(
    db: &Db,
    user: UserId,
    conversation: ConversationId,
    body: &str,
    now: DateTime<Utc>,
) -> DbResult<()> {
    let insert = sql!(
        "insert into draft (user_id, conversation_id, body, updated_at) \
         select p.user_id, p.conversation_id, $3, $4 from participant p \
         join conversation c on c.id = p.conversation_id where p.user_id = $1 and p.conversation_id = $2",
        user,
        conversation,
        body,
        now
    );
    let insert = insert.push(LETS_IN).push(
        " on conflict (user_id, conversation_id) do update set body = excluded.body, updated_at = excluded.updated_at",
    );
    db.exec(insert).await?;
    Ok(())
}

/// The text was emptied.
pub async fn clear_draft(db: &Db, user: UserId, conversation: ConversationId) -> DbResult<()> {
    db.exec(sql!("delete from draft where user_id = $1 and conversation_id = $2", user, conversation)).await?;
    Ok(())
}

/// The text was sent: it is a draft no more, in the same write.
pub async fn spend_draft(tx: &mut Tx, user: UserId, conversation: ConversationId) -> DbResult<()> {
    tx.exec(sql!("delete from draft where user_id = $1 and conversation_id = $2", user, conversation)).await?;
    Ok(())
}
