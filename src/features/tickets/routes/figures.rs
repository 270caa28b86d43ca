//! Figures and charts of tickets.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{OriginalUri, State},
    http::{HeaderMap, Uri},
};
use views::{layout::Nav, text::t, tickets::figures_panel};

use super::super::{
    figures::FigureBook,
    live,
    present::People,
    present_figures,
    queries::{self, Viewer},
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::AppResult,
    web::Page,
};

/// What the person may see of tickets, in figures; the page looks again when one changes.
pub async fn show(
    State(app): State<App>,
    Extension(book): Extension<Arc<FigureBook>>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> AppResult<Page> {
    let (l, viewer) = (user.look.locale, Viewer::of(&user));
    let (seq, figures) = book.read(&app, viewer, seq, is_drawn_again(&headers, &uri)).await?;
    let helpers = figures.backlog.iter().filter_map(|(id, _)| *id).take(present_figures::HELPERS);
    let people = queries::list_people(&mut &app.db, helpers.collect()).await?;
    let people = People { rows: people, directory: app.live.directory() };
    let panel = figures_panel(l, &present_figures::figures(l, &figures, &people), live::LIST);
    let page = Page::new(Nav::Tickets, t(l, "tickets.figures"), seq, panel);
    Ok(page.topics(live::list_topics(viewer)))
}

/// Whether the page that asks is this one: it heard that something changed.
fn is_drawn_again(headers: &HeaderMap, uri: &Uri) -> bool {
    let current =
        headers.get("hx-current-url").and_then(|url| url.to_str().ok()).and_then(|url| url.parse::<Uri>().ok());
    current.is_some_and(|current| current.path() == uri.path())
}
