//! Who a mass message is for: one condition, used by the preview and by the insert of its recipients.

use crate::{
    auth::Role,
    db::{Db, DbResult, Sql, Tx},
    features::people::{PERSON_COLUMNS, PersonRow, reach},
    ids::{CampaignId, UserId},
    sql,
};

use super::super::model::{Audience, Sender};

/// Appends `from app_user u where …`: active people of the audience within the sender's reach, without the sender.
pub(super) fn from_audience(sql: Sql, sender: Sender, audience: &Audience) -> Sql {
    let sql = sql.push(" from app_user u where u.is_active and u.id <> ").bind(sender.id).push(" and (false");
    let sql = in_campaigns(everyone(sql, audience), sender, audience);
    picked(sql, sender, audience).push(")")
}

fn everyone(sql: Sql, audience: &Audience) -> Sql {
    if !audience.everyone {
        return sql;
    }
    sql.push(" or u.role in ").list(audience.roles.iter().cloned())
}

fn in_campaigns(sql: Sql, sender: Sender, audience: &Audience) -> Sql {
    if audience.campaigns.is_empty() || audience.roles.is_empty() {
        return sql;
    }
    let sql = sql
        .push(" or (u.role in ")
        .list(audience.roles.iter().cloned())
        .push(
            " and exists (select 1 from membership m join campaign c on c.id = m.campaign_id and c.is_active \
               where m.user_id = u.id and m.campaign_id in ",
        )
        .list(audience.campaigns.iter().copied());
    own_campaigns(sql, sender).push("))")
}

/// Whoever does not reach all writes to members of own campaigns alone.
fn own_campaigns(sql: Sql, sender: Sender) -> Sql {
    if sender.reaches_all() {
        return sql;
    }
    sql.push(" and m.campaign_id in (select mine.campaign_id from membership mine where mine.user_id = ")
        .bind(sender.id)
        .push(")")
}

/// People chosen one by one: whom one may write to directly.
fn picked(sql: Sql, sender: Sender, audience: &Audience) -> Sql {
    if audience.people.is_empty() {
        return sql;
    }
    let reach = reach(sender.role, sender.is_superuser);
    let codes = |roles: &[Role]| roles.iter().map(|role| role.code()).collect::<Vec<_>>();
    sql.push(" or (u.id in ")
        .list(audience.people.iter().copied())
        .push(" and (u.role in ")
        .list(codes(reach.anywhere))
        .push(" or (u.role in ")
        .list(codes(reach.in_campaign))
        .push(
            " and exists (select 1 from membership m join membership mine on mine.campaign_id = m.campaign_id \
               join campaign c on c.id = m.campaign_id and c.is_active where m.user_id = u.id and mine.user_id = ",
        )
        .bind(sender.id)
        .push("))))")
}

/// Whether it would reach anybody.
pub async fn reaches_anyone(tx: &mut Tx, sender: Sender, audience: &Audience) -> DbResult<bool> {
    let (any,): (bool,) = tx.one(from_audience(sql!("select exists (select 1"), sender, audience).push(")")).await?;
    Ok(any)
}

/// How many people it would reach.
pub async fn count_recipients(db: &Db, sender: Sender, audience: &Audience) -> DbResult<i64> {
    let (count,): (i64,) = db.one(from_audience(sql!("select count(*)"), sender, audience)).await?;
    Ok(count)
}

/// The first people it would reach, by name.
pub async fn list_recipients(db: &Db, sender: Sender, audience: &Audience, limit: i64) -> DbResult<Vec<String>> {
    let sql = from_audience(sql!("select u.first_name || ' ' || u.last_name"), sender, audience);
    let rows: Vec<(String,)> = db.all(sql.push(" order by u.name_folded, u.id limit ").bind(limit)).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Active campaigns within the sender's reach, by name.
pub async fn list_campaigns(db: &Db, sender: Sender) -> DbResult<Vec<(CampaignId, String)>> {
    let sql = sql!("select c.id, c.name from campaign c where c.is_active");
    let sql = if sender.reaches_all() {
        sql
    } else {
        sql.push(" and c.id in (select m.campaign_id from membership m where m.user_id = ").bind(sender.id).push(")")
    };
    db.all(sql.push(" order by c.name, c.id")).await
}

/// Those of the people whom the sender may write to, by name: what a form says of others is not answered.
pub async fn list_picked(db: &Db, sender: Sender, people: &[UserId]) -> DbResult<Vec<PersonRow>> {
    let picked = Audience { people: people.to_vec(), ..Audience::default() };
    let sql = sql!("select ")
        .push(PERSON_COLUMNS)
        .push(" from app_user u left join agent_state a on a.user_id = u.id where u.id in (select u.id");
    db.all(from_audience(sql, sender, &picked).push(") order by u.name_folded, u.id")).await
}
