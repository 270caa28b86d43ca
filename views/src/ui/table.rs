//! The page of a list: title with total, filters, table with a sticky header, pager; cards on narrow screens.
//!
//! A feature fills a [`ListView`] and calls [`list_page`]; a filter that changes is answered with [`list_answer`].

use maud::{Markup, html};

use super::filters::filters_changed;
use super::{Address, FilterView, PagerView, chips, filters, pager};
use crate::dom;
use crate::text::{Locale, plural, t};

/// A column of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Key of its head; on narrow screens it stands before each value.
    pub label_key: &'static str,
    /// The address that sorts by it, when it can; and how the list is sorted by it now.
    pub sort: Option<(Address, Option<Order>)>,
    /// Numbers stand at the end of their cell.
    pub is_number: bool,
}

/// How a column is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Smallest, first or oldest on top.
    Ascending,
    /// The other way round.
    Descending,
}

impl Column {
    /// A column of words that does not sort.
    pub const fn words(label_key: &'static str) -> Self {
        Self { label_key, sort: None, is_number: false }
    }

    /// A column of numbers that does not sort.
    pub const fn number(label_key: &'static str) -> Self {
        Self { label_key, sort: None, is_number: true }
    }

    /// The same, with the link that sorts by it.
    #[must_use]
    pub fn sorted(mut self, by: Address, now: Option<Order>) -> Self {
        self.sort = Some((by, now));
        self
    }
}

/// A row: its id in the page, and one cell a column. The first cell names the row.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// Id of the element, so that a change can find it.
    pub id: dom::DomId,
    /// What the columns hold.
    pub cells: Vec<Markup>,
}

/// What a list page shows.
#[derive(Clone, Debug)]
pub struct ListView {
    /// Key of the title; `{key}.count.one` and `.other` tell the total.
    pub title_key: &'static str,
    /// Rows that match, when they are counted.
    pub total: Option<i64>,
    /// The list's address with everything that is set.
    pub address: Address,
    /// The filters, in their order.
    pub filters: Vec<FilterView>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows of this page.
    pub rows: Vec<TableRow>,
    /// The way on.
    pub pager: PagerView,
    /// What stands where there are no rows: one sentence and one action.
    pub empty: Markup,
}

/// Title, actions beside it, filters and list.
pub fn list_page(l: Locale, v: &ListView, actions: &Markup) -> Markup {
    html! { (list_head(l, v, actions)) (list_body(l, v)) }
}

/// Title, and actions beside it; for a page that puts something between these and the filters.
pub fn list_head(l: Locale, v: &ListView, actions: &Markup) -> Markup {
    html! {
        header.page-head {
            h1 { (t(l, v.title_key)) }
            div.page-actions { (actions) }
        }
    }
}

/// Filters and list.
pub fn list_body(l: Locale, v: &ListView) -> Markup {
    html! {
        @if !v.filters.is_empty() { (filters(l, &v.address, &v.filters)) }
        (list_region(l, v))
    }
}

/// What a change of filters changes: chips, total, table and pager, and how many filters are in force.
pub fn list_answer(l: Locale, v: &ListView) -> Markup {
    html! { (list_region(l, v)) (filters_changed(l, &v.filters)) }
}

/// Chips, total, table and pager. What was looked for is marked by a script (`assets/js/36-found.js`): rows are the same
/// for all who see them.
fn list_region(l: Locale, v: &ListView) -> Markup {
    let looked_for = v.filters.iter().map(FilterView::looked_for).filter(|words| !words.is_empty()).collect::<Vec<_>>();
    html! {
        section.list id=(dom::list().id()) aria-label=(t(l, v.title_key))
            data-found=[(!looked_for.is_empty()).then(|| looked_for.join(" "))] {
            div.list-head {
                @if let Some(total) = v.total { p.quiet role="status" { (plural(l, &format!("{}.count", v.title_key), total)) } }
                (chips(l, &v.address, &v.filters))
            }
            @if v.rows.is_empty() { (v.empty) }
            @else {
                (table(l, v.title_key, &v.columns, &v.rows))
                @if v.pager.leads_anywhere() { (pager(l, &v.address, &v.pager)) }
            }
        }
    }
}

/// A table with a sticky header. On narrow screens each row is a card: every value after the head of its column.
pub fn table(l: Locale, caption_key: &str, columns: &[Column], rows: &[TableRow]) -> Markup {
    html! {
        div.table-wrap {
            table.data-table {
                caption.visually-hidden { (t(l, caption_key)) }
                thead { tr { @for column in columns { (head(l, column)) } } }
                tbody {
                    @for row in rows {
                        tr id=(row.id.id()) {
                            @for (n, (cell, column)) in row.cells.iter().zip(columns).enumerate() {
                                @if n == 0 { th scope="row" { (cell) } }
                                @else { td.end[column.is_number] data-label=(t(l, column.label_key)) { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn head(l: Locale, column: &Column) -> Markup {
    let words = t(l, column.label_key);
    let order = column.sort.as_ref().and_then(|(_, order)| *order);
    let sorted = order.map(|o| if o == Order::Ascending { "ascending" } else { "descending" });
    html! {
        th.end[column.is_number] scope="col" aria-sort=[sorted] {
            @match &column.sort {
                Some((by, _)) => a href=(by.href()) {
                    (words)
                    @if let Some(order) = order { (super::icon(if order == Order::Ascending { "chevron-up" } else { "chevron-down" })) }
                },
                None => (words),
            }
        }
    }
}
