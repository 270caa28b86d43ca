//! What an import gives to take away: the template, the report, the links of who was invited.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use uuid::Uuid;
use views::{paths, text::t};

use super::{queries, routes::bad_rows, rows::TEMPLATE};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::{CurrentUser, token},
    error::{AppError, AppResult},
    export::{Cell, Column, Sheet},
    web::{ClientIp, Path},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn file(bytes: Vec<u8>, name: &str) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, XLSX.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

fn sheet(name: &str, titles: &[(&str, u8)], rows: Vec<Vec<Cell>>) -> Sheet {
    let columns = titles.iter().map(|(title, width)| Column::new(title, *width)).collect();
    Sheet { name: name.to_owned(), columns, rows }
}

/// An empty file with the right heads.
pub async fn template() -> AppResult<Response> {
    let sheet = sheet("CREA", &TEMPLATE.map(|title| (title, 20)), Vec::new());
    Ok(file(sheet.xlsx().await?, "crea-usuarios.xlsx"))
}

/// Every bad row with its reasons.
pub async fn download(State(app): State<App>, user: CurrentUser, Path(id): Path<Uuid>) -> AppResult<Response> {
    let l = user.look.locale;
    queries::find_import(&app.db, id).await?;
    let bad = queries::list_rows(&app.db, id, true, 0, i64::MAX).await?;
    let lines = bad.iter().flat_map(|row| bad_rows(l, row)).map(|line| {
        vec![Cell::Int(line.number), Cell::text(line.person), Cell::text(line.field), Cell::text(line.reason)]
    });
    let titles = [
        (t(l, "import.row"), 8),
        (t(l, "people.name"), 40),
        (t(l, "people.conflict.field"), 18),
        (t(l, "import.reason"), 60),
    ];
    Ok(file(sheet(t(l, "import.title"), &titles, lines.collect()).xlsx().await?, "crea-import.xlsx"))
}

/// A link for each person of the import who still waits. Links are kept as digests alone: another list makes new ones,
/// and the former ones end.
pub async fn links(
    State(app): State<App>,
    user: CurrentUser,
    ClientIp(ip): ClientIp,
    Path(id): Path<Uuid>,
) -> AppResult<Response> {
    let (l, now, ip) = (user.look.locale, app.clock.now(), ip.to_string());
    queries::find_import(&app.db, id).await?;
    let mut tx = app.live.begin().await?;
    let people = queries::list_invited(&mut tx, id, user.is_superuser).await?;
    if people.is_empty() {
        return Err(AppError::Conflict(crate::error::TextKey("import.error.nobody_waits")));
    }
    let mut lines = Vec::with_capacity(people.len());
    for (user, first, last, email) in people {
        super::super::queries::set_invited_at(&mut tx, user, Some(now), now).await?;
        let token = token::issue(&mut tx, user, token::Purpose::Invitation, json!({}), now).await?;
        let url = format!("{}{}", app.config.public_url, paths::invitation(&token));
        lines.push(vec![Cell::text(format!("{first} {last}")), Cell::text(email), Cell::text(url)]);
    }
    let entry = Entry::new(Some(user.id), &ip, "people.links", "people_import", id);
    audit::record(&mut tx, entry.after(json!({ "links": lines.len() })), now).await?;
    app.live.commit(tx).await?;
    let titles = [(t(l, "people.name"), 30), (t(l, "people.field.email"), 36), (t(l, "people.link"), 110)];
    Ok(file(sheet(t(l, "import.links"), &titles, lines).xlsx().await?, "crea-links.xlsx"))
}
