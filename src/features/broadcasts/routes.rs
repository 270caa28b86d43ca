//! Pages of who sends: the list, the roll-call.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::DateTime;
use serde::Deserialize;
use uuid::Uuid;
use views::{
    broadcasts::{self as view, Choice, ListView, RollCallView, TABS},
    layout::Nav,
    paths,
    text::t,
};

use super::{
    answer, compose, export, live,
    present::{self, sender_of},
    queries, remind,
};
use crate::{
    app::{App, Cursor},
    auth::{Capability, CurrentUser},
    error::AppResult,
    features::people::local_time,
    ids::{ConversationId, UserId},
    live::Topic,
    web::{Access, Page, Path, Query, Routes},
};

/// Mass messages of one page.
const PAGE: i64 = 25;
/// People of one page of a roll-call.
const PEOPLE: i64 = 50;

/// Routes of this feature. Recipients confirm and answer; who may send sees the rest.
pub fn routes() -> Routes {
    let (send, read) = (Access::Can(Capability::ChatBroadcast), Access::Can(Capability::ChatDirect));
    Routes::new()
        .get(paths::BROADCASTS, send, list)
        .post(paths::BROADCASTS, send, compose::send)
        .get(paths::BROADCASTS_NEW, send, compose::show)
        .post(paths::BROADCASTS_REVIEW, send, compose::review)
        .post(paths::BROADCASTS_PREVIEW, send, compose::preview)
        .post(paths::BROADCASTS_PEOPLE, send, compose::find_people)
        .get("/broadcasts/{id}", send, show)
        .get("/broadcasts/{id}/export", send, export::export)
        .post("/broadcasts/{id}/remind", send, remind::remind)
        .post("/broadcasts/{id}/cancel", send, remind::cancel)
        .post("/broadcasts/{id}/confirm", read, answer::confirm)
        .post("/broadcasts/{id}/reply", read, answer::reply)
}

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    sender: String,
    /// `MILLISECONDS-UUID` of the last row above.
    #[serde(default)]
    after: String,
}

/// Which part of a roll-call.
#[derive(Debug, Default, Deserialize)]
pub struct RollCallQuery {
    #[serde(default)]
    tab: Option<String>,
    /// `UUID_NAME` of the last person above, the name as it sorts.
    #[serde(default)]
    after: String,
}

/// What was sent or is scheduled: own ones, for administrators everybody's.
async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Query(query): Query<ListQuery>,
) -> AppResult<Page> {
    let (l, viewer, directory) = (user.look.locale, sender_of(&user), app.live.directory());
    let is_scheduled = query.state == "scheduled";
    let sender = query.sender.parse::<UserId>().ok().filter(|_| viewer.reaches_all());
    let found = queries::list_sent(&app.db, viewer, is_scheduled, sender, place_of(&query.after), PAGE).await?;
    let ids: Vec<_> = found.rows.iter().map(|row| row.conversation_id).collect();
    let counts = queries::figures(&app.db, &ids).await?;
    let senders = if viewer.reaches_all() { queries::list_senders(&app.db).await? } else { Vec::new() };
    let last = found.rows.last().filter(|_| found.has_more);
    let view = ListView {
        is_scheduled,
        rows: found
            .rows
            .iter()
            .map(|row| {
                let counts = counts.get(&row.conversation_id).copied().unwrap_or_default();
                present::sent_row(l, row, counts, directory)
            })
            .collect(),
        more: last.map(|row| {
            let state = if is_scheduled { "scheduled" } else { "" };
            let sender = sender.map(|id| id.to_string()).unwrap_or_default();
            let after = format!("{}-{}", row.created_at.timestamp_millis(), row.conversation_id);
            paths::with_query(paths::BROADCASTS, &[("state", state), ("sender", &sender), ("after", &after)])
        }),
        senders: senders
            .into_iter()
            .map(|(id, words)| Choice { value: id.to_string(), words, is_chosen: sender == Some(id) })
            .collect(),
        keys: std::iter::once(live::LIST.to_owned())
            .chain(ids.iter().map(ToString::to_string))
            .collect::<Vec<_>>()
            .join(" "),
    };
    let mut topics: Vec<Topic> = ids.iter().map(|id| Topic::Board(id.0)).collect();
    topics.push(Topic::Tray(live::LIST.to_owned()));
    Ok(Page::new(Nav::Broadcasts, t(l, "broadcasts.title"), seq, view::list_panel(l, &view)).topics(topics))
}

/// `1763800000000-UUID`; anything else is the beginning.
fn place_of(after: &str) -> queries::After {
    let (ms, id) = after.split_once('-')?;
    Some((DateTime::from_timestamp_millis(ms.parse().ok()?)?, id.parse().ok()?))
}

/// The roll-call of one mass message. 404 for who neither sent it nor is an administrator.
async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<ConversationId>,
    Query(query): Query<RollCallQuery>,
) -> AppResult<Page> {
    roll_call(&app, &user, seq, id, (&query, None)).await
}

/// The roll-call with a sentence about what was refused.
pub async fn roll_call_with(
    app: &App,
    user: &CurrentUser,
    id: ConversationId,
    error_key: Option<&'static str>,
) -> AppResult<Response> {
    let seq = app.live.cursor().await?;
    let page = roll_call(app, user, seq, id, (&RollCallQuery::default(), error_key)).await?;
    Ok(page.status(axum::http::StatusCode::TOO_MANY_REQUESTS).into_response())
}

async fn roll_call(
    app: &App,
    user: &CurrentUser,
    seq: i64,
    id: ConversationId,
    (query, error_key): (&RollCallQuery, Option<&'static str>),
) -> AppResult<Page> {
    let (l, directory) = (user.look.locale, app.live.directory());
    let row = queries::find_for(&app.db, sender_of(user), id).await?;
    let tab = query.tab.as_deref().unwrap_or_default();
    let tab = TABS.into_iter().find(|known| *known == tab).unwrap_or_default();
    let counts = queries::figures(&app.db, &[id]).await?.get(&id).copied().unwrap_or_default();
    let of_tab = (tab, row.asks_confirmation);
    let found = queries::list_receipts(&app.db, id, of_tab, person_after(&query.after), PEOPLE).await?;
    let last = found.rows.last().filter(|_| found.has_more);
    let view = RollCallView {
        card: present::sent_card(l, &row, app.clock.now(), directory),
        state: present::state_of(&row).to_owned(),
        at: local_time(l, row.sent_at.unwrap_or(row.due_at)),
        figures: present::figures(&row, counts),
        tab: tab.to_owned(),
        rows: found.rows.iter().map(|row| present::receipt(l, row, directory)).collect(),
        more: last.map(|last| {
            let after = format!("{}_{}", last.person.id, last.name_folded);
            paths::with_query(&paths::broadcast(&id.to_string()), &[("tab", tab), ("after", &after)])
        }),
        reminded: row.reminded_at.map(|at| local_time(l, at)),
        error_key: error_key.map(str::to_owned),
    };
    let page = Page::new(Nav::Broadcasts, t(l, "broadcasts.roll_call"), seq, view::roll_call_panel(l, &view));
    Ok(page.topics(vec![Topic::Board(id.0)]))
}

/// `UUID_NAME`; anything else is the beginning.
fn person_after(after: &str) -> Option<(String, UserId)> {
    let (id, name) = after.split_once('_')?;
    Some((name.to_owned(), UserId(id.parse::<Uuid>().ok()?)))
}
