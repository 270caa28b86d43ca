//! What a message refers to when it is stored: the message that it answers, the people whom it names.

use uuid::Uuid;

use super::{
    mentions,
    queries::{self, MentionRow, QuoteRow},
};
use crate::{
    db::{DbResult, Tx},
    error::{AppError, AppResult, FieldErrors},
    ids::{ConversationId, MessageId, UserId},
};

/// The message that a form says it answers; `None` when it answers none. 422 for what is not a message of the same
/// conversation that the person may see, and for one that was deleted.
pub async fn quoted(tx: &mut Tx, viewer: UserId, id: ConversationId, said: &str) -> AppResult<Option<QuoteRow>> {
    if said.is_empty() {
        return Ok(None);
    }
    let refused = || AppError::Invalid(FieldErrors::one("quoted_id", "chat.error.quote"));
    let quoted = MessageId(said.parse::<Uuid>().map_err(|_| refused())?);
    queries::find_quotable(tx, viewer, id, quoted).await?.ok_or_else(refused).map(Some)
}

/// Stores whom a message names, instead of whom it named before; answers them.
pub async fn mention(
    tx: &mut Tx,
    conversation: ConversationId,
    message: MessageId,
    body: &str,
) -> DbResult<Vec<MentionRow>> {
    if !body.contains('@') {
        return Ok(Vec::new());
    }
    let people = queries::list_names(tx, conversation).await?;
    let people: Vec<(UserId, &str)> = people.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let mut named: Vec<(UserId, &str)> = Vec::new();
    for place in mentions::find(body, &people) {
        let name = &body[place.at.start + 1..place.at.end];
        for id in place.who {
            if named.iter().all(|(known, _)| *known != id) {
                named.push((id, name));
            }
        }
    }
    queries::insert_mentions(tx, message, &named).await?;
    // In the order in which they are read again.
    named.sort_by_key(|(user, _)| *user);
    Ok(named.into_iter().map(|(user, name)| MentionRow { user, name: name.to_owned() }).collect())
}
