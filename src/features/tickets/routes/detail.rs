//! The page of a ticket.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use uuid::Uuid;
use views::{
    layout::Nav,
    paths,
    tickets::{DetailView, detail_panel},
};

use super::{
    super::{
        live,
        present::{self, People},
        queries::{self, TicketRow, Viewer},
    },
    files,
};
use crate::{
    app::{App, Cursor},
    auth::{Capability, CurrentUser, Scope},
    error::AppResult,
    ids::TicketId,
    web::{Kind, Page, Path, Query, redirect},
};

/// Rows of a timeline that a page shows.
const ENTRIES: i64 = 50;

/// Which part of the timeline.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DetailQuery {
    before: String,
}

/// What the page says besides what is stored.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// A comment that was typed and is not stored.
    pub draft: String,
    /// Whether it was to be a note.
    pub draft_is_note: bool,
    /// What is wrong with it.
    pub draft_error: Option<&'static str>,
    /// The state that was asked for, and what was typed with it.
    pub typed: Option<(String, String)>,
    /// What is wrong with a form beside it.
    pub errors: Vec<(String, String)>,
    /// What somebody else changed meanwhile: label, theirs, mine.
    pub conflict: Vec<(String, String, String)>,
    /// 422, 409, or 200.
    pub status: StatusCode,
}

impl Said {
    /// One field of a form is wrong: 422.
    pub fn wrong(field: &str, key: &str) -> Self {
        let errors = vec![(field.to_owned(), key.to_owned())];
        Self { errors, status: StatusCode::UNPROCESSABLE_ENTITY, ..Self::default() }
    }
}

/// The page. 404 for who may not read it.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<TicketId>,
    Query(query): Query<DetailQuery>,
) -> AppResult<Page> {
    page(&app, &user, seq, id, query.before.parse().ok(), Said::default()).await
}

/// The same with what was refused; what is shown is read after the refusal.
pub async fn refused(app: &App, user: &CurrentUser, id: TicketId, said: Said) -> AppResult<Page> {
    let seq = app.live.cursor().await?;
    page(app, user, seq, id, None, said).await
}

async fn page(
    app: &App,
    user: &CurrentUser,
    seq: i64,
    id: TicketId,
    before: Option<i64>,
    said: Said,
) -> AppResult<Page> {
    let (l, viewer) = (user.look.locale, Viewer::of(user));
    let row = queries::find_for(&app.db, viewer, id).await?;
    let can = row.can(viewer);
    let mut entries = queries::list_entries(&mut &app.db, id, can.note, before, ENTRIES + 1).await?;
    let has_more = entries.len() > usize::try_from(ENTRIES).unwrap_or(0);
    if has_more {
        entries.remove(0);
    }
    let followers = queries::followers(&mut &app.db, id).await?;
    let authors = entries.iter().filter_map(|entry| entry.author_id);
    let people = names(app, &row, authors.chain(followers.iter().copied())).await?;
    let candidates = if can.assign || can.hand_over {
        queries::list_candidates(&app.db, row.application).await?
    } else {
        Vec::new()
    };
    let macros = if can.note { queries::list_macros_for(&app.db, row.application).await? } else { Vec::new() };
    let mut actions = present::actions(l, &row, viewer, &candidates);
    let links = queries::list_links(&app.db, viewer, id).await?;
    actions.links = links.into_iter().map(|link| present::link(&row, link)).collect();
    actions.follows = (viewer.id != row.requester_id).then(|| followers.contains(&viewer.id));
    (actions.typed, actions.errors, actions.conflict) = (said.typed, said.errors, said.conflict);
    let view = DetailView {
        ticket: present::ticket(l, &row, &people, &followers),
        before: entries.first().map(|entry| entry.number).filter(|_| has_more),
        entries: entries.iter().map(|entry| present::entry(l, entry, &people)).collect(),
        is_past: before.is_some(),
        actions,
        can_note: can.note,
        macros: macros.into_iter().map(|row| (row.id.to_string(), row.name)).collect(),
        can_keep_macros: user.scope(Capability::ManageTickets) > Scope::None,
        draft: said.draft,
        draft_is_note: said.draft_is_note,
        draft_error: said.draft_error.map(str::to_owned),
        upload: files::upload_view(l, id, &files::waiting(user.id, id).list(&app.db).await?),
        next_entry: Uuid::now_v7().to_string(),
    };
    let title = format!("#{} {}", row.number, row.title);
    let topics = live::topics(id, can.note);
    Ok(Page::new(Nav::Tickets, &title, seq, detail_panel(l, &view)).topics(topics).status(said.status))
}

async fn names<'a>(
    app: &'a App,
    row: &TicketRow,
    others: impl Iterator<Item = crate::ids::UserId>,
) -> AppResult<People<'a>> {
    let named = [Some(row.requester_id), row.assignee_id].into_iter().flatten();
    let rows = queries::list_people(&mut &app.db, named.chain(others).collect()).await?;
    Ok(People { rows, directory: app.live.directory() })
}

/// Leads from what people say to the ticket. 404 for who may not read it.
pub async fn by_number(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(number): Path<i64>,
) -> AppResult<Response> {
    let id = queries::number_of(&app.db, Viewer::of(&user), number).await?;
    Ok(redirect(kind, &paths::ticket(&id.to_string())))
}
