//! People of tickets: names of those that a page shows, what somebody is to a ticket.

use std::collections::HashMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::Viewer;
use crate::{
    db::{Db, DbResult, Reader, Tx},
    features::people::{PERSON_COLUMNS, PersonRow},
    ids::{CampaignId, UserId},
    sql,
};

/// People of one statement.
pub const MOST_PEOPLE: usize = 4_096;

/// These people, as others see them; at most [`MOST_PEOPLE`].
pub async fn list_people(from: &mut impl Reader, mut ids: Vec<UserId>) -> DbResult<HashMap<UserId, PersonRow>> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = sql!("select ").push(PERSON_COLUMNS);
    let sql = sql.push(" from app_user u left join agent_state a on a.user_id = u.id where u.id in ").list(ids);
    let rows: Vec<PersonRow> = from.read(sql).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// People who serve any application that a list may be narrowed to.
const MOST_SERVERS: i64 = 200;

/// These people, and by name whoever serves any application today: whom a list may be narrowed to. One statement.
pub async fn list_people_and_servers(
    db: &Db,
    mut ids: Vec<UserId>,
) -> DbResult<(HashMap<UserId, PersonRow>, Vec<(UserId, String)>)> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        person: PersonRow,
        serves: bool,
    }
    ids.sort_unstable();
    ids.dedup();
    let sql = sql!(
        "with server as (select s.id from app_user s where s.is_active \
           and s.id in (select p.user_id from ticket_pool p where p.is_active) order by s.name_folded, s.id limit $1) select ",
        MOST_SERVERS
    );
    let sql = sql.push(PERSON_COLUMNS).push(
        ", u.id in (select id from server) as serves from app_user u left join agent_state a on a.user_id = u.id \
         where u.id in (select id from server) or u.id in ",
    );
    let rows: Vec<Row> = db.all(sql.list(ids).push(" order by u.name_folded, u.id")).await?;
    let name = |person: &PersonRow| format!("{} {}", person.first_name, person.last_name);
    let servers = rows.iter().filter(|row| row.serves).map(|row| (row.person.id, name(&row.person))).collect();
    Ok((rows.into_iter().map(|row| (row.person.id, row.person)).collect(), servers))
}

/// Whether the person reads a ticket, and whether they are its staff: what a socket is authorised by.
pub async fn part_of(from: &mut impl Reader, viewer: Viewer, ticket: Uuid) -> DbResult<(bool, bool)> {
    // With nobody on it the comparison is null, and so is "false or null".
    let sql = viewer.push_staff(sql!("select ")).push(" or coalesce(t.assignee_id = ").bind(viewer.id).push(", false)");
    let sql = viewer.push_reads(sql.push(" as is_staff from ticket t where ")).push(" and t.id = ").bind(ticket);
    let rows: Vec<(bool,)> = from.read(sql).await?;
    Ok((!rows.is_empty(), rows.first().is_some_and(|(is_staff,)| *is_staff)))
}

/// Who steers a campaign: its active supervisors.
pub async fn list_supervisors(tx: &mut Tx, campaign: CampaignId) -> DbResult<Vec<UserId>> {
    let rows: Vec<(UserId,)> = tx
        .all(sql!(
            "select u.id from app_user u join membership m on m.user_id = u.id \
             where m.campaign_id = $1 and u.is_active and u.role = 'supervisor' order by u.id",
            campaign
        ))
        .await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// Active campaigns that a new ticket may belong to, by name: the person's own; all of them for who has none.
pub async fn list_campaigns(db: &Db, viewer: Viewer) -> DbResult<Vec<(CampaignId, String)>> {
    let sql = sql!(
        "select c.id, c.name from campaign c left join membership m on m.campaign_id = c.id and m.user_id = $1 \
         where c.is_active and (m.user_id is not null or not exists (select 1 from membership o \
           join campaign k on k.id = o.campaign_id and k.is_active where o.user_id = $1)",
        viewer.id
    );
    let sql = if viewer.is_staff_of_all() { sql.push(" or true)") } else { sql.push(")") };
    db.all(sql.push(" order by c.name, c.id limit 500")).await
}
