//! Retries: a message's id, which its sender's browser chose, is the key of sending it. The database stores one message
//! under it; who sends it again gets that one.

use super::{
    model::Body,
    queries::{self, MessageRow},
};
use crate::{
    db::Db,
    error::{AppError, AppResult, TextKey},
    ids::{ConversationId, FileId, MessageId, UserId},
};

/// What is to be said, as the form says it.
pub struct Sending<'a> {
    /// Its key.
    pub id: MessageId,
    /// Where.
    pub conversation: ConversationId,
    /// The words.
    pub body: Body,
    /// The id of the message that it answers; empty when none.
    pub quoted: &'a str,
    /// Its files, each once, in order.
    pub files: Vec<FileId>,
}

/// The sender's message that was stored under the key, as it is today; nothing when there is none.
///
/// # Errors
/// 409 when the key was used for something else.
pub async fn stored(db: &Db, sender: UserId, new: &Sending<'_>) -> AppResult<Option<MessageRow>> {
    let Some(row) = queries::find_sent(&mut &*db, sender, new.id).await? else { return Ok(None) };
    let is_changed = row.edited_at.is_some() || row.deleted_at.is_some();
    let said = if is_changed { queries::first_body(db, row.message_id).await? } else { row.body.clone() };
    let quoted = row.quoted_id.map(|id| id.to_string()).unwrap_or_default();
    let files = row.extras.attachments.iter().map(|file| file.file_id);
    let is_same = row.conversation_id == new.conversation
        && said == new.body.as_str()
        && quoted == new.quoted
        && files.eq(new.files.iter().copied());
    if is_same { Ok(Some(row)) } else { Err(AppError::Conflict(TextKey("chat.error.conflict"))) }
}
