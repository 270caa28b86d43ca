//! SQL of messages.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::super::model::Notice;
use super::{Extras, extras};
use crate::{
    db::{Db, DbResult, Reader, Sql, Tx},
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
    with_extras(from, sql.bind(viewer).push(")")).await
}

async fn with_extras(from: &mut impl Reader, sql: Sql) -> DbResult<MessageRow> {
    let mut rows = from.read(sql).await?;
    extras(from, &mut rows).await?;
    rows.pop().ok_or(sqlx::Error::RowNotFound)
}

/// A message that the person sent.
pub async fn find_sent(tx: &mut Tx, sender: UserId, id: Uuid) -> DbResult<MessageRow> {
    let sql = sql!("").push(MESSAGE).push(PERSON_COLUMNS).push(MESSAGE_FROM);
    with_extras(tx, sql.push("where m.id = ").bind(id).push(" and m.sender_id = ").bind(sender)).await
}

/// Messages that the person sent since then, anywhere.
pub async fn count_sent_in(tx: &mut Tx, sender: UserId, since: DateTime<Utc>, until: DateTime<Utc>) -> DbResult<i64> {
    let (n,): (i64,) = tx
        .one(sql!(
            "select count(*) from message where sender_id = $1 and created_at > $2 and created_at <= $3",
            sender,
            since,
            until
        ))
        .await?;
    Ok(n)
}

/// What the lock on a conversation gives: the next number and what came before.
#[derive(Clone, Debug, FromRow)]
pub struct Numbered {
    /// Of the new message.
    pub number: i64,
    /// When the one before was sent.
    pub last_message_at: Option<DateTime<Utc>>,
    /// By whom.
    pub last_sender_id: Option<UserId>,
    /// What it was, when it was no message but a notice.
    pub last_notice: Option<String>,
}

/// Locks the conversation and takes its next number, if the sender takes part; `RowNotFound` otherwise.
pub async fn number_next(tx: &mut Tx, sender: UserId, id: ConversationId) -> DbResult<Numbered> {
    tx.one(sql!(
        "update conversation set last_number = last_number + 1 \
         where id = $1 and exists (select 1 from participant p where p.conversation_id = $1 and p.user_id = $2) \
         returning last_number as number, last_message_at, last_sender_id, last_notice",
        id,
        sender
    ))
    .await
}

/// A message to be stored under the conversation's lock.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Chosen by the client.
    pub id: MessageId,
    /// Where.
    pub conversation: ConversationId,
    /// From [`number_next`].
    pub number: i64,
    /// Who.
    pub sender: UserId,
    /// What.
    pub body: String,
    /// Its beginning, for lists.
    pub line: String,
    /// The message of the same conversation that it answers.
    pub quoted: Option<MessageId>,
    /// See `model::starts`.
    pub starts_group: bool,
    /// See `model::starts`.
    pub starts_day: Option<NaiveDate>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Stores the message and moves the conversation up in everyone's list. Who had read all that was before has read
/// their own message too. A unique violation means that the id is taken.
pub async fn insert_message(tx: &mut Tx, m: &NewMessage) -> DbResult<()> {
    insert(tx, m, None).await
}

/// As [`insert_message`], for something that happened to the conversation; the body is its argument.
pub async fn insert_notice(tx: &mut Tx, m: &NewMessage, notice: Notice) -> DbResult<()> {
    insert(tx, m, Some(notice.code())).await
}

async fn insert(tx: &mut Tx, m: &NewMessage, notice: Option<&str>) -> DbResult<()> {
    tx.exec(sql!(
        "insert into message (id, conversation_id, number, sender_id, body, starts_group, starts_day, created_at, \
           quoted_id, notice) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        m.id,
        m.conversation,
        m.number,
        m.sender,
        m.body.as_str(),
        m.starts_group,
        m.starts_day,
        m.at,
        m.quoted,
        notice
    ))
    .await?;
    tx.exec(sql!(
        "update conversation set last_message_at = $2, last_sender_id = $3, last_line = $4, last_notice = $5, \
           last_is_deleted = false where id = $1",
        m.conversation,
        m.at,
        m.sender,
        m.line.as_str(),
        notice
    ))
    .await?;
    tx.exec(sql!(
        "update participant set active_at = $2, last_read_number = case when user_id = $3 and last_read_number = $4 - 1 \
           then $4 else last_read_number end where conversation_id = $1",
        m.conversation,
        m.at,
        m.sender,
        m.number
    ))
    .await?;
    // What happened to a conversation is not what somebody said: it is not found.
    if notice.is_some() {
        return Ok(());
    }
    super::index_message(tx, m.id, m.conversation, &m.body).await
}
