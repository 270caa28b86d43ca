//! SQL of imports and their rows.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use super::{
    super::{history::as_json, model::Fields},
    rows::Checked,
};
use crate::{
    auth::Role,
    db::{Arg, Db, DbResult, Tx},
    error::FieldErrors,
    ids::{CampaignId, UserId},
    sql,
};

/// Rows of one insert.
const CHUNK: usize = 200;
/// An import that wrote nothing for so long is taken up again.
const STILL: TimeDelta = TimeDelta::seconds(30);
/// How long a file's rows are kept.
const KEEP: TimeDelta = TimeDelta::days(30);

/// An import.
#[derive(Clone, Debug, FromRow)]
pub struct Import {
    /// What the file was called.
    pub file_name: String,
    /// `checked`, `running` or `done`.
    pub state: String,
    /// Rows.
    pub total: i64,
    /// Rows that may be imported.
    pub valid: i64,
    /// Rows that were.
    pub made: i64,
}

/// A row of an import.
#[derive(Clone, Debug, FromRow)]
pub struct ImportRow {
    /// As the spreadsheet numbers it.
    pub number: i64,
    fields: Json<Value>,
    errors: Json<Vec<(String, String)>>,
}

impl ImportRow {
    /// What was understood of it.
    pub fn fields(&self) -> Fields {
        let value = &self.fields.0;
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let campaigns = value["campaigns"].as_array().into_iter().flatten();
        Fields {
            first_name: text("first_name"),
            last_name: text("last_name"),
            email: text("email"),
            document: text("document"),
            greta_user: text("greta_user"),
            c8_user: text("c8_user"),
            phone: text("phone"),
            role: Role::from_code(&text("role")),
            is_superuser: false,
            campaigns: campaigns.filter_map(|id| id.as_str()?.parse::<CampaignId>().ok()).collect(),
            version: 0,
        }
    }

    /// Pairs of field and text key.
    pub fn errors(&self) -> &[(String, String)] {
        &self.errors.0
    }
}

/// Stores a file that was read.
pub async fn insert_import(
    tx: &mut Tx,
    id: Uuid,
    by: UserId,
    file_name: &str,
    rows: &[Checked],
    now: DateTime<Utc>,
) -> DbResult<()> {
    tx.exec(sql!(
        "insert into people_import (id, created_by, created_at, file_name, state, beat_at) \
         values ($1, $2, $3, $4, 'checked', null)",
        id,
        by,
        now,
        file_name
    ))
    .await?;
    for chunk in rows.chunks(CHUNK) {
        let values = chunk.iter().map(|row| -> Vec<Arg> {
            let fields = as_json(&row.fields).into_iter().map(|(name, value)| (name.to_owned(), value));
            let fields: serde_json::Map<_, _> = fields.collect();
            let (errors, is_valid) = (json!(row.errors.to_view()), row.errors.0.is_empty());
            vec![id.into(), row.number.into(), Value::Object(fields).into(), errors.into(), is_valid.into()]
        });
        let insert = sql!("insert into people_import_row (import_id, number, fields, errors, is_valid) values ");
        tx.exec(insert.rows(values)).await?;
    }
    Ok(())
}

/// An import with its figures.
pub async fn find_import(db: &Db, id: Uuid) -> DbResult<Import> {
    db.one(sql!(
        "select i.file_name, i.state, count(r.number) as total, count(*) filter (where r.is_valid) as valid, \
             count(r.user_id) as made \
         from people_import i left join people_import_row r on r.import_id = i.id \
         where i.id = $1 group by i.id, i.file_name, i.state",
        id
    ))
    .await
}

/// Rows of an import after one; those with errors alone, or all.
pub async fn list_rows(db: &Db, id: Uuid, bad_only: bool, after: i64, size: i64) -> DbResult<Vec<ImportRow>> {
    let rows =
        sql!("select number, fields, errors from people_import_row where import_id = $1 and number > $2", id, after);
    let rows = if bad_only { rows.push(" and not is_valid") } else { rows };
    db.all(rows.push(" order by number limit ").bind(size)).await
}

/// Good rows that are not imported yet.
pub async fn list_waiting(db: &Db, id: Uuid, size: i64) -> DbResult<Vec<ImportRow>> {
    db.all(sql!(
        "select number, fields, errors from people_import_row \
         where import_id = $1 and is_valid and user_id is null order by number limit $2",
        id,
        size
    ))
    .await
}

/// People whom an import made and who still wait to be let in; superusers, whom an import never makes but somebody may
/// have since, for superusers alone.
pub async fn list_invited(
    tx: &mut Tx,
    id: Uuid,
    with_superusers: bool,
) -> DbResult<Vec<(UserId, String, String, String)>> {
    tx.all(sql!(
        "select u.id, u.first_name, u.last_name, u.email from people_import_row r join app_user u on u.id = r.user_id \
         where r.import_id = $1 and not u.is_active and u.invited_at is not null and u.signed_in_at is null \
           and (not u.is_superuser or $2) order by r.number",
        id,
        with_superusers
    ))
    .await
}

/// Claims the import for whoever clicked first; an import that stands still may be claimed again.
pub async fn claim(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> DbResult<bool> {
    let claimed = tx
        .exec(sql!(
            "update people_import set state = 'running', beat_at = $1 \
             where id = $2 and (state = 'checked' or (state = 'running' and (beat_at < $3 or beat_at > $4)))",
            now,
            id,
            now - STILL,
            now + STILL
        ))
        .await?;
    Ok(claimed == 1)
}

/// The import goes on, or is done.
pub async fn beat(tx: &mut Tx, id: Uuid, is_done: bool, now: DateTime<Utc>) -> DbResult<u64> {
    let state = if is_done { "done" } else { "running" };
    tx.exec(sql!("update people_import set state = $1, beat_at = $2 where id = $3", state, now, id)).await
}

/// What became of a row: a person, or what was taken meanwhile.
pub async fn settle(tx: &mut Tx, id: Uuid, number: i64, made: &Result<UserId, FieldErrors>) -> DbResult<u64> {
    let (user, errors) = match made {
        Ok(user) => (Some(*user), Vec::new()),
        Err(errors) => (None, errors.to_view()),
    };
    tx.exec(sql!(
        "update people_import_row set user_id = $1, errors = $2, is_valid = $3 where import_id = $4 and number = $5",
        user,
        json!(errors),
        user.is_some(),
        id,
        number
    ))
    .await
}

/// E-mails and documents that accounts have, of those given.
pub async fn list_taken(db: &Db, emails: Vec<String>, documents: Vec<String>) -> DbResult<(Vec<String>, Vec<String>)> {
    let (mut has, mut owns) = (Vec::new(), Vec::new());
    for chunk in emails.chunks(CHUNK) {
        let found = sql!("select email_folded from app_user where email_folded in ");
        let found: Vec<(String,)> = db.all(found.list(chunk.iter().map(String::as_str))).await?;
        has.extend(found.into_iter().map(|(email,)| email));
    }
    for chunk in documents.chunks(CHUNK) {
        let found = sql!("select document from app_user where document in ");
        let found: Vec<(String,)> = db.all(found.list(chunk.iter().map(String::as_str))).await?;
        owns.extend(found.into_iter().map(|(document,)| document));
    }
    Ok((has, owns))
}

/// Code and name of every active campaign.
pub async fn list_campaign_names(db: &Db) -> DbResult<Vec<(CampaignId, String, String)>> {
    db.all(sql!("select id, code, name from campaign where is_active order by id")).await
}

/// Forgets files that were uploaded a month ago; their people stay.
pub async fn prune(tx: &mut Tx, now: DateTime<Utc>) -> DbResult<u64> {
    let old = "delete from people_import_row where import_id in (select id from people_import where created_at < $1)";
    tx.exec(crate::db::Sql::new(old, vec![(now - KEEP).into()])).await?;
    tx.exec(sql!("delete from people_import where created_at < $1", now - KEEP)).await
}
