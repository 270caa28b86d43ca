//! Notices: what happens to a conversation is told among its messages.

use chrono::{DateTime, Utc};

use super::{
    model::{self, Notice, Previous},
    present::Name,
    queries::{self, MessageRow, NewMessage, Numbered, OpenRow, Said},
};
use crate::{
    error::{AppError, AppResult},
    features::people::{local_day, person_view},
    ids::{ConversationId, MessageId, UserId},
    live::{LiveTx, presence::Directory},
};

/// Stores a notice as the next message. 404 for who does not take part.
pub async fn store(
    tx: &mut LiveTx,
    by: UserId,
    id: ConversationId,
    (notice, argument): (Notice, &str),
    now: DateTime<Utc>,
) -> AppResult<MessageRow> {
    let said = Said { by, line: &model::line(argument), notice: Some(notice), at: now };
    let numbered = queries::number_next(tx, id, &said).await?;
    let (starts_group, starts_day) = starts(&numbered, by, now);
    let message = NewMessage {
        id: MessageId::new(),
        conversation: id,
        number: numbered.number,
        sender: by,
        body: argument.to_owned(),
        quoted: None,
        starts_group,
        starts_day,
        at: now,
    };
    queries::insert_notice(tx, &message, notice).await?;
    queries::find_sent(&mut **tx, by, message.id).await?.ok_or(AppError::NotFound)
}

/// Whether a message starts a group of its sender, and the day above it. What follows a notice always starts one.
pub fn starts(numbered: &Numbered, sender: UserId, now: DateTime<Utc>) -> (bool, Option<chrono::NaiveDate>) {
    let previous = numbered.last_sender_id.zip(numbered.last_message_at);
    let previous = previous.map(|(sender, at)| Previous { sender, at, day: local_day(at) });
    let (starts_group, day) = model::starts(previous.as_ref(), &sender, now, local_day(now));
    (starts_group || numbered.last_notice.is_some(), day)
}

/// What lists call an open conversation.
pub fn name(open: &OpenRow, directory: &Directory) -> Name {
    let is_direct = open.kind == views::chat::Kind::Direct;
    Name { kind: open.kind, title: open.title.clone(), other: is_direct.then(|| person_view(&open.other, directory)) }
}
