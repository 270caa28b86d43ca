//! The start page: what waits, one's campaigns, who is there.

use axum::{extract::State, http::header, response::IntoResponse};
use views::{
    chat::{LIST, Tab},
    home::{CampaignCard, HomeView, panel},
    layout::{Nav, me_css},
    paths,
    text::t,
};

use super::{
    chat,
    people::{self, person_view},
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::AppResult,
    web::{Access, Page, Routes},
};

/// Colleagues shown; a larger floor has its own page.
const COLLEAGUES: i64 = 200;

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new().get(paths::HOME, Access::SignedIn, show_home).get(paths::ME_CSS, Access::SignedIn, show_me_css)
}

async fn show_home(State(app): State<App>, user: CurrentUser, Cursor(seq): Cursor) -> AppResult<Page> {
    let (l, directory) = (user.look.locale, app.live.directory());
    let size = i64::try_from(LIST).unwrap_or(i64::MAX);
    let recent = chat::list_for(&app.db, user.id, Tab::All, None, size).await?.rows;
    let colleagues = people::list_colleagues(&app.db, user.id, COLLEAGUES).await?;
    let ids: Vec<_> = user.campaigns.iter().map(|c| c.id).collect();
    let members = people::count_campaign_members(&app.db, &ids).await?;
    let view = HomeView {
        name: user.first_name.clone(),
        conversations: chat::rows(l, &user, &recent, directory),
        campaigns: user
            .campaigns
            .iter()
            .map(|c| CampaignCard {
                name: c.name.clone(),
                module: c.module.code().to_owned(),
                members: members.get(&c.id).copied().unwrap_or(0),
            })
            .collect(),
        keys: ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        colleagues: colleagues.iter().map(|p| person_view(p, directory)).collect(),
    };
    let page = Page::new(Nav::Home, t(l, "home.nav"), seq, panel(l, &view));
    Ok(page.carry(chat::Dock::of(&view.conversations)))
}

/// What is one's own looks so by this sheet alone: pushed fragments are the same for everyone.
async fn show_me_css(user: CurrentUser) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "private, no-cache")],
        me_css(&user.id.to_string()),
    )
}
