//! The list of accounts.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    layout::Nav,
    paths,
    people::{self as view, AccountState, PeopleView},
    text::{Locale, t},
    ui::{Address, FilterView, Order, PagerView},
};

use super::{locks::Locks, model::Sort, present, queries};
use crate::{
    app::{App, Cursor},
    auth::{CurrentUser, Role},
    error::AppResult,
    features::people,
    ids::CampaignId,
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
    role: String,
    campaign: String,
    state: String,
    sort: String,
    size: String,
    page: String,
}

impl ListQuery {
    /// The address of the list with what is set, spelled right.
    fn address(&self) -> Address {
        let q: String = self.q.trim().chars().take(MAX_CHARS).collect();
        Address::new(paths::PEOPLE)
            .with("q", &q)
            .with("role", Role::from_code(&self.role).map_or("", Role::code))
            .with("campaign", &self.campaign().map(|c| c.to_string()).unwrap_or_default())
            .with("state", self.state().map_or("", AccountState::code))
            .with("sort", if self.sort == "name" { "" } else { &self.sort })
            .with("size", &self.numbered().size_word())
    }

    fn campaign(&self) -> Option<CampaignId> {
        self.campaign.parse().ok()
    }

    fn state(&self) -> Option<AccountState> {
        AccountState::from_code(&self.state)
    }

    fn numbered(&self) -> Numbered {
        Numbered::read(&self.page, &self.size)
    }

    /// The filter of the statement. Who is locked is not in the table: it is found out before.
    async fn filter(&self, app: &App, locks: &Locks<'_>) -> AppResult<queries::Filter> {
        let state = self.state();
        let among = if state == Some(AccountState::Locked) { Some(locks.users(app).await?) } else { None };
        Ok(queries::Filter {
            query: self.q.chars().take(MAX_CHARS).collect(),
            role: Role::from_code(&self.role),
            campaign: self.campaign(),
            is_active: state.map(|s| matches!(s, AccountState::Active | AccountState::Locked)),
            is_invited: match state {
                Some(AccountState::Invited) => Some(true),
                Some(AccountState::Inactive) => Some(false),
                _ => None,
            },
            among,
            sort: Sort::from_code(&self.sort),
        })
    }
}

/// The list; to a changed filter, its rows alone.
pub async fn list_users(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Query(query): Query<ListQuery>,
) -> AppResult<Response> {
    let l = user.look.locale;
    let view = people_view(&app, l, &query).await?;
    Ok(match kind {
        Kind::Partial => Fragment(view::region(l, &view)).into_response(),
        _ => Page::new(Nav::People, t(l, "people.title"), seq, view::panel(l, &view)).into_response(),
    })
}

async fn people_view(app: &App, l: Locale, query: &ListQuery) -> AppResult<PeopleView> {
    let locks = Locks::read(app).await?;
    let filter = query.filter(app, &locks).await?;
    let total = queries::count_users(&app.db, &filter).await?;
    let asked = query.numbered();
    let rows = queries::list_users(&app.db, &filter, asked.offset(), asked.size).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.person.id).collect();
    let campaigns = people::campaigns_of(&app.db, &ids).await?;
    let choices = queries::list_active_campaigns(&app.db).await?;
    let address = query.address();
    let rows = rows.iter().map(|row| {
        let names = campaigns.get(&row.person.id).map_or(&[][..], Vec::as_slice);
        let is_locked = locks.hold(&row.email, row.document.as_deref());
        present::row_view(l, row, names, is_locked, app.live.directory(), app.clock.now())
    });
    Ok(PeopleView {
        filters: filters(l, query, choices),
        sort: match filter.sort {
            Sort::Name => ("name", Order::Ascending),
            Sort::NameDown => ("name", Order::Descending),
            Sort::Seen => ("seen", Order::Ascending),
            Sort::SeenDown => ("seen", Order::Descending),
        },
        total,
        rows: rows.collect(),
        pager: PagerView::counted(&address, asked.page, asked.size, total),
        address,
    })
}

fn filters(l: Locale, query: &ListQuery, campaigns: Vec<(CampaignId, String)>) -> Vec<FilterView> {
    let roles = Role::ALL.map(|r| (r.code().to_owned(), t(l, &format!("role.{}", r.code())).to_owned()));
    let states = AccountState::ALL.map(|s| (s.code().to_owned(), s.word(l).to_owned()));
    let campaigns = campaigns.into_iter().map(|(id, name)| (id.to_string(), name));
    let search: String = query.q.trim().chars().take(MAX_CHARS).collect();
    vec![
        FilterView::search("q", "people.search", &search),
        FilterView::choice("role", "people.role", roles, &query.role),
        FilterView::choice("campaign", "people.campaigns", campaigns.collect::<Vec<_>>(), &query.campaign),
        FilterView::choice("state", "people.state", states, &query.state),
    ]
}
