//! SQL of a person's lists of conversations and of their unread counts.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;
use views::chat::{Kind, Tab};

use crate::{
    db::{Db, DbResult, Sql, Tx},
    features::{
        people::{PERSON_COLUMNS, PersonRow},
        records::LETS_IN,
    },
    ids::{ConversationId, UserId},
    paging::Paged,
    sql,
};

/// A conversation in somebody's list: what it last said, and of whom.
#[derive(Clone, Debug, FromRow)]
pub struct ListRow {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// What it is.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// Its name; empty for direct ones and mass messages.
    pub title: String,
    /// Order of the list, newest first.
    pub active_at: DateTime<Utc>,
    /// When it last said something.
    pub last_message_at: Option<DateTime<Utc>>,
    /// Who said it.
    pub last_sender_id: Option<UserId>,
    /// Its beginning.
    pub last_line: String,
    /// Whether it was deleted: then the line is empty.
    pub last_is_deleted: bool,
    /// What happened, when that came last; the line is its argument.
    pub last_notice: Option<String>,
    /// Unread messages of the viewer.
    pub unread: i64,
    /// Whether the viewer muted it.
    pub is_muted: bool,
    /// When the viewer pinned it.
    pub pinned_at: Option<DateTime<Utc>>,
    /// The other person of a direct one, the sender of a mass message, who wrote last in any other.
    #[sqlx(flatten)]
    pub person: PersonRow,
}

/// The page `p` of a person's participations is cut first: what is unread is counted for its rows alone.
const ROWS: &str = "select p.conversation_id, c.kind, c.title, p.active_at, c.last_message_at, c.last_sender_id, \
       c.last_line, c.last_is_deleted, c.last_notice, p.is_muted, p.pinned_at, \
       (select count(*) from message x where x.conversation_id = p.conversation_id and x.number > p.last_read_number \
          and x.sender_id <> p.user_id and x.notice is null) as unread, ";
const ROWS_FROM: &str = " from p join conversation c on c.id = p.conversation_id \
     join app_user u on u.id = case c.kind \
       when 'direct' then case when c.pair_low = p.user_id then c.pair_high else c.pair_low end \
       when 'broadcast' then c.created_by else coalesce(c.last_sender_id, c.created_by) end \
     left join agent_state a on a.user_id = u.id ";

/// Conversations of a person that have messages, the last active first, of the kinds of a tab, before a place in the
/// list; at most `size`.
pub async fn list_for(
    db: &Db,
    viewer: UserId,
    tab: Tab,
    before: Option<(DateTime<Utc>, ConversationId)>,
    size: i64,
) -> DbResult<Paged<ListRow>> {
    let page = recent(sql!("with p as ("), viewer, tab, before, size).push(") ");
    Ok(Paged::new(db.all(rows(page).push(NEWEST_FIRST)).await?, size))
}

/// The first page of [`list_for`], of all kinds, and the pinned conversations, the last pinned first: one statement.
pub async fn list_with_pinned(db: &Db, viewer: UserId, size: i64) -> DbResult<(Paged<ListRow>, Vec<ListRow>)> {
    let page = recent(sql!("with p as (select * from ("), viewer, Tab::All, None, size);
    let page = pinned(page.push(") r union "), viewer).push(") ");
    let mut found: Vec<ListRow> = db.all(rows(page).push(NEWEST_FIRST)).await?;
    let mut pinned: Vec<ListRow> = found.iter().filter(|row| row.pinned_at.is_some()).cloned().collect();
    pinned.sort_by_key(|row| std::cmp::Reverse((row.pinned_at, row.conversation_id)));
    // What is pinned and not among the newest comes after these.
    found.truncate(usize::try_from(Paged::<ListRow>::limit(size)).unwrap_or(usize::MAX));
    Ok((Paged::new(found, size), pinned))
}

/// Pinned conversations of a person, the last pinned first, inside the write that pins.
pub async fn list_pinned_for_write(tx: &mut Tx, viewer: UserId) -> DbResult<Vec<ListRow>> {
    let page = pinned(sql!("with p as ("), viewer).push(") ");
    tx.all(rows(page).push("order by p.pinned_at desc, p.conversation_id desc")).await
}

const NEWEST_FIRST: &str = "order by p.active_at desc, p.conversation_id desc";
const PARTICIPATIONS: &str =
    "select p.* from participant p join conversation c on c.id = p.conversation_id where p.user_id = ";

/// Appends a page of a person's participations that have messages.
fn recent(sql: Sql, viewer: UserId, tab: Tab, before: Option<(DateTime<Utc>, ConversationId)>, size: i64) -> Sql {
    let (at, id) = before.unzip();
    sql.push(PARTICIPATIONS)
        .bind(viewer)
        .push(LETS_IN)
        .push(" and c.last_number > 0 and c.kind in ")
        .list(tab.kinds().iter().map(|kind| kind.code()))
        .push(" and (")
        .bind(at)
        .push(" is null or (p.active_at, p.conversation_id) < (")
        .bind(at)
        .push(", ")
        .bind(id)
        .push(")) ")
        .push(NEWEST_FIRST)
        .push(" limit ")
        .bind(Paged::<ListRow>::limit(size))
}

/// Appends a person's pinned participations.
fn pinned(sql: Sql, viewer: UserId) -> Sql {
    sql.push(PARTICIPATIONS).bind(viewer).push(LETS_IN).push(" and p.pinned_at is not null")
}

fn rows(page: Sql) -> Sql {
    page.push(ROWS).push(PERSON_COLUMNS).push(ROWS_FROM)
}

/// Unread messages of a person in all conversations that are not muted. Only conversations that said something since
/// the person read are looked into.
pub async fn unread_total(db: &Db, viewer: UserId) -> DbResult<i64> {
    let (total,): (i64,) = db.one(push_unread_total(sql!("select "), viewer)).await?;
    Ok(total)
}

/// Appends what [`unread_total`] answers as a column, for a statement that reads more.
pub fn push_unread_total(sql: Sql, viewer: UserId) -> Sql {
    let sql = sql.push(
        "(select count(*) from participant p join conversation c on c.id = p.conversation_id \
           and c.last_number > p.last_read_number \
         join message m on m.conversation_id = p.conversation_id and m.number > p.last_read_number \
           and m.sender_id <> p.user_id and m.notice is null where not p.is_muted and p.user_id = ",
    );
    sql.bind(viewer).push(LETS_IN).push(") as unread_total")
}

/// Unread counts that are not zero and conversations that are muted, for a union: what it is, an id, a word, a number.
pub fn tallies(user: Uuid) -> Sql {
    let sql = sql!(
        "select 'unread' as what, p.conversation_id as id, case when p.is_muted then 'muted' else '' end as word, \
           count(m.id) as n from participant p \
           join conversation c on c.id = p.conversation_id and (p.is_muted or c.last_number > p.last_read_number) \
           left join message m on m.conversation_id = p.conversation_id and m.number > p.last_read_number \
             and m.sender_id <> p.user_id and m.notice is null \
         where p.user_id = $1",
        user
    );
    sql.push(LETS_IN).push(" group by p.conversation_id, p.is_muted having p.is_muted or count(m.id) > 0")
}

/// Conversations that the person takes part in, mass messages aside, for a union: what it is, an id, a word, a number.
pub fn held(user: Uuid) -> Sql {
    let sql = sql!(
        "select 'conversation' as what, p.conversation_id as id, '' as word, 0 as n from participant p \
           join conversation c on c.id = p.conversation_id and c.kind <> 'broadcast' where p.user_id = $1",
        user
    );
    sql.push(LETS_IN)
}
