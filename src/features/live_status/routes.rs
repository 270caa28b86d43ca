//! The page.

use axum::extract::State;
use views::{layout::Nav, live_status::panel, paths, text::t};

use super::{
    FEED,
    present::{Second, view},
};
use crate::{
    app::{App, Cursor},
    auth::{Capability, CurrentUser},
    error::AppResult,
    live::Topic,
    web::{Access, Page, Routes},
};

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new().get(paths::LIVE_STATUS, Access::Can(Capability::ViewLiveStatus), show_status)
}

/// This instance as it is now; what moves comes with the feed.
async fn show_status(State(app): State<App>, user: CurrentUser, Cursor(seq): Cursor) -> AppResult<Page> {
    let l = user.look.locale;
    let own = view(l, &app.live, &app.live.health().await?, &Second::begin(&app.live));
    let page = Page::new(Nav::People, t(l, "live_status.title"), seq, panel(l, &own));
    Ok(page.topics(vec![Topic::Tray(FEED.to_owned())]))
}
