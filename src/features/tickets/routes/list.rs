//! The list of tickets: tabs, filters in the address, read on by key.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Days, NaiveDate};
use serde::Deserialize;
use uuid::Uuid;
use views::{
    layout::Nav,
    paths,
    text::{Locale, t},
    tickets::{columns, list_panel, table_row},
    ui::{Address, Column, FilterKind, FilterView, ListView, Order, PagerView, empty, list_region},
};

use super::super::{
    live,
    model::{Application, Kind, Priority, Status},
    present::{self, People},
    queries::{self, Filter, Place, Sort, Tab, TicketRow, Viewer},
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::AppResult,
    features::people::local_midnight,
    live::Topic,
    web::{Fragment, Kind as Answer, Page, Query},
};

/// Tickets of one page unless chosen otherwise.
const PAGE: i64 = 50;

/// What an address asks for. What it misspells counts as not asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    filtro: String,
    application: String,
    kind: String,
    status: String,
    priority: String,
    assignee: String,
    requester: String,
    since: String,
    until: String,
    sort: String,
    /// `URGENCY-MILLISECONDS-UUID` of the last row above.
    after: String,
}

impl ListQuery {
    /// The filter of the statement.
    pub fn filter(&self) -> Filter {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        Filter {
            tab: Tab::from_code(&self.filtro),
            application: Application::from_code(&self.application),
            kind: Kind::from_code(&self.kind),
            statuses: Status::from_code(&self.status).into_iter().collect(),
            priorities: Priority::from_code(&self.priority).into_iter().collect(),
            requester: self.requester.parse().ok(),
            assignee: self.assignee.parse().ok(),
            since: day(&self.since).and_then(local_midnight),
            until: day(&self.until).and_then(|day| day.checked_add_days(Days::new(1))).and_then(local_midnight),
            sort: if self.sort == "priority" { Sort::Priority } else { Sort::Updated },
        }
    }

    fn after(&self) -> Option<Place> {
        let (urgency, rest) = self.after.split_once('-')?;
        let (ms, id) = rest.split_once('-')?;
        Some((urgency.parse().ok()?, DateTime::from_timestamp_millis(ms.parse().ok()?)?, id.parse::<Uuid>().ok()?))
    }

    /// The address with the filters that are set, spelled right.
    pub fn address(&self, filter: &Filter) -> Address {
        let tab = if filter.tab == Tab::default() { "" } else { filter.tab.code() };
        let day = |text: &str| if text.parse::<NaiveDate>().is_ok() { text.to_owned() } else { String::new() };
        let person = |id: Option<crate::ids::UserId>| id.map(|id| id.to_string()).unwrap_or_default();
        Address::new(paths::TICKETS)
            .with("filtro", tab)
            .with("application", filter.application.map_or("", Application::code))
            .with("kind", filter.kind.map_or("", Kind::code))
            .with("status", filter.statuses.first().map_or("", |status| status.code()))
            .with("priority", filter.priorities.first().map_or("", |priority| priority.code()))
            .with("assignee", &person(filter.assignee))
            .with("requester", &person(filter.requester))
            .with("since", &day(&self.since))
            .with("until", &day(&self.until))
            .with("sort", if filter.sort == Sort::Priority { "priority" } else { "" })
    }
}

/// What the person may read of them; to a changed filter, the rows alone.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Answer,
    Query(query): Query<ListQuery>,
) -> AppResult<Response> {
    let (l, viewer, filter) = (user.look.locale, Viewer::of(&user), query.filter());
    let found = queries::list_for(&app.db, viewer, &filter, query.after(), PAGE).await?;
    let named = found.rows.iter().flat_map(|row| [Some(row.requester_id), row.assignee_id]).flatten();
    let people = queries::list_people(&mut &app.db, named.collect()).await?;
    let people = People { rows: people, directory: app.live.directory() };
    let total = queries::numbered_for(&app.db, viewer, &filter).await?;
    let address = query.address(&filter);
    let last = found.rows.last().filter(|_| found.has_more);
    let next = last.map(|row| address.with("after", &place_of(row)));
    let first = query.after().map(|_| address.clone());
    let view = ListView {
        title_key: "tickets.title",
        total: (total <= queries::COUNTED).then_some(total),
        filters: filters(l, &query, &filter),
        columns: heads(&address, filter.sort),
        rows: found.rows.iter().map(|row| table_row(l, &present::row(l, row, &people))).collect(),
        pager: PagerView::keyset(first, next),
        empty: empty("ticket", t(l, none_key(&address)), Some((paths::TICKET_NEW, t(l, "tickets.new")))),
        address,
    };
    if kind == Answer::Partial {
        return Ok(Fragment(list_region(l, &view)).into_response());
    }
    let counts = queries::count_by_tab(&app.db, viewer).await?;
    let tabs: Vec<_> = Tab::ALL.into_iter().zip(counts).map(|(tab, count)| tab_view(filter.tab, tab, count)).collect();
    let topics = if viewer.is_staff_of_all() { vec![Topic::Tray(live::LIST.to_owned())] } else { Vec::new() };
    let panel = list_panel(l, &view, live::LIST, &tabs);
    Ok(Page::new(Nav::Tickets, t(l, "tickets.title"), seq, panel).topics(topics).into_response())
}

fn none_key(address: &Address) -> &'static str {
    let is_narrowed = address.pairs().iter().any(|(name, _)| name != "filtro" && name != "sort");
    if is_narrowed { "tickets.none" } else { "tickets.empty" }
}

fn place_of(row: &TicketRow) -> String {
    format!("{}-{}-{}", row.priority.urgency(), row.updated_at.timestamp_millis(), row.id)
}

/// Its code, how much it holds, where it is, whether it is open.
fn tab_view(open: Tab, tab: Tab, count: i64) -> (String, String, String, bool) {
    let count = if count > queries::COUNTED { format!("{}+", queries::COUNTED) } else { count.to_string() };
    let word = if tab == Tab::default() { "" } else { tab.code() };
    (tab.code().to_owned(), count, Address::new(paths::TICKETS).with("filtro", word).href(), tab == open)
}

fn heads(address: &Address, sort: Sort) -> Vec<Column> {
    let down = |by: Sort| (sort == by).then_some(Order::Descending);
    columns(
        Column::words("tickets.column.updated").sorted(address.with("sort", ""), down(Sort::Updated)),
        Column::words("tickets.column.priority").sorted(address.with("sort", "priority"), down(Sort::Priority)),
    )
}

fn filters(l: Locale, query: &ListQuery, filter: &Filter) -> Vec<FilterView> {
    let choice = |name, label_key, options, value: Option<&'static str>| FilterView {
        name,
        label_key,
        kind: FilterKind::Choice { options, value: value.unwrap_or_default().to_owned() },
    };
    let day = |name, label_key, value: &str| FilterView { name, label_key, kind: FilterKind::Day(value.to_owned()) };
    let (status, priority) = (filter.statuses.first(), filter.priorities.first());
    vec![
        choice("status", "tickets.column.status", present::statuses(l), status.map(|status| status.code())),
        choice("priority", "tickets.column.priority", present::priorities(l), priority.map(|priority| priority.code())),
        choice(
            "application",
            "tickets.application",
            present::applications(l),
            filter.application.map(Application::code),
        ),
        choice("kind", "tickets.kind", present::kinds(l), filter.kind.map(Kind::code)),
        day("since", "tickets.since", &query.since),
        day("until", "tickets.until", &query.until),
    ]
}
