//! SQL of what became of a mass message: on a screen, read, confirmed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    db::{Db, DbResult, Sql, Tx},
    features::people::{PERSON_COLUMNS, PersonRow},
    ids::{ConversationId, UserId},
    paging::Paged,
    sql,
};

/// A recipient and how far they got.
#[derive(Clone, Debug, FromRow)]
pub struct ReceiptRow {
    /// Where they sort.
    pub name_folded: String,
    /// When it was on a screen of theirs.
    pub received_at: Option<DateTime<Utc>>,
    /// 1 once they opened it.
    pub seen_number: i64,
    /// When, if that is known.
    pub seen_at: Option<DateTime<Utc>>,
    /// When they confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Who.
    #[sqlx(flatten)]
    pub person: PersonRow,
}

/// How far a mass message got: on a screen, read, confirmed.
pub type Counts = (i64, i64, i64);

/// Figures of each of these. Who read or confirmed it also had it on a screen, even without scripts to say so.
pub async fn figures(db: &Db, ids: &[ConversationId]) -> DbResult<HashMap<ConversationId, Counts>> {
    let rows: Vec<(ConversationId, i64, i64, i64)> = db
        .all(
            sql!(
                "select conversation_id, \
                   count(*) filter (where received_at is not null or seen_number > 0 or confirmed_at is not null), \
                   count(*) filter (where seen_number > 0), count(*) filter (where confirmed_at is not null) \
                 from participant where conversation_id in "
            )
            .list(ids.iter().copied())
            .push(" group by conversation_id"),
        )
        .await?;
    Ok(rows.into_iter().map(|(id, received, read, confirmed)| (id, (received, read, confirmed))).collect())
}

/// People of one tab of the roll-call, by name, after one of them; at most `size`. Call it after `find_for`.
pub async fn list_receipts(
    db: &Db,
    id: ConversationId,
    (tab, asks): (&str, bool),
    after: Option<(String, UserId)>,
    size: i64,
) -> DbResult<Paged<ReceiptRow>> {
    let sql = sql!("select u.name_folded, p.received_at, p.seen_number, p.seen_at, p.confirmed_at, ")
        .push(PERSON_COLUMNS)
        .push(
            " from participant p join app_user u on u.id = p.user_id left join agent_state a on a.user_id = u.id \
             where p.conversation_id = ",
        )
        .bind(id);
    let sql = of_tab(sql, tab, asks);
    let sql = match after {
        Some((name, user)) => sql.push(" and (u.name_folded, u.id) > (").bind(name).push(", ").bind(user).push(")"),
        None => sql,
    };
    let sql = sql.push(" order by u.name_folded, u.id limit ").bind(Paged::<ReceiptRow>::limit(size));
    Ok(Paged::new(db.all(sql).await?, size))
}

fn of_tab(sql: Sql, tab: &str, asks: bool) -> Sql {
    match tab {
        "pending" if asks => sql.push(" and p.confirmed_at is null"),
        "pending" => sql.push(" and p.seen_number = 0"),
        "confirmed" => sql.push(" and p.confirmed_at is not null"),
        "read" => sql.push(" and p.seen_number > 0"),
        "received" => sql.push(" and (p.received_at is not null or p.seen_number > 0 or p.confirmed_at is not null)"),
        "unreached" => sql.push(" and p.received_at is null and p.seen_number = 0 and p.confirmed_at is null"),
        _ => sql,
    }
}

/// Those of the ids that are mass messages.
pub async fn known(db: &Db, ids: &[Uuid]) -> DbResult<Vec<Uuid>> {
    let sql = sql!("select conversation_id from broadcast where conversation_id in ").list(ids.iter().copied());
    let rows: Vec<(Uuid,)> = db.all(sql).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether one of the people is a recipient on whose screen it was not yet.
pub async fn is_any_unreceived(db: &Db, id: ConversationId, people: &[Uuid]) -> DbResult<bool> {
    let sql = sql!(
        "select exists (select 1 from participant where received_at is null and conversation_id = $1 and user_id in ",
        id
    );
    let (any,): (bool,) = db.one(sql.list(people.iter().copied()).push(")")).await?;
    Ok(any)
}

/// Who is still to confirm (or to read, when nobody asks for more).
pub async fn list_missing(tx: &mut Tx, id: ConversationId, asks: bool) -> DbResult<Vec<Uuid>> {
    let sql = sql!(
        "select p.user_id from participant p join app_user u on u.id = p.user_id and u.is_active where p.conversation_id = "
    );
    let rows: Vec<(Uuid,)> = tx.all(of_tab(sql.bind(id), "pending", asks)).await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// The recipient confirms. `None` for who is no recipient, `false` when it was confirmed before.
pub async fn confirm(tx: &mut Tx, user: UserId, id: ConversationId, now: DateTime<Utc>) -> DbResult<Option<bool>> {
    let changed = tx
        .exec(sql!(
            "update participant set confirmed_at = $3, received_at = coalesce(received_at, $3), \
               seen_at = coalesce(seen_at, $3), seen_number = 1, last_read_number = 1 \
             where conversation_id = $1 and user_id = $2 and confirmed_at is null and exists \
               (select 1 from broadcast b where b.conversation_id = $1 and b.asks_confirmation \
                  and (b.expires_at is null or b.expires_at > $3))",
            id,
            user,
            now
        ))
        .await?;
    if changed == 1 {
        return Ok(Some(true));
    }
    let before: Option<(bool,)> = tx
        .opt(sql!(
            "select p.confirmed_at is not null from participant p \
               join broadcast b on b.conversation_id = p.conversation_id \
             where p.conversation_id = $1 and p.user_id = $2",
            id,
            user
        ))
        .await?;
    Ok(before.map(|_| false))
}

/// Notes that a mass message reached screens of these people; who is no recipient is passed by. Answers how many
/// are new.
pub async fn mark_received(tx: &mut Tx, id: ConversationId, users: &[Uuid], now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(
        sql!(
            "update participant set received_at = $1 where conversation_id = $2 and received_at is null and exists \
                (select 1 from broadcast b where b.conversation_id = $2) and user_id in ",
            now,
            id
        )
        .list(users.iter().copied()),
    )
    .await
}

/// Mass messages that the person hears about: those sent after `since`, and critical ones that wait for a word. For a
/// union: what it is, an id, a word, a number.
pub fn held(user: Uuid, since: DateTime<Utc>) -> Sql {
    sql!(
        "select 'broadcast' as what, b.conversation_id as id, '' as word, 0 as n from broadcast b \
           join participant p on p.conversation_id = b.conversation_id and p.user_id = $1 \
         where b.sent_at is not null and (b.sent_at > $2 \
           or (b.importance = 'critical' and b.expired_at is null and p.confirmed_at is null))",
        user,
        since
    )
}
