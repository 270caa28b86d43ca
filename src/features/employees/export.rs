//! What the list shows, as a spreadsheet for the payroll.

use axum::extract::State as Extract;
use serde_json::json;
use uuid::Uuid;
use views::{paths, text::t};

use super::{list::ListQuery, present, queries};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::CurrentUser,
    error::AppResult,
    export,
    features::people,
    web::{ClientIp, Download, Query},
};

/// Exactly what is filtered, the first [`export::MAX_ROWS`] of it, with salaries. The export is an entry of the audit
/// log, with its filters.
pub async fn export_list(
    Extract(app): Extract<App>,
    user: CurrentUser,
    ClientIp(ip): ClientIp,
    Query(query): Query<ListQuery>,
) -> AppResult<Download> {
    let (l, now) = (user.look.locale, app.clock.now());
    let most = i64::try_from(export::MAX_ROWS).unwrap_or(i64::MAX);
    let rows = queries::list(&app.db, &query.filter(), 0, most).await?;
    let filters: serde_json::Map<_, _> =
        query.address(paths::EMPLOYEES).pairs().iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let (mut tx, ip) = (app.db.begin().await?, ip.to_string());
    let entry = Entry { entity_id: None, ..Entry::new(Some(user.id), &ip, "employee.export", "employee", Uuid::nil()) };
    let entry = entry.after(json!({ "rows": rows.len(), "filters": filters }));
    audit::record(&mut tx, entry, now).await?;
    tx.commit().await?;
    let name = format!("{} {}", t(l, "employees.title"), people::local_day(now));
    Ok(Download::xlsx(&name, present::sheet(l, &app.secret, &rows).xlsx().await?))
}
