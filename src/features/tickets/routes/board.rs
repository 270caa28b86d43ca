//! Tickets in columns, one a state.

use std::collections::HashMap;

use axum::extract::State;
use views::{layout::Nav, text::t, tickets::board_panel};

use super::super::{
    live,
    model::Status,
    present::People,
    present_board,
    queries::{self, Viewer},
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::AppResult,
    web::Page,
};

/// Tickets of one column; the list shows the rest.
const COLUMN: i64 = 50;

/// The board; it draws itself again when a ticket changes.
pub async fn show(State(app): State<App>, user: CurrentUser, Cursor(seq): Cursor) -> AppResult<Page> {
    let (l, viewer) = (user.look.locale, Viewer::of(&user));
    let columns = queries::list_board(&app.db, viewer, COLUMN).await?;
    let named = columns.iter().flat_map(|(_, page)| page.rows.iter().filter_map(|row| row.assignee_id));
    let people = queries::list_people(&mut &app.db, named.collect()).await?;
    let people = People { rows: people, directory: app.live.directory() };
    let mut totals: HashMap<Status, i64> = HashMap::new();
    for (status, _, sums) in queries::sums_for(&app.db, viewer).await? {
        *totals.entry(status).or_default() += sums.tickets;
    }
    for own in queries::list_own(&app.db, viewer).await? {
        *totals.entry(own.status).or_default() += 1;
    }
    let board = present_board::board(l, viewer, &columns, &totals, &people);
    let page = Page::new(Nav::Tickets, t(l, "tickets.board"), seq, board_panel(l, &board, live::LIST));
    Ok(page.topics(live::list_topics(viewer)))
}
