//! SQL of receipts.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::{
    db::{Db, DbResult, Reader},
    features::{
        people::{PERSON_COLUMNS, PersonRow},
        records::LETS_IN,
    },
    ids::{ConversationId, UserId},
    sql,
};

/// How far one of the others has read.
#[derive(Clone, Debug, FromRow)]
pub struct SeenRow {
    /// Who sent the last message.
    pub sender_id: UserId,
    /// Its number.
    pub last_number: i64,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// Who else takes part; `None` in the one row of a conversation without others.
    pub name: Option<String>,
    /// Whether they read it.
    pub has_seen: bool,
    /// When they last read something new.
    pub seen_at: Option<DateTime<Utc>>,
}

/// Everybody but the sender of the last message, who read first coming first. Nobody where the last message is a notice
/// or was deleted, and in mass messages, which have their own roll-call.
pub async fn seen(from: &mut impl Reader, conversation: ConversationId) -> DbResult<Vec<SeenRow>> {
    from.read(sql!(
        "select m.sender_id, m.number as last_number, m.created_at as sent_at, \
           u.first_name || ' ' || u.last_name as name, coalesce(p.seen_number >= m.number, false) as has_seen, p.seen_at \
         from conversation c join message m on m.conversation_id = c.id and m.number = c.last_number \
         left join participant p on p.conversation_id = c.id and p.user_id <> m.sender_id \
         left join app_user u on u.id = p.user_id \
         where c.id = $1 and c.kind <> 'broadcast' and m.notice is null and m.deleted_at is null \
         order by p.seen_at nulls last, p.user_id",
        conversation
    ))
    .await
}

/// Everybody else in the conversation, by name.
pub async fn list_others(db: &Db, viewer: UserId, conversation: ConversationId) -> DbResult<Vec<PersonRow>> {
    let sql = sql!("select ").push(PERSON_COLUMNS).push(
        " from participant p join app_user u on u.id = p.user_id left join agent_state a on a.user_id = u.id \
          where u.is_active and p.conversation_id = ",
    );
    let sql = sql.bind(conversation).push(" and p.user_id <> ").bind(viewer);
    db.all(sql.push(" order by u.first_name, u.last_name, u.id limit 200")).await
}

/// Whether others may learn that the person is typing in the conversation.
pub async fn may_be_heard(db: &Db, user: UserId, conversation: ConversationId) -> DbResult<bool> {
    let sql = sql!(
        "select exists (select 1 from participant p join conversation c on c.id = p.conversation_id \
         where p.user_id = $1 and c.id = $2 and c.kind <> 'broadcast'",
        user,
        conversation
    );
    let (may,): (bool,) = db.one(sql.push(LETS_IN).push(")")).await?;
    Ok(may)
}
