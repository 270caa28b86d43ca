//! SQL of investigations: conversations by their people, and one of them whole. Who asks is no participant: the route
//! asks for the capability, and every export is in the audit log.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    db::{Db, DbResult, Tx},
    ids::{ConversationId, UserId},
    paging::Paged,
    sql,
};

/// What is known of a conversation without reading it.
#[derive(Clone, Debug, FromRow)]
pub struct KnownRow {
    /// The conversation.
    pub id: ConversationId,
    /// `direct`, `group`, `broadcast` or `record`.
    pub kind: String,
    /// Name of a group or record.
    pub title: String,
    /// Messages in it.
    pub messages: i64,
    /// When the first was written.
    pub first_at: Option<DateTime<Utc>>,
    /// When the last was written.
    pub last_at: Option<DateTime<Utc>>,
}

/// A message as it is exported.
#[derive(Clone, Debug, FromRow)]
pub struct ExportRow {
    /// The message.
    pub id: Uuid,
    /// Its place.
    pub number: i64,
    /// Who.
    pub author: String,
    /// Of the author.
    pub email: String,
    /// What it says now.
    pub body: String,
    /// What happened, when it is no message.
    pub notice: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was last edited.
    pub edited_at: Option<DateTime<Utc>>,
    /// When it was deleted.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Conversations in which, for each word, somebody takes part whose name has a word that begins so; or this one.
pub async fn find_known(
    db: &Db,
    words: &[String],
    only: Option<ConversationId>,
    size: i64,
) -> DbResult<Paged<KnownRow>> {
    let mut chosen =
        sql!("with chosen as (select c.id, c.kind, c.title, c.last_message_at from conversation c where (")
            .bind(only)
            .push(" is null or c.id = ")
            .bind(only)
            .push(") ");
    for word in words {
        chosen = chosen
            .push("and exists (select 1 from app_user u where ")
            .word(word, "u.name_folded", &[])
            .push(" and (u.id = c.created_by or exists (select 1 from participant p where p.conversation_id = c.id and p.user_id = u.id))) ");
    }
    let found = chosen
        .push("order by c.last_message_at desc nulls last, c.id desc limit ")
        .bind(Paged::<KnownRow>::limit(size))
        .push(
            ") select k.id, k.kind, k.title, count(m.id) as messages, min(m.created_at) as first_at, max(m.created_at) as last_at \
             from chosen k left join message m on m.conversation_id = k.id \
             group by k.id, k.kind, k.title, k.last_message_at order by k.last_message_at desc nulls last, k.id desc",
        );
    Ok(Paged::new(db.all(found).await?, size))
}

/// The first few people of these conversations by name, and how many there are in each.
pub async fn list_people_of(db: &Db, ids: &[ConversationId], few: i64) -> DbResult<Vec<(ConversationId, String, i64)>> {
    let people = sql!(
        "select x.conversation_id, x.name, x.total from (\
           select p.conversation_id, u.first_name || ' ' || u.last_name as name, \
             row_number() over (partition by p.conversation_id order by u.name_folded, u.id) as place, \
             count(*) over (partition by p.conversation_id) as total \
           from participant p join app_user u on u.id = p.user_id where p.conversation_id in "
    );
    let people = people.list(ids.iter().copied()).push(") x where x.place <= ").bind(few);
    db.all(people.push(" order by x.conversation_id, x.place")).await
}

/// How many messages a conversation has; `RowNotFound` when there is no such conversation.
pub async fn count_messages(tx: &mut Tx, id: ConversationId) -> DbResult<i64> {
    let (count,): (i64,) = tx
        .one(sql!(
            "select (select count(*) from message m where m.conversation_id = c.id) from conversation c where c.id = $1",
            id
        ))
        .await?;
    Ok(count)
}

/// Exports of a person between the two.
pub async fn count_exports_in(tx: &mut Tx, actor: UserId, since: DateTime<Utc>, until: DateTime<Utc>) -> DbResult<i64> {
    let (count,): (i64,) = tx
        .one(sql!(
            "select count(*) from audit_log where actor_id = $1 and at > $2 and at <= $3 \
             and action = 'conversation.export'",
            actor,
            since,
            until
        ))
        .await?;
    Ok(count)
}

/// The last messages of a conversation, all of them shown, oldest first; at most `size`.
pub async fn list_whole(db: &Db, id: ConversationId, size: i64) -> DbResult<Vec<ExportRow>> {
    let mut rows: Vec<ExportRow> = db
        .all(sql!(
            "select m.id, m.number, u.first_name || ' ' || u.last_name as author, u.email, m.body, m.notice, \
               m.created_at, m.edited_at, m.deleted_at \
             from message m join app_user u on u.id = m.sender_id \
             where m.conversation_id = $1 order by m.number desc limit $2",
            id,
            size
        ))
        .await?;
    rows.reverse();
    Ok(rows)
}

/// What messages of a conversation said before they were edited or deleted, in order: message, body, until when.
pub async fn list_former(db: &Db, id: ConversationId) -> DbResult<Vec<(Uuid, String, DateTime<Utc>)>> {
    db.all(sql!(
        "select r.message_id, r.body, r.replaced_at from message_revision r join message m on m.id = r.message_id \
         where m.conversation_id = $1 order by m.number, r.number",
        id
    ))
    .await
}
