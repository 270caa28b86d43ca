//! Closing a ticket as a duplicate of another one, in which it goes on. Whoever read the duplicate reads the other one from
//! then on; nothing that was said moves. Opening it again undoes it, but for who follows.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    paths,
    text::{Locale, fill, t},
};

use super::{
    super::{
        hours::Hours,
        live,
        model::Status,
        queries::{self, NewEntry, TicketRow, Viewer},
    },
    detail::{Said, refused},
    links::number_of,
    turn::Turn,
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::{TicketId, UserId},
    web::{Form, Kind, Path, redirect},
};

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MergeForm {
    into: String,
    version: i64,
}

/// Closes it. 403 for who is no staff of it; 422 for what it cannot be a duplicate of; 409 when it has changed meanwhile.
pub async fn merge(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<MergeForm>,
) -> AppResult<Response> {
    match store(&app, &user, id, &form).await? {
        None => Ok(redirect(kind, &paths::ticket(&id.to_string()))),
        Some(said) => Ok(refused(&app, &user, id, said).await?.into_response()),
    }
}

async fn store(app: &App, user: &CurrentUser, id: TicketId, form: &MergeForm) -> AppResult<Option<Said>> {
    let (l, viewer) = (user.look.locale, Viewer::of(user));
    let mut tx = app.live.begin().await?;
    let duplicate = queries::find_for_read(&mut tx, viewer, id).await?;
    if !duplicate.can(viewer).merge {
        return Err(AppError::Forbidden);
    }
    let into = match number_of(&form.into) {
        Some(number) => queries::find_numbered(&mut tx, viewer, number).await?,
        None => None,
    };
    let Some(into) = into.filter(|into| *into != id) else {
        return Ok(Some(Said::wrong("into", "tickets.links.unknown")));
    };
    queries::lock_both(&mut tx, id, into).await?;
    let duplicate = queries::find_for_read(&mut tx, viewer, id).await?;
    if duplicate.version != form.version || !duplicate.can(viewer).merge {
        return Ok(Some(conflict(l, &duplicate)));
    }
    let mut survivor = Turn::within(app, tx, viewer, into).await?;
    if let Some(key) = refusal(&duplicate, &survivor.row) {
        return Ok(Some(Said::wrong("into", key)));
    }
    if !queries::can_link(&mut survivor.tx, [into, id]).await? {
        return Ok(Some(Said::wrong("into", "tickets.links.crowded")));
    }
    let readers = readers(&mut survivor, &duplicate).await?;
    if !survivor.bring_all(&readers).await? {
        return Ok(Some(Said::wrong("into", "tickets.merge.crowded")));
    }
    survivor.tell(NewEntry::change(Some(viewer.id), "duplicate", "", "")).await?;
    for reader in readers.into_iter().filter(|reader| *reader != viewer.id) {
        live::notify(&mut survivor.tx, reader, &survivor.row, "tickets.notice.merged", views::live::Tone::Info);
    }
    let number = survivor.row.number;
    let tx = survivor.end().await?;
    close(Turn::within(app, tx, viewer, id).await?, into, &words(app, l, number)).await?;
    Ok(None)
}

/// Why it cannot go on there: both belong to the same staff, and the other one is open and goes on itself.
fn refusal(duplicate: &TicketRow, into: &TicketRow) -> Option<&'static str> {
    match into {
        into if into.campaign_id != duplicate.campaign_id => Some("tickets.merge.elsewhere"),
        into if into.status == Status::Closed => Some("tickets.merge.closed"),
        _ => None,
    }
}

/// Who reads the duplicate without being its staff.
async fn readers(survivor: &mut Turn<'_>, duplicate: &TicketRow) -> AppResult<Vec<UserId>> {
    let mut readers = queries::followers(&mut *survivor.tx, duplicate.id).await?;
    readers.extend([Some(duplicate.requester_id), duplicate.assignee_id].into_iter().flatten());
    readers.sort_unstable();
    readers.dedup();
    Ok(readers)
}

async fn close(mut turn: Turn<'_>, into: TicketId, words: &str) -> AppResult<()> {
    let (id, from) = (turn.row.id, turn.row.status);
    queries::unlink(&mut turn.tx, id, into).await?;
    queries::link(&mut turn.tx, id, into, "duplicate", turn.now).await?;
    queries::set_merged(&mut turn.tx, id, Some(into)).await?;
    let hours = Hours::of(&mut turn.tx, turn.row.campaign_id).await?;
    let clock = turn.row.clock().moved(Status::Closed, turn.now, &hours);
    queries::move_to(&mut turn.tx, id, Status::Closed, clock, None, turn.now).await?;
    turn.answer().await?;
    turn.tell(NewEntry::said(turn.viewer.id, false, words)).await?;
    turn.tell(NewEntry::change(Some(turn.viewer.id), "status", from.code(), Status::Closed.code())).await?;
    turn.finish().await
}

/// What is said in the duplicate: all who read it read the other one, too.
fn words(app: &App, l: Locale, number: i64) -> String {
    let link = format!("{}{}", app.config.public_url, paths::ticket_number(number));
    fill(l, "tickets.merge.comment", &[("number", &number.to_string()), ("link", &link)])
}

fn conflict(l: Locale, row: &TicketRow) -> Said {
    let word = |status: Status| t(l, &format!("tickets.status.{}", status.code())).to_owned();
    let difference = (t(l, "tickets.column.status").to_owned(), word(row.status), word(Status::Closed));
    Said { conflict: vec![difference], status: StatusCode::CONFLICT, ..Said::default() }
}
