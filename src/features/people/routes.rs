//! The search for people: whom one may write to.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    layout::Nav,
    paths,
    search::{self, SearchView},
    text::t,
};

use super::{person_view, queries, reach};
use crate::{
    app::{App, Cursor},
    auth::{Capability, CurrentUser},
    error::AppResult,
    web::{Access, Fragment, Kind, Page, Query, Routes},
};

/// People shown at once; more typing narrows them.
const PAGE: i64 = 50;

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new().get(paths::SEARCH, Access::Can(Capability::ChatDirect), search_people)
}

/// What was typed.
#[derive(Debug, Deserialize)]
pub struct SearchQuery {
    #[serde(default)]
    q: String,
}

/// People within reach whose name starts with what was typed.
async fn search_people(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Query(SearchQuery { q }): Query<SearchQuery>,
) -> AppResult<Response> {
    let l = user.look.locale;
    let found = recipients(&app, &user, &q).await?;
    let view = SearchView { query: q.clone(), people: found.0, more: found.1 };
    Ok(match kind {
        Kind::Partial => Fragment(search::results(l, &view)).into_response(),
        _ => Page::new(Nav::Search, t(l, "search.title"), seq, search::panel(l, &view)).query(&q).into_response(),
    })
}

/// People within reach, with their campaigns, and whether there are more.
pub async fn recipients(app: &App, user: &CurrentUser, q: &str) -> AppResult<(Vec<views::chat::Recipient>, bool)> {
    let q: String = q.chars().take(100).collect();
    let reach = reach(user.role, user.is_superuser);
    let found = queries::list_reachable(&app.db, user.id, &reach, &q, PAGE).await?;
    let ids: Vec<_> = found.rows.iter().map(|p| p.id).collect();
    let campaigns = queries::campaigns_of(&app.db, &ids).await?;
    let people = found.rows.iter().map(|p| views::chat::Recipient {
        person: person_view(p, app.live.directory()),
        campaigns: campaigns.get(&p.id).map(|names| names.join(", ")).unwrap_or_default(),
    });
    Ok((people.collect(), found.has_more))
}
