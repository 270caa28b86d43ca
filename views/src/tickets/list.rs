//! The list of tickets.

use maud::{Markup, html};

use super::{assignee, due, priority, status};
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

/// A ticket as a row of these columns.
pub fn table_row(l: Locale, row: &RowView) -> TableRow {
    let about = [format!("tickets.kind.{}", row.kind), format!("tickets.application.{}", row.application)];
    TableRow {
        id: dom::ticket_row(&row.id),
        cells: vec![
            html! {
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

/// The page: tabs with how much each holds, and the list. A tab is its code, its count and where it is.
pub fn list_panel(l: Locale, v: &ListView, keys: &str, tabs: &[(String, String, String, bool)]) -> Markup {
    let export = v.address.at(paths::TICKETS_EXPORT).href();
    let actions = html! {
        // The browser saves the file; htmx would take it for a page.
        a.btn href=(export) download hx-boost="false" { (ui::icon("download")) (t(l, "audit.export")) }
        a.btn.btn-primary href=(paths::TICKET_NEW) { (ui::icon("plus")) (t(l, "tickets.new")) }
    };
    html! {
        (ui::live_list(l, &dom::tickets(), keys, html! {
            nav.tabs aria-label=(t(l, "tickets.title")) {
                @for (code, count, href, is_open) in tabs {
                    a href=(href) aria-current=[is_open.then_some("page")] {
                        (t(l, &format!("tickets.tab.{code}"))) " "
                        span.num.count aria-label=(fill(l, "tickets.tab.count", &[("count", count)])) { (count) }
                    }
                }
            }
            (ui::list_page(l, v, &actions))
        }))
    }
}
