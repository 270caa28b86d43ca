//! SQL of messages.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::{Extras, NewMessage, extras};
use crate::{
    db::{Db, DbResult, Reader},
    features::people::{PERSON_COLUMNS, PersonRow},
    ids::{ConversationId, MessageId, UserId},
    paging::Paged,
    sql,
};

/// A stored message with its sender.
#[derive(Clone, Debug, FromRow)]
pub struct MessageRow {
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its place there.
    pub number: i64,
    /// What it says, nothing when it was deleted; the argument of a notice.
    pub body: String,
    /// What happened to the conversation, when it is that and not somebody's words.
    pub notice: Option<String>,
    /// The message that it answers.
    pub quoted_id: Option<MessageId>,
    /// Whether the sender's name is said.
    pub starts_group: bool,
    /// The day whose separator stands above it.
    pub starts_day: Option<NaiveDate>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was last changed by its sender.
    pub edited_at: Option<DateTime<Utc>>,
    /// When it was deleted by its sender.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Whether files came with it.
    pub has_files: bool,
    /// Who sent it.
    #[sqlx(flatten)]
    pub sender: PersonRow,
    /// What hangs on it: loaded for a whole page of messages at once.
    #[sqlx(skip)]
    pub extras: Extras,
}

impl MessageRow {
    /// A message that was just stored: nobody has reacted to it or changed it yet.
    pub fn new(message: NewMessage, sender: PersonRow, extras: Extras) -> Self {
        Self {
            message_id: message.id,
            conversation_id: message.conversation,
            number: message.number,
            body: message.body,
            notice: None,
            quoted_id: message.quoted,
            starts_group: message.starts_group,
            starts_day: message.starts_day,
            created_at: message.at,
            edited_at: None,
            deleted_at: None,
            has_files: !extras.attachments.is_empty(),
            sender,
            extras,
        }
    }
}

const MESSAGE: &str = "select m.id as message_id, m.conversation_id, m.number, m.body, m.notice, m.quoted_id, \
     m.starts_group, m.starts_day, m.created_at, m.edited_at, m.deleted_at, \
     exists (select 1 from attachment x where x.message_id = m.id) as has_files, ";
const MESSAGE_FROM: &str =
    " from message m join app_user u on u.id = m.sender_id left join agent_state a on a.user_id = u.id ";
/// What a person may read of the messages `m`: who joined later does not see what was said before. The viewer is bound
/// next. Every statement that reads messages for somebody goes through it.
pub const VISIBLE: &str = "join participant p on p.conversation_id = m.conversation_id \
     and m.number >= p.first_number and p.user_id = ";

/// The last messages before `before` that the viewer may read, oldest first; at most `size`.
pub async fn list_messages(
    db: &Db,
    viewer: UserId,
    conversation: ConversationId,
    before: Option<i64>,
    size: i64,
) -> DbResult<Paged<MessageRow>> {
    let sql = sql!("")
        .push(MESSAGE)
        .push(PERSON_COLUMNS)
        .push(MESSAGE_FROM)
        .push(VISIBLE)
        .bind(viewer)
        .push(" where m.conversation_id = ")
        .bind(conversation)
        .push(" and m.number < ")
        .bind(before.unwrap_or(i64::MAX))
        .push(" order by m.number desc limit ")
        .bind(Paged::<MessageRow>::limit(size));
    let mut page = Paged::new(db.all(sql).await?, size);
    page.rows.reverse();
    extras(&mut &*db, &mut page.rows).await?;
    Ok(page)
}

/// Somebody's words in a conversation, with what hangs on them, if the viewer may see them; `RowNotFound` otherwise.
/// Mass messages are not found: their recipients do not see what the others do.
pub async fn find_message(
    from: &mut impl Reader,
    viewer: UserId,
    conversation: ConversationId,
    id: MessageId,
) -> DbResult<MessageRow> {
    let sql = sql!("").push(MESSAGE).push(PERSON_COLUMNS).push(MESSAGE_FROM).push("where m.id = ").bind(id);
    let sql = sql.push(" and m.conversation_id = ").bind(conversation).push(
        " and m.notice is null and exists (select 1 from participant p join conversation c on c.id = p.conversation_id \
         where c.id = m.conversation_id and c.kind <> 'broadcast' and m.number >= p.first_number and p.user_id = ",
    );
    let mut rows = from.read(sql.bind(viewer).push(")")).await?;
    extras(from, &mut rows).await?;
    rows.pop().ok_or(sqlx::Error::RowNotFound)
}

/// A message that the person sent, wherever, with what hangs on it; nothing when there is none.
pub async fn find_sent(from: &mut impl Reader, sender: UserId, id: MessageId) -> DbResult<Option<MessageRow>> {
    let sql = sql!("").push(MESSAGE).push(PERSON_COLUMNS).push(MESSAGE_FROM).push("where m.id = ").bind(id);
    let mut rows = from.read(sql.push(" and m.sender_id = ").bind(sender)).await?;
    extras(from, &mut rows).await?;
    Ok(rows.pop())
}
