//! Sending files: a message names those that were brought before it.

use super::{
    super::queries::{self, AttachmentRow},
    FILES,
};
use crate::{
    db::Tx,
    error::{AppError, AppResult, FieldErrors},
    ids::{AttachmentId, ConversationId, MessageId, UserId},
};

/// Reads `ID,ID`, as the composer sends it.
///
/// # Errors
/// 400 for what is no id, 422 for more than a message may have.
pub fn parse(text: &str) -> AppResult<Vec<AttachmentId>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let mut ids: Vec<AttachmentId> =
        parts.map(str::parse).collect::<Result<_, _>>().map_err(|_| AppError::BadRequest("files".to_owned()))?;
    ids.sort();
    ids.dedup();
    if ids.len() > FILES {
        return Err(AppError::Invalid(FieldErrors::one("files", "chat.error.file_count")));
    }
    Ok(ids)
}

/// Gives the files to the message, inside its write: all of them, or the message is not sent. Answers them.
///
/// # Errors
/// 422 when one is not the sender's own, of another conversation, sent already or gone.
pub async fn attach(
    tx: &mut Tx,
    sender: UserId,
    conversation: ConversationId,
    message: MessageId,
    files: &[AttachmentId],
) -> AppResult<Vec<AttachmentRow>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let claimed = queries::claim_attachments(tx, sender, conversation, message, files).await?;
    if claimed < files.len() as u64 {
        return Err(gone());
    }
    Ok(queries::list_attachments(tx, vec![message]).await?)
}

/// What stands in lists for a message of files alone: the first one's name.
///
/// # Errors
/// As [`attach`].
pub async fn line(
    tx: &mut Tx,
    sender: UserId,
    conversation: ConversationId,
    files: &[AttachmentId],
) -> AppResult<String> {
    let Some(first) = files.first() else { return Ok(String::new()) };
    let name = queries::unsent_name(tx, sender, conversation, *first).await?.ok_or_else(gone)?;
    Ok(format!("📎 {name}"))
}

fn gone() -> AppError {
    AppError::Invalid(FieldErrors::one("files", "chat.error.file_gone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_once_each_and_counted() {
        let (one, other) = (AttachmentId::new(), AttachmentId::new());
        assert!(parse("").is_ok_and(|ids| ids.is_empty()));
        assert!(parse(&format!("{other},{one}, {one},")).is_ok_and(|ids| ids == [one, other]));
        assert!(matches!(parse("../../x"), Err(AppError::BadRequest(_))));
        let many: Vec<_> = (0..=FILES).map(|_| AttachmentId::new().to_string()).collect();
        assert!(matches!(parse(&many.join(",")), Err(AppError::Invalid(_))));
    }
}
