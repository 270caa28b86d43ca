//! Rows of alarms → what screens show.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use views::{
    alarms::{AlarmView, MOST},
    text::{Locale, exists, fill, t},
};

use super::queries::{self, AlarmRow, Tab, TextRow};
use crate::{app::App, auth::CurrentUser, db::DbResult, features::people::local_time, paging::newest_first};

/// What every page of the person carries: the alarms that ring, the latest first. More than [`MOST`] are on their page
/// alone.
pub async fn waiting(app: &App, user: &CurrentUser) -> DbResult<Vec<AlarmView>> {
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let rows = queries::list_ringing(&app.db, user.id, most).await?;
    Ok(rows.iter().map(|row| view(user.look.locale, row, Tab::Ringing)).collect())
}

/// An alarm that rings now, the same for all whom it rings for.
pub fn rung_card(l: Locale, row: &TextRow, is_escalation: bool, now: DateTime<Utc>) -> AlarmView {
    AlarmView {
        id: row.id.to_string(),
        title: title(l, &row.text_key, &row.args),
        href: row.href.clone(),
        sort: newest_first(row.due_at, row.id.0),
        at: local_time(l, row.due_at),
        rung_ms: now.timestamp_millis().to_string(),
        is_escalation,
        is_snoozed: false,
    }
}

/// An alarm in a list, with the instant that its tab is about.
pub fn view(l: Locale, row: &AlarmRow, tab: Tab) -> AlarmView {
    AlarmView {
        id: row.id.to_string(),
        title: title(l, &row.text_key, &row.args),
        href: row.href.clone(),
        sort: newest_first(row.due_at, row.id.0),
        at: local_time(l, row.place(tab)),
        rung_ms: row.rung_at.map(|at| at.timestamp_millis().to_string()).unwrap_or_default(),
        is_escalation: row.is_escalation,
        is_snoozed: row.is_snoozed,
    }
}

/// The text in the reader's language. One that is stored and no longer known says so: the link still leads there.
fn title(l: Locale, key: &str, args: &BTreeMap<String, String>) -> String {
    if !exists(key) {
        return t(l, "alarms.unknown").to_owned();
    }
    fill(l, key, &args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
}
