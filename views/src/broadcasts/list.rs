//! Mass messages that were sent or are scheduled, the newest first.

use maud::{Markup, html};

use super::roll_call::{Figures, bar};
use super::{Choice, importance_mark};
use crate::presence::PersonView;
use crate::text::{Locale, t};
use crate::time::TimeView;
use crate::{dom, paths, ui};

/// A mass message in the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SentRow {
    /// UUID of its conversation.
    pub id: String,
    /// Code of the importance.
    pub importance: String,
    /// Its beginning.
    pub line: String,
    /// Who sent it.
    pub sender: PersonView,
    /// When it was or will be sent.
    pub at: TimeView,
    /// Code: `scheduled`, `sent`, `cancelled`.
    pub state: String,
    /// How far it got.
    pub figures: Figures,
}

/// What the page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListView {
    /// The scheduled ones instead of those that were sent.
    pub is_scheduled: bool,
    /// The rows.
    pub rows: Vec<SentRow>,
    /// Where older ones are.
    pub more: Option<String>,
    /// Who may be chosen as sender; empty for whoever sees own ones alone.
    pub senders: Vec<Choice>,
    /// What the list is refreshed by.
    pub keys: String,
}

/// The page.
pub fn panel(l: Locale, v: &ListView) -> Markup {
    html! {
        header.page-head {
            h1 { (t(l, "broadcasts.title")) }
            a.btn.btn-primary.btn-sm href=(paths::BROADCASTS_NEW) { (ui::icon("plus")) (t(l, "broadcasts.new")) }
        }
        nav.tabs aria-label=(t(l, "broadcasts.title")) {
            a href=(paths::BROADCASTS) aria-current=[(!v.is_scheduled).then_some("page")] { (t(l, "broadcasts.sent")) }
            a href=(paths::broadcasts_scheduled()) aria-current=[v.is_scheduled.then_some("page")] { (t(l, "broadcasts.scheduled")) }
        }
        @if v.senders.len() > 1 { (senders(l, v)) }
        (ui::live_list(l, &dom::broadcasts(), &v.keys, html! {
            @if v.rows.is_empty() {
                @let key = if v.is_scheduled { "broadcasts.scheduled.none" } else { "broadcasts.none" };
                (ui::empty("speakerphone", t(l, key), Some((paths::BROADCASTS_NEW, t(l, "broadcasts.new")))))
            }
            ul.mass-list { @for row in &v.rows { (item(l, row, v.senders.len() > 1)) } }
            @if let Some(url) = &v.more { p.conv-more { a.btn.btn-sm href=(url) { (t(l, "broadcasts.more")) } } }
        }))
    }
}

fn senders(l: Locale, v: &ListView) -> Markup {
    let action = if v.is_scheduled { paths::broadcasts_scheduled() } else { paths::BROADCASTS };
    html! {
        form.mass-filter action=(paths::BROADCASTS) method="get" {
            label.form-label for="sender" { (t(l, "broadcasts.sender")) }
            @if v.is_scheduled { input type="hidden" name="state" value="scheduled"; }
            select.form-control id="sender" name="sender" {
                option value="" { (t(l, "broadcasts.sender.all")) }
                @for choice in &v.senders { option value=(choice.value) selected[choice.is_chosen] { (choice.words) } }
            }
            button.btn.btn-sm type="submit" { (t(l, "broadcasts.filter")) }
            @if v.senders.iter().any(|c| c.is_chosen) { a href=(action) { (t(l, "search.clear")) } }
        }
    }
}

fn item(l: Locale, row: &SentRow, with_sender: bool) -> Markup {
    html! {
        li.mass-row data-importance=(row.importance) {
            a.mass-row-link href=(paths::broadcast(&row.id)) {
                (importance_mark(l, &row.importance))
                span.mass-row-line.clip { (row.line) }
                span.quiet.num { @if with_sender { span data-names=(row.sender.id) { (row.sender.name) } " · " } time datetime=(row.at.iso) title=(row.at.long) { (row.at.long) } }
            }
            @if row.state == "sent" { (bar(l, &row.figures)) }
            @else if row.state == "cancelled" { span.quiet { (t(l, "broadcasts.cancelled")) } }
            @else {
                form method="post" action=(paths::broadcast_cancel(&row.id)) {
                    button.btn.btn-sm type="submit" { (ui::icon("x")) (t(l, "broadcasts.cancel")) span.visually-hidden { ": " (row.line) } }
                }
            }
        }
    }
}
