//! Hours of service and pools, as administrators set them.

use sqlx::FromRow;

use super::super::model::{Application, Load, Priority, Promise};
use crate::{
    db::{DbResult, Reader, Tx},
    ids::UserId,
    sql,
};

/// People of all pools together that a page shows.
const MOST_MEMBERS: i64 = 2_000;

/// Somebody in a pool.
#[derive(Clone, Debug, FromRow)]
pub struct PoolRow {
    /// What they serve.
    #[sqlx(try_from = "String")]
    pub application: Application,
    /// Who.
    pub user_id: UserId,
    /// First and last name.
    pub name: String,
    /// Whether they may sign in.
    pub has_account: bool,
    /// How much of it they get.
    pub weight: i64,
    /// Most open tickets.
    pub capacity: Option<i64>,
    /// Whether they get anything.
    pub is_active: bool,
    /// Open tickets that they have, of whatever application.
    pub open: i64,
}

/// Every pool, by name.
pub async fn list_pools(from: &mut impl Reader) -> DbResult<Vec<PoolRow>> {
    from.read(sql!(
        "select p.application, p.user_id, u.first_name || ' ' || u.last_name as name, u.is_active as has_account, \
           p.weight, p.capacity, p.is_active, (select count(*) from ticket t where t.assignee_id = p.user_id \
             and t.status in ('AB', 'EP', 'PE')) as open \
         from ticket_pool p join app_user u on u.id = p.user_id \
         order by p.application, u.name_folded, u.id limit $1",
        MOST_MEMBERS
    ))
    .await
}

/// Somebody's part in a pool as it is, under its lock: weight, capacity, whether they get anything.
pub async fn find_load(
    tx: &mut Tx,
    application: Application,
    user: UserId,
) -> DbResult<Option<(i64, Option<i64>, bool)>> {
    tx.opt(sql!(
        "update ticket_pool set weight = weight where application = $1 and user_id = $2 \
         returning weight, capacity, is_active",
        application.code(),
        user
    ))
    .await
}

/// Sets it; false when who is to join is in it by now.
pub async fn put_load(
    tx: &mut Tx,
    application: Application,
    user: UserId,
    load: Load,
    is_active: bool,
    is_new: bool,
) -> DbResult<bool> {
    let stored = tx
        .exec(sql!(
            "insert into ticket_pool (application, user_id, weight, capacity, is_active) values ($1, $2, $3, $4, $5) \
         on conflict (application, user_id) do update set weight = excluded.weight, capacity = excluded.capacity, \
           is_active = excluded.is_active where not $6",
            application.code(),
            user,
            load.weight,
            load.capacity,
            is_active,
            is_new
        ))
        .await?;
    Ok(stored > 0)
}

/// The active person of an e-mail address or document, as somebody types it.
pub async fn find_person(tx: &mut Tx, typed: &str) -> DbResult<Option<UserId>> {
    let typed = typed.trim();
    let found: Option<(UserId,)> = tx
        .opt(sql!(
            "select id from app_user where is_active and (lower(email) = $1 or document = $2) order by id limit 1",
            typed.to_lowercase(),
            typed
        ))
        .await?;
    Ok(found.map(|(id,)| id))
}

/// What is promised, the most urgent first.
pub async fn list_promises(from: &mut impl Reader) -> DbResult<Vec<(Priority, Promise)>> {
    let rows: Vec<(String, i64, i64)> =
        from.read(sql!("select priority, respond_minutes, resolve_minutes from ticket_sla order by priority")).await?;
    let mut promises: Vec<(Priority, Promise)> = rows
        .into_iter()
        .filter_map(|(code, respond_minutes, resolve_minutes)| {
            Some((Priority::from_code(&code)?, Promise { respond_minutes, resolve_minutes }))
        })
        .collect();
    promises.sort_unstable_by_key(|(priority, _)| std::cmp::Reverse(*priority));
    Ok(promises)
}

/// Promises something else for a priority; tickets that are open keep what they were promised.
pub async fn put_promise(tx: &mut Tx, priority: Priority, promise: Promise) -> DbResult<()> {
    tx.exec(sql!(
        "update ticket_sla set respond_minutes = $2, resolve_minutes = $3 where priority = $1",
        priority.code(),
        promise.respond_minutes,
        promise.resolve_minutes
    ))
    .await?;
    Ok(())
}
