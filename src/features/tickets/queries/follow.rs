//! SQL of followers: whoever follows a ticket reads it, and reads it no more when they do not.

use chrono::{DateTime, Utc};

use super::TicketRow;
use crate::{
    db::{Db, DbResult, Reader, Sql, Tx},
    features::people::{PERSON_COLUMNS, PersonRow},
    ids::{TicketId, UserId},
    sql,
};

/// Followers of one ticket.
pub const MOST_FOLLOWERS: usize = 50;
/// People offered to be named, or to follow.
const OFFERED: i64 = 300;

/// Who follows a ticket, in the order in which they came.
pub async fn followers(from: &mut impl Reader, ticket: TicketId) -> DbResult<Vec<UserId>> {
    let rows: Vec<(UserId,)> = from
        .read(sql!("select user_id from ticket_follower where ticket_id = $1 order by created_at, user_id", ticket))
        .await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// Makes somebody a follower; false for who is one already.
pub async fn follow(tx: &mut Tx, ticket: TicketId, user: UserId, now: DateTime<Utc>) -> DbResult<bool> {
    let added = tx
        .exec(sql!(
            "insert into ticket_follower (ticket_id, user_id, created_at) values ($1, $2, $3) on conflict do nothing",
            ticket,
            user,
            now
        ))
        .await?;
    Ok(added > 0)
}

/// Takes a follower away; false for who is none.
pub async fn unfollow(tx: &mut Tx, ticket: TicketId, user: UserId) -> DbResult<bool> {
    let removed =
        tx.exec(sql!("delete from ticket_follower where ticket_id = $1 and user_id = $2", ticket, user)).await?;
    Ok(removed > 0)
}

/// Appends whether person `u` reads the ticket, or, with `and_colleagues`, could be brought in: the members of its
/// campaign and those who serve its application.
fn push_concerned(sql: Sql, row: &TicketRow, and_colleagues: bool) -> Sql {
    let own = [Some(row.requester_id), row.assignee_id].into_iter().flatten();
    let sql = sql.push("u.is_active and (u.is_superuser or u.role = 'administrador' or u.id in ").list(own);
    let sql = sql.push(" or u.id in (select f.user_id from ticket_follower f where f.ticket_id = ").bind(row.id);
    let sql = sql.push(") or u.id in (select m.user_id from membership m where m.campaign_id = ").bind(row.campaign_id);
    if !and_colleagues {
        return sql.push(" and u.role = 'supervisor'))");
    }
    let sql = sql.push(") or u.id in (select p.user_id from ticket_pool p where p.is_active and p.application = ");
    sql.bind(row.application.code()).push("))")
}

/// Those of them who read the ticket's internal notes: its staff, and who works on it.
pub async fn readers_of_notes(tx: &mut Tx, row: &TicketRow, users: Vec<UserId>) -> DbResult<Vec<UserId>> {
    let sql = sql!("select u.id from app_user u where u.is_active and u.id in ").list(users);
    let sql = sql.push(" and (u.is_superuser or u.role = 'administrador' or u.id in ").list(row.assignee_id);
    let sql = sql.push(
        " or (u.role = 'supervisor' and u.id in (select m.user_id from membership m join campaign c \
             on c.id = m.campaign_id and c.is_active where c.id = ",
    );
    let rows: Vec<(UserId,)> = tx.all(sql.bind(row.campaign_id).push("))) order by u.id")).await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// Somebody whom a text may name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NamedRow {
    /// Who.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// Those of them with whose name one of these folded texts begins.
pub async fn list_named(tx: &mut Tx, row: &TicketRow, texts: Vec<String>) -> DbResult<Vec<NamedRow>> {
    let sql = push_concerned(sql!("select u.id, u.first_name, u.last_name from app_user u where "), row, true);
    let mut sql = sql.push(" and u.name_folded <> '' and (false");
    for text in texts {
        sql = sql.push(" or substr(").bind(text).push(", 1, length(u.name_folded)) = u.name_folded");
    }
    tx.all(sql.push(") order by u.id limit ").bind(OFFERED)).await
}

/// Who may be named by somebody who may bring people in, or may not, by name.
pub async fn list_nameable(db: &Db, row: &TicketRow, may_bring: bool) -> DbResult<Vec<PersonRow>> {
    let sql = sql!("select ").push(PERSON_COLUMNS);
    let sql = sql.push(" from app_user u left join agent_state a on a.user_id = u.id where ");
    let sql = push_concerned(sql, row, may_bring).push(" order by u.name_folded, u.id limit ").bind(OFFERED);
    db.all(sql).await
}

/// Whether somebody is among those who could be brought in.
pub async fn is_nameable(tx: &mut Tx, row: &TicketRow, user: UserId) -> DbResult<bool> {
    let sql = push_concerned(sql!("select u.id from app_user u where "), row, true).push(" and u.id = ").bind(user);
    let found: Option<(UserId,)> = tx.opt(sql).await?;
    Ok(found.is_some())
}
