//! The page of the audit log and its export. Both read the same filters from the address.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Days, NaiveDate};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use views::{
    audit_log::{self, AuditView},
    layout::Nav,
    paths,
    text::t,
    ui::{Address, FilterView, PagerView},
};

use super::{
    present,
    queries::{self, AuditFilter, Mark},
};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{Capability, CurrentUser},
    error::AppResult,
    export,
    features::people,
    web::{Access, ClientIp, Download, Fragment, Kind, Page, Query, Routes},
};

/// Entries of one page.
const PAGE: i64 = 50;

/// Routes of this feature.
pub fn routes() -> Routes {
    let access = Access::Can(Capability::ViewAuditLog);
    Routes::new().get(paths::AUDIT, access, list_entries).get(paths::AUDIT_EXPORT, access, export_entries)
}

/// Filters as they stand in the address; what cannot be understood is not set.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AuditQuery {
    #[serde(default)]
    who: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    entity: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    ip: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    /// Milliseconds and id of the last entry of the page before.
    #[serde(default)]
    after: String,
}

impl AuditQuery {
    async fn filter(&self, app: &App) -> AppResult<AuditFilter> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let who: String = self.who.chars().take(100).collect();
        let actors = match some(&who) {
            Some(who) => Some(queries::people_like(&app.db, &who).await?),
            None => None,
        };
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        Ok(AuditFilter {
            actors,
            action: some(&self.action),
            entity: some(&self.entity),
            entity_id: self.id.trim().parse().ok(),
            ip: some(&self.ip),
            from: day(&self.from).and_then(people::local_midnight),
            // The last day counts in full.
            until: day(&self.to).and_then(|d| d.checked_add_days(Days::new(1))).and_then(people::local_midnight),
        })
    }

    fn address(&self, path: &str) -> Address {
        let fields = [
            ("who", &self.who),
            ("action", &self.action),
            ("entity", &self.entity),
            ("id", &self.id),
            ("ip", &self.ip),
            ("from", &self.from),
            ("to", &self.to),
        ];
        fields.into_iter().fold(Address::new(path), |address, (name, value)| address.with(name, value.trim()))
    }

    fn mark(&self) -> Option<Mark> {
        let (ms, id) = self.after.split_once('.')?;
        Some(Mark { at: DateTime::from_timestamp_millis(ms.parse().ok()?)?, id: id.parse::<Uuid>().ok()? })
    }

    fn filters(&self, l: views::text::Locale) -> Vec<FilterView> {
        vec![
            FilterView::search("who", "audit.search", &self.who),
            FilterView::choice("action", "audit.what", audit_log::actions(l), &self.action),
            FilterView::choice("entity", "audit.entity", audit_log::entities(l), &self.entity),
            FilterView::search("id", "audit.entity_id", &self.id),
            FilterView::search("ip", "audit.ip", &self.ip),
            FilterView::day("from", "audit.from", &self.from),
            FilterView::day("to", "audit.to", &self.to),
        ]
    }
}

/// Entries, the newest first.
async fn list_entries(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Query(query): Query<AuditQuery>,
) -> AppResult<Response> {
    let l = user.look.locale;
    let found = queries::list(&app.db, &query.filter(&app).await?, query.mark(), PAGE).await?;
    let address = query.address(paths::AUDIT);
    let next = found.rows.last().filter(|_| found.has_more);
    let next = next.map(|row| address.with("after", &format!("{}.{}", row.at.timestamp_millis(), row.id)));
    let first = query.mark().map(|_| address.clone());
    let view = AuditView {
        filters: query.filters(l),
        export: query.address(paths::AUDIT_EXPORT).href(),
        pager: PagerView::keyset(first, next),
        rows: found.rows.iter().map(|row| present::entry_view(l, row)).collect(),
        address,
    };
    Ok(match kind {
        Kind::Partial => Fragment(audit_log::region(l, &view)).into_response(),
        _ => Page::new(Nav::People, t(l, "audit.title"), seq, audit_log::panel(l, &view)).into_response(),
    })
}

/// Exactly what is filtered, the newest [`export::MAX_ROWS`] of it. The export is an entry itself, with its filters.
async fn export_entries(
    State(app): State<App>,
    user: CurrentUser,
    ClientIp(ip): ClientIp,
    Query(query): Query<AuditQuery>,
) -> AppResult<Download> {
    let l = user.look.locale;
    let most = i64::try_from(export::MAX_ROWS).unwrap_or(i64::MAX);
    let found = queries::list(&app.db, &query.filter(&app).await?, None, most).await?;
    let now = app.clock.now();
    let filters: serde_json::Map<String, serde_json::Value> =
        query.address("").pairs().iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let mut tx = app.db.begin().await?;
    let ip = ip.to_string();
    let entry = Entry { entity_id: None, ..Entry::new(Some(user.id), &ip, "audit.export", "audit_log", Uuid::nil()) };
    let entry = entry.after(json!({ "rows": found.rows.len(), "is_cut": found.has_more, "filters": filters }));
    audit::record(&mut tx, entry, now).await?;
    tx.commit().await?;
    let name = format!("{} {}", t(l, "audit.title"), people::local_day(now));
    Ok(Download::xlsx(&name, present::sheet(l, &found.rows).xlsx().await?))
}
