//! SQL of employees.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::model::{EmployeeData, State};
use crate::{
    db::{Db, DbResult, Sql, Tx},
    fold::fold,
    ids::{CampaignId, EmployeeId, UserId},
    sql,
};

/// People to choose a supervisor from; a company has some dozens.
const MOST: i64 = 500;

/// An employee as it is stored.
#[derive(Clone, Debug, FromRow)]
pub struct Employee {
    /// Its id.
    pub id: EmployeeId,
    /// National id; unique.
    pub document: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// One of `SEXES` of the model.
    pub sex: String,
    /// May be empty.
    pub phone: String,
    /// May be empty.
    pub email: String,
    /// May be empty.
    pub profession: String,
    /// What they earn, sealed.
    pub salary_sealed: Option<String>,
    /// First day.
    pub started_on: NaiveDate,
    /// Last day.
    pub ended_on: Option<NaiveDate>,
    /// One of [`super::REASONS`].
    pub end_reason: Option<String>,
    /// Code of a [`State`].
    pub state: String,
    /// Where they work.
    pub campaign_id: Option<CampaignId>,
    /// To whom they report.
    pub supervisor_id: Option<UserId>,
    /// Rises with every change.
    pub version: i64,
}

/// An employee with the names that its row points to.
#[derive(Clone, Debug, FromRow)]
pub struct EmployeeRow {
    /// The row.
    #[sqlx(flatten)]
    pub employee: Employee,
    /// Name of the campaign.
    pub campaign: Option<String>,
    /// Name of the supervisor.
    pub supervisor: Option<String>,
    /// The account of the same document.
    pub account_id: Option<UserId>,
    /// Whether it may sign in.
    pub account_is_active: Option<bool>,
}

/// Which employees a list shows.
#[derive(Clone, Debug, Default)]
pub struct EmployeeFilter {
    /// Words that start a name or the document.
    pub text: String,
    /// Who works here, or who no longer does.
    pub state: Option<State>,
    /// Of one campaign.
    pub campaign: Option<CampaignId>,
}

impl EmployeeFilter {
    /// ` where …` of a query that calls the employee `e`.
    fn clause(&self, mut sql: Sql) -> Sql {
        sql = sql.push(" where true");
        sql = sql.and_words(&self.text, "e.name_folded", &["lower(e.document)"]);
        if let Some(state) = self.state {
            sql = sql.push(" and e.state = ").bind(state.code());
        }
        if let Some(campaign) = self.campaign {
            sql = sql.push(" and e.campaign_id = ").bind(campaign);
        }
        sql
    }
}

const ROWS: &str = "select e.id, e.document, e.first_name, e.last_name, e.sex, e.phone, e.email, e.profession, \
    e.salary_sealed, e.started_on, e.ended_on, e.end_reason, e.state, e.campaign_id, e.supervisor_id, e.version, \
    c.name as campaign, s.first_name || ' ' || s.last_name as supervisor, a.id as account_id, \
    a.is_active as account_is_active from employee e left join campaign c on c.id = e.campaign_id \
    left join app_user s on s.id = e.supervisor_id left join app_user a on a.document = e.document";

/// How many employees the filter leaves.
pub async fn count(db: &Db, filter: &EmployeeFilter) -> DbResult<i64> {
    let (total,): (i64,) = db.one(filter.clause(sql!("select count(*) from employee e"))).await?;
    Ok(total)
}

/// Employees that the filter leaves by name, after the first `skip` of them; at most `size`.
pub async fn list(db: &Db, filter: &EmployeeFilter, skip: i64, size: i64) -> DbResult<Vec<EmployeeRow>> {
    let sql = filter.clause(Sql::new(ROWS, vec![])).push(" order by e.name_folded, e.id limit ").bind(size);
    db.all(sql.push(" offset ").bind(skip)).await
}

/// One employee.
pub async fn find(db: &Db, id: EmployeeId) -> DbResult<EmployeeRow> {
    db.one(Sql::new(ROWS, vec![]).push(" where e.id = ").bind(id)).await
}

/// One employee, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: EmployeeId) -> DbResult<EmployeeRow> {
    tx.exec(sql!("update employee set version = version where id = $1", id)).await?;
    tx.one(Sql::new(ROWS, vec![]).push(" where e.id = ").bind(id)).await
}

fn name_folded(data: &EmployeeData) -> String {
    fold(&format!("{} {}", data.first_name, data.last_name))
}

/// Inserts an employee. A unique violation means that the document is another's.
pub async fn insert(
    tx: &mut Tx,
    id: EmployeeId,
    data: &EmployeeData,
    (state, salary_sealed): (State, Option<String>),
    now: DateTime<Utc>,
) -> DbResult<u64> {
    tx.exec(sql!(
        "insert into employee (id, document, first_name, last_name, name_folded, sex, phone, email, profession, \
             salary_sealed, started_on, ended_on, end_reason, state, campaign_id, supervisor_id, version, created_at, \
             updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $17)",
        id,
        &data.document,
        &data.first_name,
        &data.last_name,
        name_folded(data),
        data.sex,
        &data.phone,
        &data.email,
        &data.profession,
        salary_sealed,
        data.started_on,
        data.ended_on,
        data.end_reason,
        state.code(),
        data.campaign_id,
        data.supervisor_id,
        now
    ))
    .await
}

/// Changes an employee, if it still is as it was read; answers the rows touched: 0 when somebody was faster.
pub async fn update(
    tx: &mut Tx,
    (id, version): (EmployeeId, i64),
    data: &EmployeeData,
    (state, salary_sealed): (State, Option<String>),
    now: DateTime<Utc>,
) -> DbResult<u64> {
    tx.exec(sql!(
        "update employee set document = $1, first_name = $2, last_name = $3, name_folded = $4, sex = $5, phone = $6, \
             email = $7, profession = $8, salary_sealed = $9, started_on = $10, ended_on = $11, end_reason = $12, \
             state = $13, campaign_id = $14, supervisor_id = $15, updated_at = $16, version = version + 1 \
         where id = $17 and version = $18",
        &data.document,
        &data.first_name,
        &data.last_name,
        name_folded(data),
        data.sex,
        &data.phone,
        &data.email,
        &data.profession,
        salary_sealed,
        data.started_on,
        data.ended_on,
        data.end_reason,
        state.code(),
        data.campaign_id,
        data.supervisor_id,
        now,
        id,
        version
    ))
    .await
}

/// Who may lead people, and `current` whoever that is: id and name, by name.
pub async fn list_supervisors(db: &Db, current: Option<UserId>) -> DbResult<Vec<(UserId, String)>> {
    db.all(sql!(
        "select u.id, u.first_name || ' ' || u.last_name from app_user u \
         where (u.is_active and u.role in ('supervisor', 'administrador')) or u.id = $1 \
         order by u.name_folded, u.id limit $2",
        current,
        MOST
    ))
    .await
}

/// The account of a document.
pub async fn find_account(tx: &mut Tx, document: &str) -> DbResult<Option<UserId>> {
    let row: Option<(UserId,)> = tx.opt(sql!("select id from app_user where document = $1", document)).await?;
    Ok(row.map(|row| row.0))
}

/// Whose last day is `today` or was before, and who still counts as working here.
pub async fn list_departed(db: &Db, today: NaiveDate) -> DbResult<Vec<EmployeeId>> {
    let rows: Vec<(EmployeeId,)> = db
        .all(sql!("select id from employee where state = 'activo' and ended_on <= $1 order by ended_on, id", today))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Somebody works here no longer.
pub async fn set_inactive(tx: &mut Tx, id: EmployeeId, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "update employee set state = 'inactivo', version = version + 1, updated_at = $1 where id = $2",
        now,
        id
    ))
    .await
}
