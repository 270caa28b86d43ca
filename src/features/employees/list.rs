//! The list of employees.

use axum::{
    extract::State as Extract,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    employees as view,
    layout::Nav,
    paths,
    text::t,
    ui::{Address, PagerView, list_answer},
};

use super::{
    model::State,
    present,
    queries::{self, EmployeeFilter},
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::AppResult,
    features::campaigns,
    paging::Numbered,
    web::{Fragment, Kind, Page, Query},
};

/// Characters of a search that are looked at.
const MAX_CHARS: usize = 100;

/// What an address asks for. What it misspells counts as not asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    q: String,
    state: String,
    campaign: String,
    size: String,
    page: String,
}

impl ListQuery {
    /// The filter of the statement.
    pub fn filter(&self) -> EmployeeFilter {
        EmployeeFilter {
            text: self.q.trim().chars().take(MAX_CHARS).collect(),
            state: State::from_code(&self.state),
            campaign: self.campaign.parse().ok(),
        }
    }

    /// An address with the filters that are set, spelled right.
    pub fn address(&self, path: &str) -> Address {
        let filter = self.filter();
        Address::new(path)
            .with("q", &filter.text)
            .with("state", filter.state.map_or("", State::code))
            .with("campaign", &filter.campaign.map(|id| id.to_string()).unwrap_or_default())
    }

    fn numbered(&self) -> Numbered {
        Numbered::read(&self.page, &self.size)
    }
}

/// Employees by name; to a changed filter, the rows alone.
pub async fn show_list(
    Extract(app): Extract<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Query(query): Query<ListQuery>,
) -> AppResult<Response> {
    let l = user.look.locale;
    let (filter, asked) = (query.filter(), query.numbered());
    let total = queries::count(&app.db, &filter).await?;
    let rows = queries::list(&app.db, &filter, asked.offset(), asked.size).await?;
    let campaigns = campaigns::choices(&app.db).await?;
    let address = query.address(paths::EMPLOYEES).with("size", &asked.size_word());
    let pager = PagerView::counted(&address, asked.page, asked.size, total);
    let view = present::list_view(l, address, &filter, campaigns, &rows, pager);
    Ok(match kind {
        Kind::Partial => Fragment(list_answer(l, &view)).into_response(),
        _ => Page::new(Nav::People, t(l, "employees.title"), seq, view::list_panel(l, &view)).into_response(),
    })
}
