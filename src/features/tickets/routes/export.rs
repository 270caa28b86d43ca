//! What the list shows, as a spreadsheet.

use axum::extract::State;
use serde_json::json;
use uuid::Uuid;
use views::text::{Locale, t};

use super::{
    super::{
        present::People,
        queries::{self, After, TicketRow, Viewer},
    },
    filter::ListQuery,
};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::CurrentUser,
    error::AppResult,
    export::{Cell, Column, MAX_ROWS, Sheet},
    features::people::{DEFAULT_ZONE, local_day},
    web::{ClientIp, Download, Query},
};

/// The columns: end of the text's key, and width in characters.
const COLUMNS: [(&str, u8); 12] = [
    ("number", 8),
    ("title", 48),
    ("kind", 16),
    ("application", 16),
    ("status", 20),
    ("priority", 10),
    ("campaign", 24),
    ("requester", 28),
    ("assignee", 28),
    ("created", 18),
    ("due", 18),
    ("resolved", 18),
];

/// Exactly what is filtered and the person may read, the first [`MAX_ROWS`] of it. The export is an entry of the audit log,
/// with its filters.
pub async fn export_list(
    State(app): State<App>,
    user: CurrentUser,
    ClientIp(ip): ClientIp,
    Query(query): Query<ListQuery>,
) -> AppResult<Download> {
    let (l, now, filter) = (user.look.locale, app.clock.now(), query.filter(&app.db).await?);
    let most = i64::try_from(MAX_ROWS).unwrap_or(i64::MAX);
    let rows = queries::list_for(&app.db, Viewer::of(&user), &filter, After::Nothing, most).await?.rows;
    let mut people = People { rows: Default::default(), directory: app.live.directory() };
    let named: Vec<_> = rows.iter().flat_map(|row| [Some(row.requester_id), row.assignee_id]).flatten().collect();
    for some in named.chunks(queries::MOST_PEOPLE) {
        people.rows.extend(queries::list_people(&mut &app.db, some.to_vec()).await?);
    }
    let sheet = Sheet {
        name: t(l, "tickets.title").to_owned(),
        columns: COLUMNS.map(|(key, width)| Column::new(t(l, &format!("tickets.sheet.{key}")), width)).into(),
        rows: rows.iter().map(|row| cells(l, row, &people)).collect(),
    };
    let bytes = sheet.xlsx().await?;
    let address = query.address();
    let mut filters = serde_json::Map::new();
    for (name, value) in address.pairs() {
        let all = filters.entry(name).or_insert_with(|| json!([]));
        all.as_array_mut().into_iter().for_each(|all| all.push(json!(value)));
    }
    let (mut tx, ip) = (app.db.begin().await?, ip.to_string());
    let entry = Entry { entity_id: None, ..Entry::new(Some(user.id), &ip, "ticket.export", "ticket", Uuid::nil()) };
    audit::record(&mut tx, entry.after(json!({ "rows": rows.len(), "filters": filters })), now).await?;
    tx.commit().await?;
    Ok(Download::xlsx(&format!("{} {}", t(l, "tickets.title"), local_day(now)), bytes))
}

fn cells(l: Locale, row: &TicketRow, people: &People<'_>) -> Vec<Cell> {
    let word = |what: &str, code: &str| Cell::text(t(l, &format!("tickets.{what}.{code}")));
    vec![
        Cell::Int(row.number),
        Cell::text(row.title.as_str()),
        word("kind", row.kind.code()),
        word("application", row.application.code()),
        word("status", row.status.code()),
        word("priority", row.priority.code()),
        Cell::text(row.campaign.as_str()),
        Cell::text(people.name(row.requester_id)),
        Cell::text(row.assignee_id.map(|id| people.name(id)).unwrap_or_default()),
        Cell::at(Some(row.created_at), DEFAULT_ZONE),
        Cell::at(row.resolve_by, DEFAULT_ZONE),
        Cell::at(row.resolved_at, DEFAULT_ZONE),
    ]
}
