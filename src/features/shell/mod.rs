//! The shell around every page: rail, bar, dock, counters. Drawn here, so that no feature needs to know the others.

mod queries;

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{Html, IntoResponse as _, Response},
};
use views::{
    chat::{ConversationRow, Tab},
    layout::{self, PersonView, Presence, ShellView},
};

use super::{
    alarms, broadcasts,
    chat::{self, Dock},
    floor, people,
};
use crate::{
    app::App,
    auth::{Capability, CurrentUser},
    error::AppResult,
    live::Topic,
    web::Page,
};

/// Wraps what a handler answered as a [`Page`].
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let user = request.extensions().get::<CurrentUser>().cloned();
    let mut response = next.run(request).await;
    let (Some(page), Some(user)) = (response.extensions_mut().remove::<Page>(), user) else { return response };
    match draw(&app, &user, &page).await {
        Ok(html) => {
            let headers = [(header::VARY, "HX-Request-Type")];
            let mut drawn = (response.status(), headers, Html(html)).into_response();
            drawn.headers_mut().extend(response.headers().clone());
            drawn
        }
        Err(error) => error.into_response(),
    }
}

/// The newest conversations, for a page that lists none.
async fn dock(app: &App, user: &CurrentUser) -> AppResult<Vec<ConversationRow>> {
    let size = i64::try_from(layout::DOCK_LIST).unwrap_or(i64::MAX);
    let recent = chat::list_for(&app.db, user.id, Tab::All, None, size).await?.rows;
    Ok(chat::rows(user.look.locale, user, &recent, app.live.directory()))
}

async fn draw(app: &App, user: &CurrentUser, page: &Page) -> AppResult<String> {
    let (inside, directory) = (page.inside(), app.live.directory());
    let dock = match inside.carried::<Dock>() {
        Some(Dock(rows)) => rows.clone(),
        None => dock(app, user).await?,
    };
    let around = queries::standing(&app.db, user.id, app.clock.now()).await?;
    let (critical, unreceived) = if around.waits { broadcasts::waiting(app, user).await? } else { Default::default() };
    let ringing = if around.rings { alarms::waiting(app, user).await? } else { Vec::new() };
    let l = user.look.locale;
    let state = floor::state_view(l, around.state.as_ref());
    let presence = if directory.is_online(user.id.0) { state.presence } else { Presence::Offline };
    let shell = ShellView {
        look: user.look,
        me: PersonView { presence, ..people::me_view(user, directory) },
        email: user.email.clone(),
        state,
        campaigns: user.campaigns.iter().map(|c| c.name.clone()).collect(),
        nav: inside.nav,
        can: Capability::ALL.iter().filter(|c| user.can(**c)).map(|c| c.code()).collect(),
        unread_total: around.unread_total,
        dock,
        insecure: !app.config.is_https() && !app.config.bind.ip().is_loopback(),
        seq: inside.seq,
        topics: inside.topics.iter().map(Topic::to_string).collect::<Vec<_>>().join(" "),
        delayed: app.live.is_delayed(),
        query: inside.query.clone(),
        critical,
        unreceived,
        ringing,
    };
    Ok(layout::page(&shell, &inside.title, inside.main.clone()).into_string())
}
