//! Several tickets at once: the bar that offers it, and what came of each.

use maud::{Markup, html};

use crate::live::replace;
use crate::text::{Locale, plural, t};
use crate::ui;
use crate::{dom, paths};

/// What came of one ticket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is so now.
    Done,
    /// It was so before.
    Same,
    /// It is not, for the reason of this key.
    Refused(&'static str),
}

/// One of the tickets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BulkRowView {
    /// UUID, number and subject; none for one that the person may not read.
    pub ticket: Option<(String, i64, String)>,
    /// What came of it.
    pub outcome: Outcome,
}

impl BulkRowView {
    /// One that is not there for the person.
    pub fn gone() -> Self {
        Self { ticket: None, outcome: Outcome::Refused("tickets.bulk.gone") }
    }
}

/// What may be chosen for the ticked ones.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BulkView {
    /// UUID under which what is chosen is done once.
    pub key: String,
    /// Whom they may be given to.
    pub people: Vec<(String, String)>,
    /// Codes and words.
    pub priorities: Vec<(String, String)>,
}

/// The box that ticks a row; it belongs to the bar's form wherever it stands.
pub fn tick(l: Locale, id: &str, number: i64) -> Markup {
    html! {
        label.ticket-pick {
            span.visually-hidden { (t(l, "tickets.bulk.tick")) " #" (number) }
            input.ticket-tick type="checkbox" form=(dom::ticket_bulk().id()) name="ticket" value=(id);
        }
    }
}

/// Where what came of it is put: beside the list, which is drawn anew while it is read.
pub fn results_place(l: Locale) -> Markup {
    results(l, &[])
}

/// Shown by the stylesheet once a row is ticked.
pub fn bar(l: Locale, v: &BulkView) -> Markup {
    let act =
        |value: &str, key: &str| html! { button.btn.btn-sm type="submit" name="act" value=(value) { (t(l, key)) } };
    // Nothing is chosen beforehand: one press changes many tickets.
    let choices = |name: &str, (key, none_key): (&str, &str), all: &[(String, String)]| {
        html! {
            label {
                span.visually-hidden { (t(l, key)) }
                select.form-control name=(name) {
                    option value="" { (t(l, none_key)) }
                    @for (value, words) in all { option value=(value) { (words) } }
                }
            }
        }
    };
    let people = choices("assignee", ("tickets.assign.to", "tickets.bulk.whom"), &v.people);
    let priorities = choices("priority", ("tickets.column.priority", "tickets.bulk.which"), &v.priorities);
    html! {
        form.bulk id=(dom::ticket_bulk().id()) data-once method="post" action=(paths::TICKETS_BULK) hx-post=(paths::TICKETS_BULK)
            hx-target=(dom::ticket_results().target()) hx-swap="outerHTML" aria-label=(t(l, "tickets.bulk")) {
            (key_field(&v.key))
            div.bulk-part {
                span.bulk-count { (t(l, "tickets.bulk.ticked")) }
                button.btn.btn-sm type="button" data-tick-all { (t(l, "tickets.bulk.all")) }
                button.btn.btn-sm type="button" data-tick-none { (t(l, "tickets.bulk.none")) }
            }
            // First, so that Enter in its field means it.
            div.bulk-part {
                label {
                    span.visually-hidden { (t(l, "tickets.bulk.reason")) }
                    input.form-control type="text" name="reason" maxlength="1000" autocomplete="off"
                        placeholder=(t(l, "tickets.bulk.reason"));
                }
                (act("close", "tickets.bulk.close"))
            }
            div.bulk-part { (people) (act("assign", "tickets.assign")) }
            div.bulk-part { (priorities) (act("priority", "tickets.bulk.priority")) }
        }
    }
}

fn key_field(key: &str) -> Markup {
    html! { input id=(dom::ticket_bulk_key().id()) type="hidden" name="id" value=(key); }
}

/// What came of it, in its place; the next choice has another key.
pub fn bulk_answer(l: Locale, rows: &[BulkRowView], key: &str) -> Markup {
    html! {
        (results(l, rows))
        (replace(&dom::ticket_bulk_key(), key_field(key)))
    }
}

/// Said in that place when nothing was done, for the reason of this key; the ticks stay.
pub fn bulk_refused(l: Locale, error_key: &str) -> Markup {
    html! {
        section.bulk-results id=(dom::ticket_results().id()) role="alert" { p.field-error { (t(l, error_key)) } }
    }
}

/// What came of it, as a page of its own for who has no scripts.
pub fn bulk_panel(l: Locale, results: &Markup) -> Markup {
    html! {
        header.page-head { h1 { (t(l, "tickets.bulk")) } }
        (results)
        p { a.btn href=(paths::TICKETS) { (t(l, "tickets.back")) } }
    }
}

/// What came of each.
pub fn results(l: Locale, rows: &[BulkRowView]) -> Markup {
    let done = rows.iter().filter(|row| !matches!(row.outcome, Outcome::Refused(_))).count();
    html! {
        section.bulk-results id=(dom::ticket_results().id()) role="status" data-bulk-done[!rows.is_empty()] {
            @if !rows.is_empty() {
                button.icon-btn type="button" data-bulk-close aria-label=(t(l, "toast.close")) { (ui::icon("x")) }
                p { strong { (plural(l, "tickets.bulk.done", i64::try_from(done).unwrap_or_default())) } }
                ul { @for row in rows { (result(l, row)) } }
            }
        }
    }
}

fn result(l: Locale, row: &BulkRowView) -> Markup {
    let (icon, tone, key) = match row.outcome {
        Outcome::Done => ("circle-check", "success", "tickets.bulk.is_done"),
        Outcome::Same => ("circle-check", "success", "tickets.bulk.same"),
        Outcome::Refused(key) => ("circle-x", "danger", key),
    };
    html! {
        li data-outcome=(tone) {
            (ui::icon(icon))
            @if let Some((id, number, title)) = &row.ticket { a href=(paths::ticket(id)) { "#" (number) " " (title) } ": " }
            span { (t(l, key)) }
        }
    }
}
