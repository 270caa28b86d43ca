//! Reading: how far a person got, and which messages they see.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    chat::{self, Stretch},
    live::changed,
    paths,
};

use super::{live, present, queries, record, seen};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::ConversationId,
    live::Topic,
    web::{Form, Fragment, Kind, Path, Query, redirect},
};

/// Messages of one page upward (domain: chat, section 3.4).
pub const PAGE: i64 = 50;
/// Messages before and after one that is shown in its place.
const AROUND: i64 = 25;

/// How far somebody read.
#[derive(Debug, Deserialize)]
pub struct ReadForm {
    number: i64,
}

/// Which further messages are wanted.
#[derive(Debug, Deserialize)]
pub struct MoreQuery {
    before: Option<i64>,
    after: Option<i64>,
    /// `1` for a list that is not at the end of the conversation.
    #[serde(default)]
    up: String,
}

/// Where a conversation is opened; at its end when nothing is said.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Place {
    /// Before this number: the page for browsers without scripts.
    before: Option<i64>,
    /// Around this number, to look at it.
    at: Option<i64>,
    /// Around this number, to read on.
    from: Option<i64>,
}

/// Moves the person's read pointer; never back, never past the last message. The counters of all their tabs follow.
pub async fn mark_read(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    Form(form): Form<ReadForm>,
) -> AppResult<Response> {
    let mut tx = app.live.begin().await?;
    if !queries::lock(&mut tx, user.id, id).await? {
        return Err(AppError::NotFound);
    }
    if let Some(remaining) = queries::read_up_to(&mut tx, user.id, id, form.number, app.clock.now()).await? {
        live::read(&mut tx, user.id, id, remaining);
        seen::moved(&mut tx, user.id, id, form.number).await?;
        // Who sent a mass message sees how far it got; of other conversations nobody hears this.
        tx.append(Topic::Board(id.0), |_| changed(&id.to_string()));
        app.live.commit(tx).await?;
    }
    if kind.is_htmx() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(redirect(kind, &paths::conversation(&id.to_string())))
}

/// The messages at a place of a conversation; `last_number` is that of its end.
///
/// Numbers have no gaps (only retention takes away the first ones), so the messages around one are the last before a
/// later number. Within the last page the end is shown: there the conversation is live.
pub async fn stretch(
    app: &App,
    user: &CurrentUser,
    id: ConversationId,
    last_number: i64,
    place: Place,
) -> AppResult<Stretch> {
    let around = place.at.or(place.from);
    let (before, size) = match (place.before, around) {
        (Some(before), _) if before <= last_number => (Some(before), PAGE),
        (_, Some(at)) if at <= last_number - PAGE => (Some(at.max(1) + AROUND + 1), 2 * AROUND + 1),
        _ => (None, PAGE),
    };
    let found = queries::list_messages(&app.db, user.id, id, before, size).await?;
    let l = user.look.locale;
    let last = found.rows.last().map_or(0, |row| row.number);
    Ok(Stretch {
        messages: found.rows.iter().map(|row| present::message(l, row, app.live.directory())).collect(),
        older_before: found.rows.first().filter(|_| found.has_more).map(|row| row.number),
        newer_after: (before.is_some() && last < last_number).then_some(last),
        is_far: last_number - last > PAGE,
        at: place.at,
        from: place.from,
    })
}

/// The messages before or after a number. Without htmx the whole conversation page answers, from there.
pub async fn list_more(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    Query(query): Query<MoreQuery>,
) -> AppResult<Response> {
    let open = record::find_open(&mut &app.db, user.id, id).await?;
    let conversation = id.to_string();
    if kind != Kind::Partial {
        let url = match (query.before, query.after) {
            (Some(before), _) => format!("{}?before={before}", paths::conversation(&conversation)),
            (None, Some(after)) => paths::conversation_from(&conversation, after),
            (None, None) => paths::conversation(&conversation),
        };
        return Ok(redirect(kind, &url));
    }
    let l = user.look.locale;
    let draw = |rows: &[queries::MessageRow]| -> Vec<_> {
        rows.iter().map(|row| present::message(l, row, app.live.directory())).collect()
    };
    if let (None, Some(after)) = (query.before, query.after) {
        let found = queries::list_messages(&app.db, user.id, id, Some(after.saturating_add(PAGE + 1)), PAGE).await?;
        let rows: Vec<_> = found.rows.into_iter().filter(|row| row.number > after).collect();
        let last = rows.last().map_or(after, |row| row.number);
        let is_far = open.last_number - last > PAGE;
        return Ok(Fragment(chat::newer(l, &conversation, &draw(&rows), last, is_far)).into_response());
    }
    let page = queries::list_messages(&app.db, user.id, id, query.before, PAGE).await?;
    let before = page.rows.first().filter(|_| page.has_more).map(|row| row.number);
    Ok(Fragment(chat::older(l, &conversation, &draw(&page.rows), before, query.up != "1")).into_response())
}
