//! Who serves an application: the pool that tickets are shared among (domain: tickets, section 4).

use chrono::{DateTime, Utc};

use super::super::model::Application;
use crate::{
    db::{Db, DbResult, Tx},
    features::people::{PERSON_COLUMNS, PersonRow},
    ids::UserId,
    sql,
};

/// Puts somebody into the pool of an application, or changes their place in it.
pub async fn add_to_pool(
    tx: &mut Tx,
    application: Application,
    user: UserId,
    weight: i64,
    capacity: Option<i64>,
) -> DbResult<()> {
    tx.exec(sql!(
        "insert into ticket_pool (application, user_id, weight, capacity, is_active) values ($1, $2, $3, $4, true) \
         on conflict (application, user_id) do update set weight = excluded.weight, capacity = excluded.capacity, \
           is_active = true",
        application.code(),
        user,
        weight,
        capacity
    ))
    .await?;
    Ok(())
}

/// Whether the person serves the application today.
pub async fn is_in_pool(tx: &mut Tx, application: Application, user: UserId) -> DbResult<bool> {
    let (is_in,): (bool,) = tx
        .one(sql!(
            "select exists (select 1 from ticket_pool p join app_user u on u.id = p.user_id and u.is_active \
               where p.application = $1 and p.user_id = $2 and p.is_active)",
            application.code(),
            user
        ))
        .await?;
    Ok(is_in)
}

/// Active people who serve the application, by name.
pub async fn list_candidates(db: &Db, application: Application) -> DbResult<Vec<PersonRow>> {
    let sql = sql!("select ").push(PERSON_COLUMNS).push(
        " from ticket_pool p join app_user u on u.id = p.user_id and u.is_active \
           left join agent_state a on a.user_id = u.id where p.is_active and p.application = ",
    );
    db.all(sql.bind(application.code()).push(" order by u.name_folded, u.id limit 500")).await
}

/// Whose turn it is, and notes that it was: of those who serve the application, are below their capacity and were here
/// since `since`, the one with the least to do for their weight, then who waited longest. Whoever asks at the same time
/// waits until this is committed.
pub async fn next_in_pool(
    tx: &mut Tx,
    application: Application,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DbResult<Option<UserId>> {
    tx.exec(sql!("update ticket_pool set weight = weight where application = $1", application.code())).await?;
    let found: Option<(UserId,)> = tx
        .opt(sql!(
            "select p.user_id from ticket_pool p join app_user u on u.id = p.user_id and u.is_active \
               left join ticket t on t.assignee_id = p.user_id and t.status in ('AB', 'EP', 'PE') \
             where p.application = $1 and p.is_active \
               and exists (select 1 from session s where s.user_id = p.user_id and s.seen_at >= $2) \
             group by p.user_id, p.weight, p.capacity, p.last_assigned_at \
             having p.capacity is null or count(t.id) < p.capacity \
             order by cast(coalesce(sum(t.urgency), 0) as double precision) / p.weight, \
               p.last_assigned_at nulls first, p.user_id limit 1",
            application.code(),
            since
        ))
        .await?;
    let Some((user,)) = found else { return Ok(None) };
    tx.exec(sql!(
        "update ticket_pool set last_assigned_at = $3 where application = $1 and user_id = $2",
        application.code(),
        user,
        now
    ))
    .await?;
    Ok(Some(user))
}
