//! SQL of campaigns, and of who is in them.

mod members;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;

pub use members::{
    MemberRow, active_members, add_members, count_members, list_members, list_outsiders, remove_members,
};

use crate::{
    auth::Module,
    db::{Db, DbResult, Sql, Tx},
    fold::fold,
    ids::CampaignId,
    sql,
};

/// Campaigns that one list shows; a company has some dozens.
const MOST: i64 = 500;

/// A campaign as it is stored.
#[derive(Clone, Debug, FromRow)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// What people and files call it; unique.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is about; may be empty.
    pub description: String,
    /// What its members may use.
    pub module: Module,
    /// IANA name of its zone.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    /// Working hours and holidays, as [`super::Calendar`] writes them.
    pub calendar: Value,
    /// Whether it gives anybody anything.
    pub is_active: bool,
    /// Rises with every change.
    pub version: i64,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Its last change.
    pub updated_at: DateTime<Utc>,
}

/// A campaign in the list.
#[derive(Clone, Debug, FromRow)]
pub struct CampaignRow {
    /// Its id.
    pub id: CampaignId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What its members may use.
    pub module: Module,
    /// IANA name of its zone.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    /// Whether it gives anybody anything.
    pub is_active: bool,
    /// Members who may sign in.
    pub members: i64,
}

/// What a person typed for a campaign, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignData {
    /// Unique.
    pub code: String,
    /// Not empty.
    pub name: String,
    /// May be empty.
    pub description: String,
    /// What its members may use.
    pub module: Module,
    /// IANA name.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
}

/// Which campaigns a list shows.
#[derive(Clone, Debug, Default)]
pub struct CampaignFilter {
    /// Beginnings of words of the name or the code.
    pub text: String,
    /// Of one module.
    pub module: Option<Module>,
    /// Active ones, or the others.
    pub is_active: Option<bool>,
}

const COLUMNS: &str = "select id, code, name, description, module, time_zone, currency, calendar, is_active, version, \
    created_at, updated_at from campaign where id = ";

/// Campaigns by name, with their members. Text is matched here and not by the database: they are few, and the folded
/// name of something that is renamed once a year needs no column.
pub async fn list(db: &Db, filter: &CampaignFilter) -> DbResult<Vec<CampaignRow>> {
    let mut sql = sql!(
        "select c.id, c.code, c.name, c.module, c.time_zone, c.currency, c.is_active, \
           (select count(*) from membership m join app_user u on u.id = m.user_id and u.is_active \
            where m.campaign_id = c.id) as members \
         from campaign c where true"
    );
    if let Some(module) = filter.module {
        sql = sql.push(" and c.module = ").bind(module);
    }
    if let Some(is_active) = filter.is_active {
        sql = sql.push(" and c.is_active = ").bind(is_active);
    }
    let mut rows: Vec<CampaignRow> = db.all(sql.push(" order by c.name, c.id limit ").bind(MOST)).await?;
    let words = fold(&filter.text);
    rows.retain(|row| {
        let text = format!(" {} {}", fold(&row.name), fold(&row.code));
        words.split(' ').all(|word| text.contains(&format!(" {word}")))
    });
    rows.sort_by_cached_key(|row| fold(&row.name));
    Ok(rows)
}

/// One campaign.
pub async fn find(db: &Db, id: CampaignId) -> DbResult<Campaign> {
    db.one(Sql::new(COLUMNS, vec![]).bind(id)).await
}

/// When a campaign works: its calendar as it is stored, and the name of its zone. Locks nothing.
pub async fn hours_of(tx: &mut Tx, id: CampaignId) -> DbResult<(Value, String)> {
    let (calendar, zone): (sqlx::types::Json<Value>, String) =
        tx.one(sql!("select calendar, time_zone from campaign where id = $1", id)).await?;
    Ok((calendar.0, zone))
}

/// One campaign inside a write, locked against another write where the engine locks rows.
pub async fn find_in(tx: &mut Tx, id: CampaignId) -> DbResult<Campaign> {
    // A write that changes nothing takes the row's lock on both engines; `for update` is PostgreSQL's alone.
    tx.exec(sql!("update campaign set version = version where id = $1", id)).await?;
    tx.one(Sql::new(COLUMNS, vec![]).bind(id)).await
}

/// Inserts an active campaign. A unique violation means that the code is taken.
pub async fn insert(
    tx: &mut Tx,
    id: CampaignId,
    new: &CampaignData,
    calendar: Value,
    now: DateTime<Utc>,
) -> DbResult<()> {
    tx.exec(sql!(
        "insert into campaign (id, code, name, description, module, time_zone, currency, calendar, is_active, version, \
             created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, true, 1, $9, $9)",
        id,
        new.code.as_str(),
        new.name.as_str(),
        new.description.as_str(),
        new.module,
        new.time_zone.as_str(),
        new.currency.as_str(),
        calendar,
        now
    ))
    .await?;
    Ok(())
}

/// Changes what a campaign is, if it still is as it was read; answers the rows touched: 0 when somebody was faster.
pub async fn update(
    tx: &mut Tx,
    id: CampaignId,
    data: &CampaignData,
    version: i64,
    now: DateTime<Utc>,
) -> DbResult<u64> {
    tx.exec(sql!(
        "update campaign set code = $1, name = $2, description = $3, module = $4, time_zone = $5, currency = $6, \
             updated_at = $7, version = version + 1 where id = $8 and version = $9",
        data.code.as_str(),
        data.name.as_str(),
        data.description.as_str(),
        data.module,
        data.time_zone.as_str(),
        data.currency.as_str(),
        now,
        id,
        version
    ))
    .await
}

/// Opens or closes a campaign, under the same rule.
pub async fn set_active(
    tx: &mut Tx,
    id: CampaignId,
    is_active: bool,
    version: i64,
    now: DateTime<Utc>,
) -> DbResult<u64> {
    tx.exec(sql!(
        "update campaign set is_active = $1, updated_at = $2, version = version + 1 where id = $3 and version = $4",
        is_active,
        now,
        id,
        version
    ))
    .await
}

/// Sets hours and holidays, under the same rule.
pub async fn set_calendar(
    tx: &mut Tx,
    id: CampaignId,
    calendar: Value,
    version: i64,
    now: DateTime<Utc>,
) -> DbResult<u64> {
    tx.exec(sql!(
        "update campaign set calendar = $1, updated_at = $2, version = version + 1 where id = $3 and version = $4",
        calendar,
        now,
        id,
        version
    ))
    .await
}

/// Every campaign as a list to choose from: id and name, by name; inactive ones too, since records keep theirs.
pub async fn choices(db: &Db) -> DbResult<Vec<(CampaignId, String)>> {
    db.all(sql!("select id, name from campaign order by name, id limit $1", MOST)).await
}
