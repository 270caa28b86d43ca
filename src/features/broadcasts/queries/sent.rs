//! SQL of the sender's side: what was sent or is scheduled. Administrators see everybody's.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::super::model::Sender;
use crate::{
    db::{Db, DbResult, Sql},
    features::people::{PERSON_COLUMNS, PersonRow},
    ids::{ConversationId, UserId},
    paging::Paged,
    sql,
};

/// A mass message as its sender sees it.
#[derive(Clone, Debug, FromRow)]
pub struct SentRow {
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Stored code of the importance.
    pub importance: String,
    /// Whether recipients are asked to confirm.
    pub asks_confirmation: bool,
    /// Stored code of the state.
    pub broadcast_state: String,
    /// What it says.
    pub body: String,
    /// Order of the list.
    pub created_at: DateTime<Utc>,
    /// When it is to be sent.
    pub due_at: DateTime<Utc>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// When the missing were last reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// How many people it was sent to.
    pub recipients: i64,
    /// Who sent it.
    #[sqlx(flatten)]
    pub sender: PersonRow,
}

const SENT: &str = "select b.conversation_id, b.importance, b.asks_confirmation, b.state as broadcast_state, b.body, \
     b.created_at, b.due_at, b.sent_at, b.expires_at, b.reminded_at, b.recipients, ";
const SENT_FROM: &str = " from broadcast b join app_user u on u.id = b.sender_id \
     left join agent_state a on a.user_id = u.id where ";

/// Own ones, or anybody's for whoever reaches all.
fn seen_by(sql: Sql, viewer: Sender) -> Sql {
    if viewer.reaches_all() {
        return sql;
    }
    sql.push(" and b.sender_id = ").bind(viewer.id)
}

/// A mass message that the viewer sent, or any for whoever reaches all; `RowNotFound` otherwise.
pub async fn find_for(db: &Db, viewer: Sender, id: ConversationId) -> DbResult<SentRow> {
    let sql = sql!("").push(SENT).push(PERSON_COLUMNS).push(SENT_FROM).push("b.conversation_id = ").bind(id);
    db.one(seen_by(sql, viewer)).await
}

/// Where a page of the list begins: creation and id of the row before it.
pub type After = Option<(DateTime<Utc>, Uuid)>;

/// What was sent (or is scheduled), the newest first, after a row; at most `size`.
pub async fn list_sent(
    db: &Db,
    viewer: Sender,
    is_scheduled: bool,
    sender: Option<UserId>,
    after: After,
    size: i64,
) -> DbResult<Paged<SentRow>> {
    let which = if is_scheduled { "b.state = 'scheduled'" } else { "b.state <> 'scheduled'" };
    let mut sql = seen_by(sql!("").push(SENT).push(PERSON_COLUMNS).push(SENT_FROM).push(which), viewer);
    if let Some(sender) = sender {
        sql = sql.push(" and b.sender_id = ").bind(sender);
    }
    if let Some((at, id)) = after {
        sql = sql.push(" and (b.created_at, b.conversation_id) < (").bind(at).push(", ").bind(id).push(")");
    }
    let sql = sql.push(" order by b.created_at desc, b.conversation_id desc limit ");
    Ok(Paged::new(db.all(sql.bind(Paged::<SentRow>::limit(size))).await?, size))
}

/// Who ever sent one, by name: the choice of administrators.
pub async fn list_senders(db: &Db) -> DbResult<Vec<(UserId, String)>> {
    db.all(sql!(
        "select u.id, u.first_name || ' ' || u.last_name from app_user u \
         where exists (select 1 from broadcast b where b.sender_id = u.id) order by u.name_folded, u.id"
    ))
    .await
}
