//! SQL of sending: the number of a message, the message itself, everybody's list. A message of words takes six
//! statements, whoever is there and whatever was said before.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::{
    super::model::Notice,
    conversations::{OPEN, OPEN_FROM, OpenRow},
};
use crate::{
    auth::Role,
    db::{DbResult, Tx},
    features::{
        people::{PERSON_COLUMNS, PersonRow},
        records::LETS_IN,
    },
    ids::{ConversationId, MessageId, UserId},
    sql,
};

/// What lists say of a conversation from its next message on.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// Who said it.
    pub by: UserId,
    /// Its beginning; the argument of a notice.
    pub line: &'a str,
    /// What happened, when it is that and not somebody's words.
    pub notice: Option<Notice>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The number of a message, and what came before it.
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

/// Columns of [`Numbered`] in a conversation `c` that has moved up, whose message before is `z`.
const NUMBERED: &str = "select c.last_number as number, z.created_at as last_message_at, \
     z.sender_id as last_sender_id, z.notice as last_notice";
const BEFORE: &str = " left join message z on z.conversation_id = c.id and z.number = c.last_number - 1 ";

/// Locks the conversation, counts one more message and moves it up in the lists, if who says something takes part;
/// `RowNotFound` otherwise.
pub async fn move_up(tx: &mut Tx, id: ConversationId, said: &Said<'_>) -> DbResult<()> {
    let moved = tx
        .exec(sql!(
            "update conversation set last_number = last_number + 1, last_sender_id = $2, last_message_at = $3, \
               last_line = $4, last_notice = $5, last_is_deleted = false \
             where id = $1 and exists (select 1 from participant p where p.conversation_id = $1 and p.user_id = $2)",
            id,
            said.by,
            said.at,
            said.line,
            said.notice.map(Notice::code)
        ))
        .await?;
    if moved == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// As `move_up`; answers the number that was taken.
pub async fn number_next(tx: &mut Tx, id: ConversationId, said: &Said<'_>) -> DbResult<Numbered> {
    move_up(tx, id, said).await?;
    let sql = sql!("").push(NUMBERED).push(" from conversation c").push(BEFORE).push("where c.id = ");
    tx.one(sql.bind(id)).await
}

/// A conversation that has moved up for a message, as its sender sees it under the lock: all that is asked before the
/// message is stored.
#[derive(Clone, Debug, FromRow)]
pub struct Writing {
    /// The message's number.
    #[sqlx(flatten)]
    pub numbered: Numbered,
    /// Where it is said.
    #[sqlx(flatten)]
    pub open: OpenRow,
    /// What the sender said anywhere in the time that was asked for, without this.
    pub sent_lately: i64,
    my_first_name: String,
    my_last_name: String,
    my_role: Role,
    my_photo_version: i64,
    my_state: String,
}

impl Writing {
    /// The sender as others see them.
    pub fn sender(&self, id: UserId) -> PersonRow {
        PersonRow {
            id,
            first_name: self.my_first_name.clone(),
            last_name: self.my_last_name.clone(),
            role: self.my_role,
            photo_version: self.my_photo_version,
            state: self.my_state.clone(),
        }
    }
}

/// Reads what [`move_up`] locked; `since` and `until` bound what counts as lately. `RowNotFound` for whom what the
/// conversation is about does not let in.
pub async fn find_writing(
    tx: &mut Tx,
    sender: UserId,
    id: ConversationId,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
) -> DbResult<Writing> {
    let sql = sql!("")
        .push(NUMBERED)
        .push(", (select count(*) from message y where y.sender_id = p.user_id and y.created_at > ")
        .bind(since)
        .push(" and y.created_at <= ")
        .bind(until)
        .push(
            ") as sent_lately, me.first_name as my_first_name, me.last_name as my_last_name, me.role as my_role, \
               me.photo_version as my_photo_version, coalesce(mine.state, 'available') as my_state, ",
        )
        .push(OPEN)
        .push(PERSON_COLUMNS)
        .push(OPEN_FROM)
        .push(" join app_user me on me.id = p.user_id left join agent_state mine on mine.user_id = p.user_id")
        .push(BEFORE)
        .push("where c.id = ");
    tx.one(sql.bind(id).push(" and p.user_id = ").bind(sender).push(LETS_IN)).await
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
    insert(tx, m, None).await?;
    super::index_message(tx, m.id, m.conversation, &m.body).await
}

/// As [`insert_message`], for something that happened to the conversation; the body is its argument. It is not what
/// somebody said, so it is not found.
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
        "update participant set active_at = $2, last_read_number = case when user_id = $3 and last_read_number = $4 - 1 \
           then $4 else last_read_number end where conversation_id = $1",
        m.conversation,
        m.at,
        m.sender,
        m.number
    ))
    .await?;
    Ok(())
}
