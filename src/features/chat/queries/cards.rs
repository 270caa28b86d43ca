//! SQL of mass messages as their recipients see them.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::{
    db::{Db, DbResult, Sql, Tx},
    features::people::{PERSON_COLUMNS, PersonRow},
    ids::{ConversationId, UserId},
    sql,
};

/// A mass message and what the recipient made of it.
#[derive(Clone, Debug, FromRow)]
pub struct CardRow {
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Stored code of its importance.
    pub importance: String,
    /// Whether it asks to be confirmed.
    pub asks_confirmation: bool,
    /// What it says.
    pub body: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// From when on it asks for nothing.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it reached a screen of the recipient.
    pub received_at: Option<DateTime<Utc>>,
    /// 1 once the recipient opened it.
    pub seen_number: i64,
    /// When the recipient confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Who sent it.
    #[sqlx(flatten)]
    pub sender: PersonRow,
}

const CARD: &str = "select b.conversation_id, b.importance, b.asks_confirmation, b.body, b.sent_at, b.expires_at, \
     p.received_at, p.seen_number, p.confirmed_at, ";
const CARD_FROM: &str = " from broadcast b join participant p on p.conversation_id = b.conversation_id \
     join app_user u on u.id = b.sender_id left join agent_state a on a.user_id = u.id \
     where b.sent_at is not null and p.user_id = ";

/// The mass message, if the viewer is a recipient; `None` otherwise, and for every other kind of conversation.
pub async fn find_card(db: &Db, viewer: UserId, id: ConversationId) -> DbResult<Option<CardRow>> {
    let sql = sql!("").push(CARD).push(PERSON_COLUMNS).push(CARD_FROM).bind(viewer);
    db.opt(sql.push(" and b.conversation_id = ").bind(id)).await
}

/// As [`find_card`], inside a write.
pub async fn find_card_for_write(tx: &mut Tx, viewer: UserId, id: ConversationId) -> DbResult<Option<CardRow>> {
    let sql = sql!("").push(CARD).push(PERSON_COLUMNS).push(CARD_FROM).bind(viewer);
    tx.opt(sql.push(" and b.conversation_id = ").bind(id)).await
}

/// A mass message that was just sent, as those see it who have done nothing about it yet.
pub async fn find_fresh_card(tx: &mut Tx, id: ConversationId) -> DbResult<CardRow> {
    tx.one(
        sql!(
            "select b.conversation_id, b.importance, b.asks_confirmation, b.body, b.sent_at, b.expires_at, \
             cast(null as timestamptz) as received_at, cast(0 as bigint) as seen_number, \
             cast(null as timestamptz) as confirmed_at, "
        )
        .push(PERSON_COLUMNS)
        .push(
            " from broadcast b join app_user u on u.id = b.sender_id left join agent_state a on a.user_id = u.id \
             where b.sent_at is not null and b.conversation_id = ",
        )
        .bind(id),
    )
    .await
}

/// Appends, after a participation `p` in the mass message `b`, that it waits: critical and to be confirmed, or sent since
/// `since` and on no screen yet.
fn push_waiting(sql: Sql, since: DateTime<Utc>, now: DateTime<Utc>) -> Sql {
    sql.push(" and ((b.importance = 'critical' and b.expired_at is null and p.confirmed_at is null and b.expires_at > ")
        .bind(now)
        .push(") or (p.received_at is null and b.sent_at > ")
        .bind(since)
        .push("))")
}

/// Appends, as a column of a statement that reads more, whether [`list_waiting`] finds anything.
pub fn push_waits(sql: Sql, viewer: UserId, since: DateTime<Utc>, now: DateTime<Utc>) -> Sql {
    let sql = sql.push(
        "exists (select 1 from broadcast b join participant p on p.conversation_id = b.conversation_id \
           where b.sent_at is not null and p.user_id = ",
    );
    push_waiting(sql.bind(viewer), since, now).push(") as waits")
}

/// What every page of the viewer carries: critical ones that wait to be confirmed, and those since `since` that have
/// reached no screen. Driven by the few recent or unended mass messages, not by all that the viewer ever got.
pub async fn list_waiting(
    db: &Db,
    viewer: UserId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    limit: i64,
) -> DbResult<Vec<CardRow>> {
    let sql = sql!("").push(CARD).push(PERSON_COLUMNS).push(CARD_FROM).bind(viewer);
    let sql = push_waiting(sql, since, now);
    db.all(sql.push(" order by b.sent_at, b.conversation_id limit ").bind(limit)).await
}
