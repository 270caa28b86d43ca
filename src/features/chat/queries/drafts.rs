//! SQL of drafts: one per person and conversation.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::{
    db::{Db, DbResult, Tx},
    features::records::LETS_IN,
    ids::{ConversationId, UserId},
    sql,
};

/// What was written and not sent.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Draft {
    /// The text.
    pub body: String,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What the person has written in the conversation and not sent, if anything.
pub async fn find_draft(db: &Db, user: UserId, conversation: ConversationId) -> DbResult<Option<Draft>> {
    db.opt(sql!("select body, updated_at from draft where user_id = $1 and conversation_id = $2", user, conversation))
        .await
}

/// Keeps a draft, if the person takes part and may see today what it is about.
pub async fn save_draft(
    db: &Db,
    user: UserId,
    conversation: ConversationId,
    body: &str,
    now: DateTime<Utc>,
) -> DbResult<()> {
    let insert = sql!(
        "insert into draft (user_id, conversation_id, body, updated_at) \
         select p.user_id, p.conversation_id, $3, $4 from participant p \
         join conversation c on c.id = p.conversation_id where p.user_id = $1 and p.conversation_id = $2",
        user,
        conversation,
        body,
        now
    );
    let insert = insert.push(LETS_IN).push(
        " on conflict (user_id, conversation_id) do update set body = excluded.body, updated_at = excluded.updated_at",
    );
    db.exec(insert).await?;
    Ok(())
}

/// The text was emptied.
pub async fn clear_draft(db: &Db, user: UserId, conversation: ConversationId) -> DbResult<()> {
    db.exec(sql!("delete from draft where user_id = $1 and conversation_id = $2", user, conversation)).await?;
    Ok(())
}

/// The text was sent: it is a draft no more, in the same write.
pub async fn spend_draft(tx: &mut Tx, user: UserId, conversation: ConversationId) -> DbResult<()> {
    tx.exec(sql!("delete from draft where user_id = $1 and conversation_id = $2", user, conversation)).await?;
    Ok(())
}
