//! The list of tickets.

use maud::{Markup, html};

use super::bulk::{BulkView, bar, results_place, tick};
use super::kept::{self, KeptBarView};
use super::{assignee, due, priority, status};
use crate::live::morph;
use crate::presence::PersonView;
use crate::text::{Locale, fill, t};
use crate::time::{TimeView, day_or_time};
use crate::ui::{self, Column, ListView, TableRow};
use crate::{dom, paths};

/// A ticket in the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RowView {
    /// UUID.
    pub id: String,
    /// `#123`.
    pub number: i64,
    /// Subject.
    pub title: String,
    /// Code of the application.
    pub application: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the state.
    pub status: String,
    /// Code of the priority.
    pub priority: String,
    /// Who opened it.
    pub requester: PersonView,
    /// Who works on it.
    pub assignee: Option<PersonView>,
    /// The last change.
    pub updated: TimeView,
    /// When it is to be solved.
    pub due: Option<TimeView>,
}

/// Names of the columns, in their order; a list may leave some out, but not the first.
pub const COLUMNS: [&str; 7] = ["ticket", "status", "priority", "requester", "assignee", "due", "updated"];

/// The columns; `updated` and `by_priority` sort.
pub fn columns(updated: Column, by_priority: Column) -> Vec<Column> {
    vec![
        Column::words("tickets.column.ticket"),
        Column::words("tickets.column.status"),
        by_priority,
        Column::words("tickets.column.requester"),
        Column::words("tickets.column.assignee"),
        Column::words("tickets.column.due"),
        updated,
    ]
}

/// A ticket as a row of these columns; with a box to tick for who may change several at once.
pub fn table_row(l: Locale, row: &RowView, has_tick: bool) -> TableRow {
    let about = [format!("tickets.kind.{}", row.kind), format!("tickets.application.{}", row.application)];
    TableRow {
        id: dom::ticket_row(&row.id),
        cells: vec![
            html! {
                @if has_tick { (tick(l, &row.id, row.number)) }
                a.ticket-link href=(paths::ticket(&row.id)) {
                    span.num.quiet { "#" (row.number) } " " span.ticket-title { (row.title) }
                }
                span.ticket-about.quiet { (t(l, &about[0])) " · " (t(l, &about[1])) }
            },
            status(l, &row.id, &row.status),
            priority(l, &row.id, &row.priority),
            html! { span data-names=(row.requester.id) { (row.requester.name) } },
            assignee(l, &row.id, row.assignee.as_ref()),
            html! { @if let Some(at) = &row.due { (due(l, at)) } @else { span.quiet { "–" } } },
            day_or_time(&row.updated),
        ],
    }
}

/// A tab of the list: its code, how much it holds, where it is, whether it is open.
pub type TabView = (String, String, String, bool);

/// The page of the list.
#[derive(Clone, Debug)]
pub struct ListPageView {
    /// Filters and rows.
    pub list: ListView,
    /// The tabs.
    pub tabs: Vec<TabView>,
    /// Filters that are kept, and the columns.
    pub kept: KeptBarView,
    /// What may be done with several; `None` for who is staff of none.
    pub bulk: Option<BulkView>,
}

/// The page: title, tabs with how much each holds, filters that are kept, the list, and what may be done with several of it.
/// Rows are the same whatever columns are shown: the stylesheet leaves some out.
pub fn list_panel(l: Locale, v: &ListPageView, keys: &str) -> Markup {
    let actions = html! {
        a.btn href=(paths::TICKET_BOARD) { (ui::icon("layout-kanban")) (t(l, "tickets.board.link")) }
        a.btn href=(paths::TICKET_FIGURES) { (ui::icon("chart-bar")) (t(l, "tickets.figures.link")) }
        (export_link(l, &v.list))
        (kept::menu(l, &v.kept, &v.list.address))
        a.btn.btn-primary href=(paths::TICKET_NEW) { (ui::icon("plus")) (t(l, "tickets.new")) }
    };
    let is_hidden = |column: &&str| !v.kept.columns.is_empty() && !v.kept.columns.contains(column);
    let hidden: Vec<&str> = COLUMNS.into_iter().filter(is_hidden).collect();
    html! {
        @if v.bulk.is_some() { (results_place(l)) }
        (ui::live_list(l, &dom::tickets(), keys, html! {
            (ui::list_head(l, &v.list, &actions))
            (tab_bar(l, v))
            div data-hide=[(!hidden.is_empty()).then(|| hidden.join(" "))] { (ui::list_body(l, &v.list)) }
            @if let Some(bulk) = &v.bulk { (bar(l, bulk)) }
            p.ticket-keys.quiet { (t(l, "tickets.keys")) }
        }))
    }
}

/// What a changed filter changes: the rows, and beside them whatever holds an address that keeps the filter.
pub fn list_answer(l: Locale, v: &ListPageView) -> Markup {
    html! {
        (ui::list_answer(l, &v.list))
        (morph(&dom::ticket_tabs(), tab_bar(l, v)))
        (morph(&dom::ticket_views(), kept::menu(l, &v.kept, &v.list.address)))
        (morph(&dom::ticket_export(), export_link(l, &v.list)))
    }
}

fn tab_bar(l: Locale, v: &ListPageView) -> Markup {
    html! {
        div.list-tabs id=(dom::ticket_tabs().id()) {
            nav.tabs aria-label=(t(l, "tickets.title")) {
                @for (code, count, href, is_open) in &v.tabs {
                    a href=(href) aria-current=[is_open.then_some("page")] {
                        (t(l, &format!("tickets.tab.{code}"))) " "
                        span.num.count aria-label=(fill(l, "tickets.tab.count", &[("count", count)])) { (count) }
                    }
                }
            }
            (kept::names(l, &v.kept.kept, &v.list.address))
        }
    }
}

fn export_link(l: Locale, v: &ListView) -> Markup {
    let export = v.address.at(paths::TICKETS_EXPORT).href();
    html! {
        // The browser saves the file; htmx would take it for a page.
        a.btn id=(dom::ticket_export().id()) href=(export) download hx-boost="false" {
            (ui::icon("download")) (t(l, "audit.export"))
        }
    }
}
