//! SQL of canned answers.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::super::model::{Application, Title, Words};
use crate::{
    db::{Db, DbResult, Reader, Tx},
    fold::fold,
    ids::MacroId,
    sql,
};

/// Canned answers of one list.
const LISTED: i64 = 300;
/// Canned answers offered beside one comment.
const OFFERED: i64 = 50;

/// A canned answer.
#[derive(Clone, Debug, FromRow)]
pub struct MacroRow {
    /// Its id.
    pub id: MacroId,
    /// Code of the application that it answers about; none: any.
    pub application: Option<String>,
    /// What people choose it by.
    pub name: String,
    /// What is said.
    pub body: String,
    /// Whether it is offered.
    pub is_active: bool,
    /// Rises with every change.
    pub version: i64,
}

/// What a canned answer is to be.
#[derive(Clone, Debug)]
pub struct MacroData {
    /// What it answers about; none: any.
    pub application: Option<Application>,
    /// What people choose it by.
    pub name: Title,
    /// What is said.
    pub body: Words,
}

const COLUMNS: &str = "select id, application, name, body, is_active, version from ticket_macro where ";

/// All of them, what is offered first, by name.
pub async fn list_macros(db: &Db) -> DbResult<Vec<MacroRow>> {
    db.all(sql!("").push(COLUMNS).push("true order by is_active desc, name_folded, id limit ").bind(LISTED)).await
}

/// Those that are offered for an application, by name.
pub async fn list_macros_for(db: &Db, application: Application) -> DbResult<Vec<MacroRow>> {
    let sql = sql!("").push(COLUMNS).push("is_active and (application is null or application = ");
    db.all(sql.bind(application.code()).push(") order by name_folded, id limit ").bind(OFFERED)).await
}

/// One of them; `RowNotFound` otherwise.
pub async fn find_macro(from: &mut impl Reader, id: MacroId) -> DbResult<MacroRow> {
    let rows: Vec<MacroRow> = from.read(sql!("").push(COLUMNS).push("id = ").bind(id)).await?;
    rows.into_iter().next().ok_or(sqlx::Error::RowNotFound)
}

/// Stores a new one.
pub async fn insert_macro(tx: &mut Tx, id: MacroId, data: &MacroData, now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!(
        "insert into ticket_macro (id, application, name, name_folded, body, is_active, created_at, updated_at, version) \
         values ($1, $2, $3, $4, $5, true, $6, $6, 1)",
        id,
        data.application.map(Application::code),
        data.name.as_str(),
        fold(data.name.as_str()),
        data.body.as_str(),
        now
    ))
    .await?;
    Ok(())
}

/// Changes the one of this version; false when it is another by now.
pub async fn update_macro(
    tx: &mut Tx,
    id: MacroId,
    data: &MacroData,
    version: i64,
    now: DateTime<Utc>,
) -> DbResult<bool> {
    let changed = tx
        .exec(sql!(
            "update ticket_macro set application = $3, name = $4, name_folded = $5, body = $6, updated_at = $7, \
               version = version + 1 where id = $1 and version = $2",
            id,
            version,
            data.application.map(Application::code),
            data.name.as_str(),
            fold(data.name.as_str()),
            data.body.as_str(),
            now
        ))
        .await?;
    Ok(changed > 0)
}

/// Retires it, or offers it again.
pub async fn set_macro_active(tx: &mut Tx, id: MacroId, is_active: bool, now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!(
        "update ticket_macro set is_active = $2, updated_at = $3, version = version + 1 where id = $1 and is_active <> $2",
        id,
        is_active,
        now
    ))
    .await?;
    Ok(())
}
