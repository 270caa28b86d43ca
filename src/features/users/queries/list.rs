//! SQL of the list of accounts.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::super::model::Sort;
use crate::{
    auth::Role,
    db::{Db, DbResult, Sql},
    features::people::{PERSON_COLUMNS, PersonRow},
    ids::{CampaignId, UserId},
    sql,
};

/// An account in the list.
#[derive(Clone, Debug, FromRow)]
pub struct UserRow {
    /// Who.
    #[sqlx(flatten)]
    pub person: PersonRow,
    /// E-mail, as typed.
    pub email: String,
    /// National id.
    pub document: Option<String>,
    /// User in the operator's platform; empty when there is none.
    pub greta_user: String,
    /// Whether it may sign in.
    pub is_active: bool,
    /// Passes every check.
    pub is_superuser: bool,
    /// When it was last invited, until it was accepted.
    pub invited_at: Option<DateTime<Utc>>,
    /// When it last signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
}

/// Which accounts are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words that start a name, document, e-mail or Greta user.
    pub query: String,
    /// Of this role.
    pub role: Option<Role>,
    /// Members of this campaign.
    pub campaign: Option<CampaignId>,
    /// That may sign in, or may not.
    pub is_active: Option<bool>,
    /// That have an open invitation, or have none.
    pub is_invited: Option<bool>,
    /// Among these alone.
    pub among: Option<Vec<UserId>>,
    /// In this order.
    pub sort: Sort,
}

impl Filter {
    /// ` where …` of a query that calls the user `u`.
    fn clause(&self, mut sql: Sql) -> Sql {
        sql = sql.push(" where true");
        let also = ["u.email_folded", "lower(u.document)", "lower(u.greta_user)"];
        sql = sql.and_words(&self.query, "u.name_folded", &also);
        if let Some(role) = self.role {
            sql = sql.push(" and u.role = ").bind(role);
        }
        if let Some(campaign) = self.campaign {
            sql = sql
                .push(" and exists (select 1 from membership m where m.user_id = u.id and m.campaign_id = ")
                .bind(campaign)
                .push(")");
        }
        if let Some(is_active) = self.is_active {
            sql = sql.push(" and u.is_active = ").bind(is_active);
        }
        if let Some(is_invited) = self.is_invited {
            sql = sql.push(if is_invited { " and u.invited_at is not null" } else { " and u.invited_at is null" });
        }
        if let Some(among) = &self.among {
            sql = sql.push(" and u.id in ").list(among.iter().copied());
        }
        sql
    }
}

/// How many accounts the filter leaves.
pub async fn count_users(db: &Db, filter: &Filter) -> DbResult<i64> {
    let (total,): (i64,) = db.one(filter.clause(sql!("select count(*) from app_user u"))).await?;
    Ok(total)
}

/// Accounts that the filter leaves, after the first `skip` of them; at most `size`.
pub async fn list_users(db: &Db, filter: &Filter, skip: i64, size: i64) -> DbResult<Vec<UserRow>> {
    let sql = sql!("select ").push(PERSON_COLUMNS).push(
        ", u.email, u.document, u.greta_user, u.is_active, u.is_superuser, u.invited_at, u.signed_in_at \
             from app_user u left join agent_state a on a.user_id = u.id",
    );
    let sql = filter.clause(sql).push(match filter.sort {
        Sort::Name => " order by u.name_folded, u.id",
        Sort::NameDown => " order by u.name_folded desc, u.id desc",
        Sort::Seen => " order by u.signed_in_at nulls first, u.id",
        Sort::SeenDown => " order by u.signed_in_at desc nulls last, u.id desc",
    });
    db.all(sql.push(" limit ").bind(size).push(" offset ").bind(skip)).await
}

/// What every active account signs in with: to find out whose attempts were too many.
pub async fn list_logins(db: &Db) -> DbResult<Vec<(UserId, String, Option<String>)>> {
    db.all(sql!("select id, email_folded, document from app_user where is_active order by id")).await
}

/// Active campaigns by name.
pub async fn list_active_campaigns(db: &Db) -> DbResult<Vec<(CampaignId, String)>> {
    db.all(sql!("select id, name from campaign where is_active order by name, id")).await
}
