//! SQL of the settings: one row a subject, an object in each.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::Settings;
use crate::{
    auth::Role,
    db::{Db, DbResult, Sql, Tx},
    ids::UserId,
    sql,
};

type Row = (String, Value, DateTime<Utc>);

fn rows() -> Sql {
    sql!("select key, value, updated_at from setting where key in ('chat', 'security')")
}

/// What is set now; defaults for the rest.
pub async fn read(db: &Db) -> DbResult<Settings> {
    Ok(typed(&db.all(rows()).await?))
}

/// The same inside a write, to compare with.
pub async fn read_in(tx: &mut Tx) -> DbResult<Settings> {
    Ok(typed(&tx.all(rows()).await?))
}

fn typed(rows: &[Row]) -> Settings {
    let value = |key: &str, name: &str| rows.iter().find(|row| row.0 == key).and_then(|row| row.1.get(name));
    let roles = value("security", "totp_roles").and_then(Value::as_array);
    let roles = roles.into_iter().flatten().filter_map(Value::as_str);
    let mut settings = Settings::default()
        .with_retention(value("chat", "retention_months").and_then(Value::as_i64))
        .with_totp_roles(roles);
    settings.updated_at = rows.iter().map(|row| row.2).max();
    settings
}

/// Active people of these roles who have no second factor yet.
pub async fn list_without_factor(tx: &mut Tx, roles: &[Role]) -> DbResult<Vec<UserId>> {
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let sql = sql!(
        "select u.id from app_user u where u.is_active and not exists (select 1 from second_factor f \
             where f.user_id = u.id and f.confirmed_at is not null) and (u.is_superuser and $1 or u.role in ",
        roles.contains(&Role::Administrador)
    );
    let rows: Vec<(UserId,)> = tx.all(sql.list(roles.iter().copied()).push(") order by u.id")).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Stores all of it.
pub async fn write(tx: &mut Tx, settings: &Settings, now: DateTime<Utc>) -> DbResult<()> {
    let roles: Vec<&str> = settings.totp_roles.iter().copied().map(Role::code).collect();
    for (key, value) in [
        ("chat", json!({ "retention_months": settings.retention_months })),
        ("security", json!({ "totp_roles": roles })),
    ] {
        tx.exec(sql!(
            "insert into setting (key, value, updated_at) values ($1, $2, $3) \
             on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at",
            key,
            value,
            now
        ))
        .await?;
    }
    Ok(())
}
