//! SQL of the search over messages, and their entries in its index.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    db::{
        Db, DbResult, Tx,
        search::{self, Entry, Index, Terms},
    },
    features::{
        people::{PERSON_COLUMNS, PersonRow},
        records::LETS_IN,
    },
    ids::{ConversationId, MessageId, UserId},
    paging::Paged,
    sql,
};

/// Messages that a backfill writes in one transaction.
const BATCH: i64 = 1_000;
/// Conversations and people that a filter offers.
const CHOICES: i64 = 200;

/// What narrows a search, besides its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Narrow {
    /// In this conversation.
    pub conversation: Option<ConversationId>,
    /// Written by this person.
    pub sender: Option<UserId>,
    /// Written then or later.
    pub from: Option<DateTime<Utc>>,
    /// Written before then.
    pub until: Option<DateTime<Utc>>,
}

/// A message that was found.
#[derive(Clone, Debug, FromRow)]
pub struct HitRow {
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its place there.
    pub number: i64,
    /// What it says.
    pub body: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// What its conversation is called: the other person, or a title; empty for a mass message.
    pub conversation: String,
    /// Who sent it.
    #[sqlx(flatten)]
    pub sender: PersonRow,
}

/// Messages of the viewer's conversations in which all words occur, the best first, then the newest; at most `size`
/// after `skip`. What the viewer may not see is not there: conversations they take no part in today, messages from
/// before they came, deleted ones; nor are notices.
pub async fn find_messages(
    db: &Db,
    viewer: UserId,
    terms: &Terms,
    narrow: &Narrow,
    skip: i64,
    size: i64,
) -> DbResult<Paged<HitRow>> {
    let scopes = match narrow.conversation {
        Some(id) => vec![id.0],
        None => super::list_ids_for(db, viewer.0).await?.into_iter().map(|(id,)| id).collect(),
    };
    if scopes.is_empty() || terms.are_too_short() {
        return Ok(Paged { rows: Vec::new(), has_more: false });
    }
    let mut found = search::hits(db, Index::Message, terms, &scopes)
        .push("select m.id as message_id, m.conversation_id, m.number, m.body, m.created_at, ")
        .push("coalesce(o.first_name || ' ' || o.last_name, c.title) as conversation, ")
        .push(PERSON_COLUMNS)
        .push(
            " from hit h join message m on m.id = h.record_id \
              join participant p on p.conversation_id = m.conversation_id and m.number >= p.first_number \
              join conversation c on c.id = m.conversation_id \
              join app_user u on u.id = m.sender_id left join agent_state a on a.user_id = u.id \
              left join app_user o on o.id = case when c.pair_low = p.user_id then c.pair_high else c.pair_low end \
              where m.deleted_at is null and m.notice is null and p.user_id = ",
        )
        .bind(viewer)
        .push(LETS_IN);
    if let Some(sender) = narrow.sender {
        found = found.push(" and m.sender_id = ").bind(sender);
    }
    if let Some(from) = narrow.from {
        found = found.push(" and m.created_at >= ").bind(from);
    }
    if let Some(until) = narrow.until {
        found = found.push(" and m.created_at < ").bind(until);
    }
    let found = found.push(" order by h.rank, m.created_at desc, m.id desc limit ");
    let found = found.bind(Paged::<HitRow>::limit(size)).push(" offset ").bind(skip);
    Ok(Paged::new(db.all(found).await?, size))
}

/// The person's conversations by what they are called, the last active first; at most [`CHOICES`].
pub async fn list_named(db: &Db, viewer: UserId) -> DbResult<Vec<(ConversationId, String)>> {
    let sql = sql!(
        "select c.id, coalesce(o.first_name || ' ' || o.last_name, c.title) from participant p \
         join conversation c on c.id = p.conversation_id \
         left join app_user o on o.id = case when c.pair_low = p.user_id then c.pair_high else c.pair_low end \
         where p.user_id = $1 and c.last_number > 0 and c.kind <> 'broadcast'",
        viewer
    );
    db.all(sql.push(LETS_IN).push(" order by p.active_at desc, c.id desc limit ").bind(CHOICES)).await
}

/// The person, and whoever takes part in their conversations; recipients of a mass message do not see each other.
pub async fn list_company(db: &Db, viewer: UserId) -> DbResult<Vec<(UserId, String)>> {
    let sql = sql!(
        "select u.id, u.first_name || ' ' || u.last_name from app_user u where u.id in (\
           select q.user_id from participant p join conversation c on c.id = p.conversation_id and c.kind <> 'broadcast' \
           join participant q on q.conversation_id = p.conversation_id where p.user_id = $1",
        viewer
    );
    db.all(sql.push(LETS_IN).push(") order by u.first_name, u.last_name, u.id limit ").bind(CHOICES)).await
}

/// Makes a message findable, or findable by what it says now. Call it in the transaction that inserts or edits.
pub async fn index_message(tx: &mut Tx, id: MessageId, conversation: ConversationId, body: &str) -> DbResult<()> {
    search::put(tx, Index::Message, Entry { record: id.0, scope: conversation.0, text: body }).await
}

/// Takes messages out of the index. Call it in the transaction that deletes them.
pub async fn unindex_messages(tx: &mut Tx, ids: &[Uuid]) -> DbResult<()> {
    search::remove(tx, Index::Message, ids).await
}

/// Writes every message into an index that was just made. Bounded transactions; a second instance, or one that was
/// stopped half-way, does no harm.
pub async fn fill_index(db: &Db) -> DbResult<()> {
    if search::is_filled(db, Index::Message).await? {
        return Ok(());
    }
    let mut after: Option<Uuid> = None;
    loop {
        let mut tx = db.begin().await?;
        let page: Vec<(Uuid, Uuid, String, bool)> = tx
            .all(
                sql!("select id, conversation_id, body, deleted_at is null and notice is null from message where ")
                    .bind(after)
                    .push(" is null or id > ")
                    .bind(after)
                    .push(" order by id limit ")
                    .bind(BATCH),
            )
            .await?;
        for (record, scope, body, _) in page.iter().filter(|(.., is_shown)| *is_shown) {
            search::put_missing(&mut tx, Index::Message, Entry { record: *record, scope: *scope, text: body }).await?;
        }
        tx.commit().await?;
        let Some((last, ..)) = page.last() else { break };
        after = Some(*last);
    }
    search::set_filled(db, Index::Message).await
}
