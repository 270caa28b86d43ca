//! The list of tickets: tabs, filters in the address, read on by key.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use uuid::Uuid;
use views::{
    layout::Nav,
    paths,
    text::{Locale, t},
    tickets::{BulkView, KeptBarView, KeptView, ListPageView, columns, list_answer, list_panel, table_row},
    ui::{Column, FilterKind, FilterView, ListView, Order, PagerView, empty},
};

use super::{
    super::{
        live,
        model::{Application, Kind},
        present::{self, People},
        queries::{self, After, Sort, Tab, ViewRow, Viewer, Who},
    },
    filter::ListQuery,
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::AppResult,
    ids::UserId,
    live::Topic,
    web::{Fragment, Kind as Answer, Page, Query},
};

/// Tickets of one page unless chosen otherwise.
pub const PAGE: i64 = 50;

/// What the person may read of them; to a changed filter, what depends on it.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Answer,
    Query(query): Query<ListQuery>,
) -> AppResult<Response> {
    let (l, viewer, filter) = (user.look.locale, Viewer::of(&user), query.filter(&app.db).await?);
    let found = queries::list_for(&app.db, viewer, &filter, query.after, PAGE).await?;
    let named = found.rows.iter().flat_map(|row| [Some(row.requester_id), row.assignee_id]).flatten();
    let (people, servers) = queries::list_people_and_servers(&app.db, named.collect()).await?;
    let people = People { rows: people, directory: app.live.directory() };
    let above = queries::read_above(&app.db, viewer, query.is_narrowed().then_some(&filter)).await?;
    let of_tab = || Tab::ALL.iter().position(|tab| *tab == filter.tab).map(|place| above.counts[place]);
    let total = if query.is_narrowed() { above.total } else { of_tab() };
    let address = query.address();
    let last = found.rows.last().filter(|_| found.has_more);
    let next = last.map(|row| address.with("after", &query.after.next(filter.sort, row, PAGE)));
    let first = (query.after != After::Nothing).then(|| address.clone());
    let all = query.widened().href();
    let (none_key, way) = if query.is_narrowed() {
        ("tickets.none", (all.as_str(), t(l, "tickets.none.widen")))
    } else {
        ("tickets.empty", (paths::TICKET_NEW, t(l, "tickets.new")))
    };
    let bulk = viewer.may_be_staff().then(|| bulk(l, &servers));
    let list = ListView {
        title_key: "tickets.title",
        total: total.filter(|total| *total <= queries::COUNTED),
        filters: filters(l, &query, &servers),
        columns: heads(&query, filter.sort),
        rows: found.rows.iter().map(|row| table_row(l, &present::row(l, row, &people), bulk.is_some())).collect(),
        pager: PagerView::keyset(first, next),
        empty: empty("ticket", t(l, none_key), Some(way)),
        address,
    };
    let tabs = Tab::ALL.into_iter().zip(above.counts).map(|(tab, count)| tab_view(&query, tab, count)).collect();
    let kept = kept(viewer, &query, above.kept);
    let page = ListPageView { list, tabs, kept, bulk };
    if kind == Answer::Partial {
        return Ok(Fragment(list_answer(l, &page)).into_response());
    }
    let topics = if viewer.is_staff_of_all() { vec![Topic::Tray(live::LIST.to_owned())] } else { Vec::new() };
    let panel = list_panel(l, &page, live::LIST);
    Ok(Page::new(Nav::Tickets, t(l, "tickets.title"), seq, panel).topics(topics).into_response())
}

fn kept(viewer: Viewer, query: &ListQuery, rows: Vec<ViewRow>) -> KeptBarView {
    let view = |row: ViewRow| KeptView {
        href: if row.query.is_empty() {
            paths::TICKETS.to_owned()
        } else {
            format!("{}?{}", paths::TICKETS, row.query)
        },
        id: row.id.to_string(),
        name: row.name,
        is_own: row.owner_id == viewer.id,
        is_shared: row.is_shared,
    };
    KeptBarView {
        kept: rows.into_iter().map(view).collect(),
        columns: query.columns.clone(),
        next: Uuid::now_v7().to_string(),
        may_share: viewer.may_be_staff(),
    }
}

/// Its code, how much it holds, where it is, whether it is open.
fn tab_view(query: &ListQuery, tab: Tab, count: i64) -> (String, String, String, bool) {
    let count = if count > queries::COUNTED { format!("{}+", queries::COUNTED) } else { count.to_string() };
    (tab.code().to_owned(), count, query.in_tab(tab).href(), tab == query.tab())
}

fn heads(query: &ListQuery, sort: Sort) -> Vec<Column> {
    let down = |by: Sort| (sort == by).then_some(Order::Descending);
    let by = |sort: Sort| query.address().with("sort", sort.code());
    // The usual order needs no word, unless something is looked for.
    let updated = if query.text.is_empty() { query.address().with("sort", "") } else { by(Sort::Updated) };
    columns(
        Column::words("tickets.column.updated").sorted(updated, down(Sort::Updated)),
        Column::words("tickets.column.priority").sorted(by(Sort::Priority), down(Sort::Priority)),
    )
}

fn bulk(l: Locale, servers: &[(UserId, String)]) -> BulkView {
    let people = servers.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let nobody = ("nadie".to_owned(), t(l, "tickets.unassigned").to_owned());
    BulkView {
        key: Uuid::now_v7().to_string(),
        people: people.chain([nobody]).collect(),
        priorities: present::priorities(l),
    }
}

fn filters(l: Locale, query: &ListQuery, servers: &[(UserId, String)]) -> Vec<FilterView> {
    let many = |name, label_key, options, values: Vec<&str>| {
        let values = values.into_iter().map(str::to_owned).collect();
        FilterView::new(name, label_key, FilterKind::Many { options, values })
    };
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let word = |code: &str, key: &str| (code.to_owned(), t(l, key).to_owned());
    let people = servers.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let whom = [word("yo", "tickets.assignee.me"), word("nadie", "tickets.unassigned")].into_iter().chain(people);
    let orders = vec![word("updated", "tickets.column.updated"), word("priority", "tickets.column.priority")];
    let reopened = vec![word("1", "tickets.reopened.only")];
    let statuses = query.statuses.iter().map(|status| status.code()).collect();
    let priorities = query.priorities.iter().map(|priority| priority.code()).collect();
    let application = query.application.map_or("", Application::code);
    let assignee = query.assignee.map(Who::code).unwrap_or_default();
    let requester = FilterKind::Words(query.requester.clone());
    vec![
        FilterView::search("q", "tickets.search", &query.text),
        many("status", "tickets.column.status", present::statuses(l), statuses),
        many("priority", "tickets.column.priority", present::priorities(l), priorities),
        FilterView::choice("application", "tickets.application", present::applications(l), application),
        FilterView::choice("assignee", "tickets.column.assignee", whom.collect::<Vec<_>>(), &assignee),
        FilterView::choice("kind", "tickets.kind", present::kinds(l), query.kind.map_or("", Kind::code)).seldom(),
        FilterView::new("requester", "tickets.column.requester", requester).seldom(),
        FilterView::day("since", "tickets.since", &day(query.since)).seldom(),
        FilterView::day("until", "tickets.until", &day(query.until)).seldom(),
        FilterView::choice("reopened", "tickets.reopened", reopened, if query.is_reopened { "1" } else { "" }).seldom(),
        FilterView::choice("sort", "tickets.sort", orders, query.sort.map_or("", Sort::code)).seldom(),
    ]
}
