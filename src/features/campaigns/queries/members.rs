//! SQL of who is in a campaign.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::{
    auth::Role,
    db::{Arg, Db, DbResult, Sql, Tx},
    ids::{CampaignId, UserId},
    paging::Paged,
    sql,
};

/// A person as the members' page lists them.
#[derive(Clone, Debug, FromRow)]
pub struct MemberRow {
    /// The account.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// National id.
    pub document: Option<String>,
    /// The one role.
    pub role: Role,
    /// Whether they may sign in.
    pub is_active: bool,
    /// The order of the list.
    pub name_folded: String,
}

const COLUMNS: &str = "select u.id, u.first_name, u.last_name, u.email, u.document, u.role, u.is_active, u.name_folded \
    from app_user u where ";

/// Members by name, after one (its folded name and id); inactive ones too.
pub async fn list_members(
    db: &Db,
    campaign: CampaignId,
    text: &str,
    after: Option<(&str, UserId)>,
    size: i64,
) -> DbResult<Paged<MemberRow>> {
    let sql = Sql::new(COLUMNS, vec![])
        .push("exists (select 1 from membership m where m.user_id = u.id and m.campaign_id = ")
        .bind(campaign)
        .push(")");
    page(db, sql.and_words(text, "u.name_folded", &["u.document"]), after, size).await
}

/// Active people who are not members, by name: whom one may add.
pub async fn list_outsiders(db: &Db, campaign: CampaignId, text: &str, size: i64) -> DbResult<Paged<MemberRow>> {
    let sql = Sql::new(COLUMNS, vec![])
        .push("u.is_active and not exists (select 1 from membership m where m.user_id = u.id and m.campaign_id = ")
        .bind(campaign)
        .push(")");
    page(db, sql.and_words(text, "u.name_folded", &["u.document"]), None, size).await
}

async fn page(db: &Db, mut sql: Sql, after: Option<(&str, UserId)>, size: i64) -> DbResult<Paged<MemberRow>> {
    if let Some((name, id)) = after {
        sql = sql.push(" and (u.name_folded, u.id) > (").bind(name).push(", ").bind(id).push(")");
    }
    let limit = Paged::<MemberRow>::limit(size);
    Ok(Paged::new(db.all(sql.push(" order by u.name_folded, u.id limit ").bind(limit)).await?, size))
}

/// Members, and those of them who may sign in.
pub async fn count_members(db: &Db, campaign: CampaignId) -> DbResult<(i64, i64)> {
    db.one(sql!(
        "select count(*), count(case when u.is_active then 1 end) from membership m \
         join app_user u on u.id = m.user_id where m.campaign_id = $1",
        campaign
    ))
    .await
}

/// Members who may sign in: whom a change of the campaign concerns.
pub async fn active_members(tx: &mut Tx, campaign: CampaignId) -> DbResult<Vec<UserId>> {
    let rows: Vec<(UserId,)> = tx
        .all(sql!(
            "select u.id from membership m join app_user u on u.id = m.user_id and u.is_active \
             where m.campaign_id = $1 order by u.id",
            campaign
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Makes active people members; answers those who were not yet.
pub async fn add_members(
    tx: &mut Tx,
    campaign: CampaignId,
    users: &[UserId],
    now: DateTime<Utc>,
) -> DbResult<Vec<UserId>> {
    let rows: Vec<(UserId,)> = tx
        .all(
            sql!("select u.id from app_user u where u.is_active and u.id in ")
                .list(users.iter().copied())
                .push(" and not exists (select 1 from membership m where m.user_id = u.id and m.campaign_id = ")
                .bind(campaign)
                .push(") order by u.id"),
        )
        .await?;
    if !rows.is_empty() {
        let values = rows.iter().map(|(user,)| vec![Arg::from(campaign), Arg::from(*user), Arg::from(now)]);
        tx.exec(sql!("insert into membership (campaign_id, user_id, created_at) values ").rows(values)).await?;
    }
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Ends memberships; answers those who were members.
pub async fn remove_members(tx: &mut Tx, campaign: CampaignId, users: &[UserId]) -> DbResult<Vec<UserId>> {
    let rows: Vec<(UserId,)> = tx
        .all(
            sql!("delete from membership where campaign_id = ")
                .bind(campaign)
                .push(" and user_id in ")
                .list(users.iter().copied())
                .push(" returning user_id"),
        )
        .await?;
    let mut users: Vec<UserId> = rows.into_iter().map(|row| row.0).collect();
    users.sort();
    Ok(users)
}
