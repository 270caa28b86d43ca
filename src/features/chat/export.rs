//! Conversations for an investigation (domain: chat, section 3.5): an administrator finds them by their people, without
//! reading them, and exports one whole, with a reason that stays in the audit log.

use std::collections::HashMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use views::{
    chat::{self, ExportPage, FoundConversation, Kind as ConversationKind, REASON_CHARS},
    layout::Nav,
    text::{Locale, t},
};

use super::queries::{self, ExportRow, KnownRow};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::CurrentUser,
    error::{AppError, AppResult, TextKey},
    export::{Cell, Column, MAX_ROWS, Sheet},
    features::people::{DEFAULT_ZONE, local_time},
    fold::fold,
    ids::ConversationId,
    pace::{self, Pace},
    web::{ClientIp, Download, Form, Page, Path, Query},
};

/// Conversations found at once; more typing narrows them.
const PAGE: i64 = 50;
/// People of a conversation that are named.
const FEW: i64 = 4;
/// Exports of one person in an hour: an investigation needs a few, a leak needs all.
const RATE: i64 = 10;
/// Messages of one file, the last ones; the rest of its rows is for what they said before.
const MOST: usize = MAX_ROWS / 2;

/// Names that were typed.
#[derive(Debug, Default, Deserialize)]
pub struct FindQuery {
    #[serde(default)]
    q: String,
}

/// Why a conversation is exported.
#[derive(Debug, Default, Deserialize)]
pub struct ReasonForm {
    #[serde(default)]
    reason: String,
}

/// Conversations by their people; metadata alone.
pub async fn find_conversations(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Query(FindQuery { q }): Query<FindQuery>,
) -> AppResult<Page> {
    let query: String = q.chars().take(100).collect();
    let words: Vec<String> = fold(&query).split(' ').filter(|w| !w.is_empty()).take(4).map(str::to_owned).collect();
    let view = if words.is_empty() { ExportPage::default() } else { found(&app, &user, &words, None).await? };
    Ok(page(&user, seq, &ExportPage { query, ..view }))
}

/// The whole conversation as a spreadsheet. 404 for none, 422 without a reason, 429 above ten an hour.
pub async fn export_conversation(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    ClientIp(ip): ClientIp,
    Path(id): Path<ConversationId>,
    Form(form): Form<ReasonForm>,
) -> AppResult<Response> {
    let (now, l) = (app.clock.now(), user.look.locale);
    let mut tx = app.db.begin().await?;
    let messages = queries::count_messages(&mut tx, id).await?;
    let reason = form.reason.trim();
    if !(REASON_CHARS.0..=REASON_CHARS.1).contains(&reason.chars().count()) {
        drop(tx);
        let view = found(&app, &user, &[], Some(id)).await?;
        let refused = Some((id.to_string(), form.reason.clone(), "investigation.error.reason"));
        let page = page(&user, seq, &ExportPage { refused, ..view });
        return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    }
    pace::turn(&mut tx, user.id, Pace::Export, now).await?;
    if queries::count_exports_in(&mut tx, user.id, now - Duration::hours(1), now).await? >= RATE {
        return Err(AppError::TooMany { retry_after_s: 3_600, text: TextKey("investigation.error.rate") });
    }
    // Written before the file is made: nothing leaves without its row.
    let what = json!({ "reason": reason, "messages": messages });
    let ip = ip.to_string();
    let entry = Entry::new(Some(user.id), &ip, "conversation.export", "conversation", id.0).after(what);
    audit::record(&mut tx, entry, now).await?;
    tx.commit().await?;
    let rows = queries::list_whole(&app.db, id, i64::try_from(MOST).unwrap_or(i64::MAX)).await?;
    let former = queries::list_former(&app.db, id).await?;
    let bytes = sheet(l, &rows, former).xlsx().await?;
    let stem = format!("{} {id}", t(l, "investigation.sheet"));
    Ok(Download::xlsx(&stem, bytes).into_response())
}

fn page(user: &CurrentUser, seq: i64, view: &ExportPage) -> Page {
    let l = user.look.locale;
    Page::new(Nav::People, t(l, "investigation.title"), seq, chat::export_panel(l, view))
}

async fn found(app: &App, user: &CurrentUser, words: &[String], only: Option<ConversationId>) -> AppResult<ExportPage> {
    let known = queries::find_known(&app.db, words, only, PAGE).await?;
    let ids: Vec<_> = known.rows.iter().map(|row| row.id).collect();
    let mut people: HashMap<ConversationId, (Vec<String>, i64)> = HashMap::new();
    for (id, name, total) in queries::list_people_of(&app.db, &ids, FEW).await? {
        let entry = people.entry(id).or_insert((Vec::new(), total));
        entry.0.push(name);
    }
    let l = user.look.locale;
    let view = |row: &KnownRow| {
        let (names, total) = people.get(&row.id).cloned().unwrap_or_default();
        FoundConversation {
            id: row.id.to_string(),
            kind: ConversationKind::from_code(&row.kind).unwrap_or_default(),
            title: row.title.clone(),
            more_people: total - i64::try_from(names.len()).unwrap_or(0),
            people: names,
            messages: row.messages,
            span: row.first_at.zip(row.last_at).map(|(first, last)| (local_time(l, first), local_time(l, last))),
        }
    };
    Ok(ExportPage { found: known.rows.iter().map(view).collect(), more: known.has_more, ..ExportPage::default() })
}

/// One row a version: what a message said before stands above what it says now.
fn sheet(l: Locale, rows: &[ExportRow], former: Vec<(Uuid, String, DateTime<Utc>)>) -> Sheet {
    let mut before: HashMap<Uuid, Vec<(String, DateTime<Utc>)>> = HashMap::new();
    for (message, body, until) in former {
        before.entry(message).or_default().push((body, until));
    }
    let columns = [
        ("investigation.number", 10),
        ("investigation.at_utc", 22),
        ("investigation.at_local", 22),
        ("investigation.author", 28),
        ("investigation.email", 28),
        ("investigation.state", 18),
        ("investigation.body", 80),
    ];
    let mut cells = Vec::new();
    for row in rows {
        for (body, _) in before.remove(&row.id).unwrap_or_default() {
            cells.push(line(row, t(l, "investigation.state.former"), body));
        }
        let state = match row {
            ExportRow { deleted_at: Some(_), .. } => "investigation.state.deleted",
            ExportRow { notice: Some(_), .. } => "investigation.state.notice",
            ExportRow { edited_at: Some(_), .. } => "investigation.state.edited",
            _ => "investigation.state.current",
        };
        let body = row.notice.as_ref().map_or_else(|| row.body.clone(), |notice| format!("{notice}: {}", row.body));
        cells.push(line(row, t(l, state), body));
    }
    cells.truncate(MAX_ROWS);
    Sheet {
        name: t(l, "investigation.sheet").to_owned(),
        columns: columns.map(|(key, width)| Column::new(t(l, key), width)).into(),
        rows: cells,
    }
}

fn line(row: &ExportRow, state: &str, body: String) -> Vec<Cell> {
    vec![
        Cell::Int(row.number),
        Cell::At(row.created_at, chrono_tz::UTC),
        Cell::At(row.created_at, DEFAULT_ZONE),
        Cell::text(row.author.as_str()),
        Cell::text(row.email.as_str()),
        Cell::text(state),
        Cell::text(body),
    ]
}
