//! SQL that makes, sends, ends and takes back mass messages. Its statements do not grow in number with recipients.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    super::model::{Audience, Importance, Sender},
    audience::from_audience,
};
use crate::{
    auth::Role,
    db::{Db, DbResult, Tx},
    features::chat::index_message,
    ids::{ConversationId, MessageId, UserId},
    sql,
};

/// A mass message to be stored.
#[derive(Clone, Debug)]
pub struct NewBroadcast {
    /// Its conversation.
    pub id: ConversationId,
    /// Who sends it.
    pub sender: UserId,
    /// How much it matters.
    pub importance: Importance,
    /// Whether recipients are asked to confirm.
    pub asks_confirmation: bool,
    /// Whom it is for.
    pub audience: Audience,
    /// What it says.
    pub body: String,
    /// When it is to be sent.
    pub due_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Stores it with the state `scheduled`; one that is to be sent at once is due already.
pub async fn schedule(tx: &mut Tx, new: &NewBroadcast, now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!(
        "insert into conversation (id, kind, title, created_by, created_at, last_number, last_line) \
         values ($1, 'broadcast', '', $2, $3, 0, '')",
        new.id,
        new.sender,
        now
    ))
    .await?;
    tx.exec(sql!(
        "insert into broadcast (conversation_id, sender_id, importance, asks_confirmation, state, audience, body, \
           created_at, due_at, expires_at, recipients) values ($1, $2, $3, $4, 'scheduled', $5, $6, $7, $8, $9, 0)",
        new.id,
        new.sender,
        new.importance.code(),
        new.asks_confirmation,
        json!(new.audience),
        new.body.as_str(),
        now,
        new.due_at,
        new.expires_at
    ))
    .await?;
    Ok(())
}

/// Lets one form of the person after the other in, until the transaction ends: of several that arrive together, each
/// counts those before it.
pub async fn lock_sender(tx: &mut Tx, sender: UserId) -> DbResult<()> {
    tx.exec(sql!("update app_user set is_active = is_active where id = $1", sender)).await?;
    Ok(())
}

/// Mass messages that the person made between the two and did not take back.
pub async fn count_created_in(
    tx: &mut Tx,
    sender: UserId,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
) -> DbResult<i64> {
    let (count,): (i64,) = tx
        .one(sql!(
            "select count(*) from broadcast where sender_id = $1 and created_at > $2 and created_at <= $3 \
             and state <> 'cancelled'",
            sender,
            since,
            until
        ))
        .await?;
    Ok(count)
}

/// Sends it: freezes the recipients, in one insert, and stores its one message. Answers who they are.
pub async fn publish(
    tx: &mut Tx,
    id: ConversationId,
    sender: Sender,
    audience: &Audience,
    message: (&str, &str, NaiveDate),
    now: DateTime<Utc>,
) -> DbResult<Vec<Uuid>> {
    let (body, line, day) = message;
    let insert = sql!(
        "insert into participant (conversation_id, user_id, last_read_number, seen_number, first_number, is_muted, \
           joined_at, active_at) select $1, u.id, 0, 0, 1, false, $2, $2",
        id,
        now
    );
    let recipients = tx.exec(from_audience(insert, sender, audience)).await?;
    let users = tx.ids(sql!("select user_id as id from participant where conversation_id = $1", id)).await?;
    let message = MessageId::new();
    tx.exec(sql!(
        "insert into message (id, conversation_id, number, sender_id, body, starts_group, starts_day, created_at) \
         values ($1, $2, 1, $3, $4, true, $5, $6)",
        message,
        id,
        sender.id,
        body,
        day,
        now
    ))
    .await?;
    index_message(tx, message, id, body).await?;
    tx.exec(sql!(
        "update conversation set last_number = 1, last_message_at = $2, last_sender_id = $3, last_line = $4 where id = $1",
        id,
        now,
        sender.id,
        line
    ))
    .await?;
    tx.exec(sql!(
        "update broadcast set state = 'sent', sent_at = $2, recipients = $3 where conversation_id = $1",
        id,
        now,
        i64::try_from(recipients).unwrap_or(i64::MAX)
    ))
    .await?;
    Ok(users)
}

/// Whether anything is to be sent or to end: asked once a second, and all that an idle instance asks.
pub async fn is_anything_due(db: &Db, now: DateTime<Utc>) -> DbResult<bool> {
    let (any,): (bool,) = db
        .one(sql!(
            "select exists (select 1 from broadcast where state = 'scheduled' and due_at <= $1) \
             or exists (select 1 from broadcast where state = 'sent' and expired_at is null and expires_at <= $1)",
            now
        ))
        .await?;
    Ok(any)
}

/// A mass message whose time has come.
#[derive(Clone, Debug, FromRow)]
pub struct Due {
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Who sends it.
    pub sender_id: UserId,
    /// Whom it is for, as chosen.
    pub audience: sqlx::types::Json<Audience>,
    /// What it says.
    pub body: String,
}

/// Takes the next one whose time has come; of several instances one gets it, the others find the next or none.
pub async fn take_due(tx: &mut Tx, now: DateTime<Utc>) -> DbResult<Option<Due>> {
    tx.opt(sql!(
        "update broadcast set state = 'sent' where state = 'scheduled' and conversation_id = (\
           select b.conversation_id from broadcast b where b.state = 'scheduled' and b.due_at <= $1 \
           order by b.due_at, b.conversation_id limit 1) \
         returning conversation_id, sender_id, audience, body",
        now
    ))
    .await
}

/// Ends the next one whose end has come; its conversation.
pub async fn expire_next(tx: &mut Tx, now: DateTime<Utc>) -> DbResult<Option<ConversationId>> {
    let row: Option<(ConversationId,)> = tx
        .opt(sql!(
            "update broadcast set expired_at = $1 where expired_at is null and conversation_id = (\
               select b.conversation_id from broadcast b \
               where b.state = 'sent' and b.expired_at is null and b.expires_at <= $1 \
               order by b.expires_at, b.conversation_id limit 1) returning conversation_id",
            now
        ))
        .await?;
    Ok(row.map(|(id,)| id))
}

/// Who sends, by today's rights; `None` for a closed account.
pub async fn find_sender(tx: &mut Tx, id: UserId) -> DbResult<Option<Sender>> {
    let row: Option<(Role, bool)> =
        tx.opt(sql!("select role, is_superuser from app_user where id = $1 and is_active", id)).await?;
    Ok(row.map(|(role, is_superuser)| Sender { id, role, is_superuser }))
}

/// Takes back one that is still scheduled; whether it was.
pub async fn cancel(tx: &mut Tx, id: ConversationId) -> DbResult<bool> {
    let touched = tx
        .exec(sql!("update broadcast set state = 'cancelled' where conversation_id = $1 and state in ('scheduled', 'sent') and sent_at is null", id))
        .await?;
    Ok(touched == 1)
}

/// Notes a reminder; false when the last one is not older than `before`, or it has ended. One that a clock noted which
/// was ahead is of no account.
pub async fn mark_reminded(
    tx: &mut Tx,
    id: ConversationId,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DbResult<bool> {
    let touched = tx
        .exec(sql!(
            "update broadcast set reminded_at = $3 where conversation_id = $1 and sent_at is not null \
             and (reminded_at is null or reminded_at <= $2 or reminded_at > $3) and (expires_at is null or expires_at > $3)",
            id,
            before,
            now
        ))
        .await?;
    Ok(touched == 1)
}
