//! SQL of the audit log. It grows to millions of rows: a page is read along an index that is already in its order, and
//! nothing is counted.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    db::{Db, DbResult, Sql},
    ids::UserId,
    paging::Paged,
    sql,
};

/// People that a typed name may stand for.
const MOST_PEOPLE: i64 = 20;

/// An entry, with names of whom it is about.
#[derive(Clone, Debug, FromRow)]
pub struct AuditRow {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Name of who did it; `None` for a command on the machine.
    pub actor: Option<String>,
    /// From where; `local` for a command.
    pub ip: String,
    /// What was done, as a code.
    pub action: String,
    /// The table.
    pub entity: String,
    /// The row.
    pub entity_id: Option<Uuid>,
    /// Name of the row, where it is a person, an employee or a campaign.
    pub target: Option<String>,
    /// What it was.
    pub before: Value,
    /// What it is.
    pub after: Value,
}

/// The last entry of a page: where the next one goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When it was.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

/// Which entries are wanted; everything that is `None` is not asked for.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Done by one of these; an empty list matches nothing.
    pub actors: Option<Vec<UserId>>,
    /// One action.
    pub action: Option<String>,
    /// One table.
    pub entity: Option<String>,
    /// One row.
    pub entity_id: Option<Uuid>,
    /// From one address.
    pub ip: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
}

/// Entries, the newest first, after one; at most `size`. The page is cut before names are joined to it, so that the
/// joins are one look-up by key for each row that is shown.
pub async fn list(db: &Db, filter: &AuditFilter, after: Option<Mark>, size: i64) -> DbResult<Paged<AuditRow>> {
    let mut sql = sql!("select * from audit_log where true");
    if let Some(actors) = &filter.actors {
        sql = match actors.as_slice() {
            // With one, the index gives the order; a list would be sorted.
            [one] => sql.push(" and actor_id = ").bind(*one),
            many => sql.push(" and actor_id in ").list(many.iter().copied()),
        };
    }
    if let Some(action) = &filter.action {
        sql = sql.push(" and action = ").bind(action.as_str());
    }
    if let Some(entity) = &filter.entity {
        sql = sql.push(" and entity = ").bind(entity.as_str());
    }
    if let Some(id) = filter.entity_id {
        sql = sql.push(" and entity_id = ").bind(id);
    }
    if let Some(ip) = &filter.ip {
        sql = sql.push(" and ip = ").bind(ip.as_str());
    }
    if let Some(from) = filter.from {
        sql = sql.push(" and at >= ").bind(from);
    }
    if let Some(until) = filter.until {
        sql = sql.push(" and at < ").bind(until);
    }
    if let Some(mark) = after {
        sql = sql.push(" and (at, id) < (").bind(mark.at).push(", ").bind(mark.id).push(")");
    }
    let page = sql.push(" order by at desc, id desc limit ").bind(Paged::<AuditRow>::limit(size));
    Ok(Paged::new(db.all(with_names(page)).await?, size))
}

/// The page with the names of who did it and of whom it was done to.
fn with_names(page: Sql) -> Sql {
    page.within(
        "select a.id, a.at, u.first_name || ' ' || u.last_name as actor, a.ip, a.action, a.entity, a.entity_id, \
           coalesce(t.first_name || ' ' || t.last_name, c.name, e.first_name || ' ' || e.last_name) as target, \
           a.before, a.after from (",
        ") a left join app_user u on u.id = a.actor_id left join app_user t on t.id = a.entity_id \
         left join campaign c on c.id = a.entity_id left join employee e on e.id = a.entity_id \
         order by a.at desc, a.id desc",
    )
}

/// Accounts whose name has words that begin with what was typed, or whose e-mail does.
pub async fn people_like(db: &Db, text: &str) -> DbResult<Vec<UserId>> {
    let mut sql = sql!("select u.id from app_user u where true");
    sql = sql.and_words(text, "u.name_folded", &["u.email_folded"]);
    let rows: Vec<(UserId,)> = db.all(sql.push(" order by u.name_folded, u.id limit ").bind(MOST_PEOPLE)).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
