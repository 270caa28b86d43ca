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
    ui::{Address, PAGE_SIZES, PagerView, list_region},
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
    web::{Fragment, Kind, Page, Query},
};

/// Rows of a page unless chosen otherwise (domain: README, section 6).
const PAGE: i64 = 15;
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

    fn size(&self) -> i64 {
        self.size.parse().ok().filter(|size| PAGE_SIZES.contains(size)).unwrap_or(PAGE)
    }

    fn page(&self) -> i64 {
        self.page.parse().ok().filter(|page| (1..100_000).contains(page)).unwrap_or(1)
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
    let (filter, page, size) = (query.filter(), query.page(), query.size());
    let total = queries::count(&app.db, &filter).await?;
    let rows = queries::list(&app.db, &filter, (page - 1) * size, size).await?;
    let campaigns = campaigns::choices(&app.db).await?;
    let address = query.address(paths::EMPLOYEES);
    let address = address.with("size", &if size == PAGE { String::new() } else { size.to_string() });
    let pager = PagerView::counted(&address, page, size, total);
    let view = present::list_view(l, address, &filter, campaigns, &rows, pager);
    Ok(match kind {
        Kind::Partial => Fragment(list_region(l, &view)).into_response(),
        _ => Page::new(Nav::People, t(l, "employees.title"), seq, view::list_panel(l, &view)).into_response(),
    })
}
