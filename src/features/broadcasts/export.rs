//! The roll-call as a spreadsheet.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use views::text::{Locale, t};

use super::{
    present::sender_of,
    queries::{self, ReceiptRow},
};
use crate::{
    app::App,
    audit,
    auth::CurrentUser,
    error::AppResult,
    export::{Cell, Column, MAX_ROWS, Sheet},
    features::people::DEFAULT_ZONE,
    ids::ConversationId,
    web::{ClientIp, Path},
};

/// Everybody it was sent to and how far each got, as XLSX; audited. 404 for who did not send it.
pub async fn export(
    State(app): State<App>,
    user: CurrentUser,
    ip: ClientIp,
    Path(id): Path<ConversationId>,
) -> AppResult<Response> {
    let row = queries::find_for(&app.db, sender_of(&user), id).await?;
    let most = i64::try_from(MAX_ROWS).unwrap_or(i64::MAX);
    let people = queries::list_receipts(&app.db, id, ("", row.asks_confirmation), None, most).await?.rows;
    let l = user.look.locale;
    let sheet = Sheet {
        name: t(l, "broadcasts.sheet").to_owned(),
        columns: ["name", "role", "state", "received", "read", "confirmed"]
            .map(|key| Column::new(t(l, &format!("broadcasts.sheet.{key}")), if key == "name" { 36 } else { 20 }))
            .into(),
        rows: people.iter().map(|person| cells(l, person)).collect(),
    };
    let ip = ip.text();
    let bytes = sheet.xlsx().await?;
    let mut tx = app.db.begin().await?;
    let entry = audit::Entry::new(Some(user.id), &ip, "broadcast.export", "broadcast", id.0)
        .after(json!({ "rows": people.len() }));
    audit::record(&mut tx, entry, app.clock.now()).await?;
    tx.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.xlsx\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn cells(l: Locale, row: &ReceiptRow) -> Vec<Cell> {
    let state = match row {
        ReceiptRow { confirmed_at: Some(_), .. } => "confirmed",
        ReceiptRow { seen_number: 1.., .. } => "read",
        ReceiptRow { received_at: Some(_), .. } => "received",
        _ => "unreached",
    };
    vec![
        Cell::text(format!("{} {}", row.person.first_name, row.person.last_name)),
        Cell::text(t(l, &format!("role.{}", row.person.role.code()))),
        Cell::text(t(l, &format!("broadcasts.receipt.{state}"))),
        Cell::at(row.received_at, DEFAULT_ZONE),
        Cell::at(row.seen_at, DEFAULT_ZONE),
        Cell::at(row.confirmed_at, DEFAULT_ZONE),
    ]
}
