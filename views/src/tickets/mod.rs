//! Tickets: marks that lists and pages share, the list, a ticket's page, the form of a new one.

use maud::{Markup, html};

use crate::presence::PersonView;
use crate::text::{Locale, t};
use crate::time::{TimeView, day_or_time};
use crate::{dom, ui};

mod actions;
mod board;
mod bulk;
mod company;
mod composer;
mod detail;
mod entry;
mod figures;
mod followers;
mod form;
mod kept;
mod links;
mod list;
mod macros;
mod service;
mod words;

pub use actions::{ActionsView, StepView, actions, pool_key};
pub use board::{BoardCardView, BoardColumnView, BoardStepView, BoardView, board_panel};
pub use bulk::{BulkRowView, BulkView, Outcome, bulk_answer, bulk_panel, bulk_refused, results as bulk_results};
use company::lookers;
pub use company::looking;
use composer::composer;
pub use composer::macros_key;
pub use detail::{DetailView, TicketView, closed, detail_panel, facts, head, words};
pub use entry::{EntryView, ValueView, entry, timeline};
pub use figures::{CardView, FiguresView, figures_panel};
pub use followers::{FollowersView, followers_panel};
pub use form::{FormView, form_panel};
pub use kept::{KeptBarView, KeptView};
pub use links::LinkView;
use links::{link_form, links, merge_form};
pub use list::{COLUMNS, ListPageView, RowView, TabView, columns, list_answer, list_panel, table_row};
pub use macros::{MacroFormView, MacroView, macro_form_panel, macros_panel};
pub use service::{PoolMemberView, PoolView, PromiseView, ServiceView, service_panel};
pub use words::{WordsView, words_panel};

/// Colour and icon of a state.
fn status_look(status: &str) -> (&'static str, &'static str) {
    match status {
        "AB" => ("info", "circle-dot"),
        "EP" => ("busy", "progress"),
        "PE" => ("warning", "player-pause"),
        "RS" => ("success", "flag"),
        _ => ("closed", "check"),
    }
}

/// Colour and icon of a priority.
fn priority_look(priority: &str) -> (&'static str, &'static str) {
    match priority {
        "BA" => ("success", "flag"),
        "ME" => ("busy", "flag"),
        "AL" => ("warning", "flag"),
        _ => ("danger", "alert-triangle"),
    }
}

/// The colour of a state.
pub fn status_tone(status: &str) -> &'static str {
    status_look(status).0
}

/// The colour of a priority.
pub fn priority_tone(priority: &str) -> &'static str {
    priority_look(priority).0
}

/// Where a ticket stands: icon, colour and word.
pub fn status_tag(l: Locale, status: &str) -> Markup {
    let (tone, icon) = status_look(status);
    html! { span.tag data-tone=(tone) { (ui::icon(icon)) (t(l, &format!("tickets.status.{status}"))) } }
}

/// How much it matters: icon, colour and word.
pub fn priority_tag(l: Locale, priority: &str) -> Markup {
    let (tone, icon) = priority_look(priority);
    html! { span.tag.tag-plain data-tone=(tone) { (ui::icon(icon)) (t(l, &format!("tickets.priority.{priority}"))) } }
}

/// Until when something is to be done. A script marks it once that is over (`assets/js/80-time.js`): a fragment stays on
/// a screen for longer than it is true.
pub fn due(l: Locale, at: &TimeView) -> Markup {
    html! {
        span.due data-due=(at.iso) {
            span.due-over { (ui::icon("clock-exclamation")) span.visually-hidden { (t(l, "tickets.overdue")) " " } }
            time datetime=(at.iso) title=(at.long) { (at.long) }
        }
    }
}

/// Who works on a ticket, wherever it is shown.
pub fn assignee(l: Locale, id: &str, person: Option<&PersonView>) -> Markup {
    html! {
        span.ticket-who id=(dom::ticket_assignee(id).id()) {
            @match person {
                Some(person) => span data-names=(person.id) { (person.name) },
                None => span.quiet { (t(l, "tickets.unassigned")) },
            }
        }
    }
}

/// Where a ticket stands, wherever it is shown.
pub fn status(l: Locale, id: &str, code: &str) -> Markup {
    html! { span id=(dom::ticket_status(id).id()) { (status_tag(l, code)) } }
}

/// How much a ticket matters, wherever it is shown.
pub fn priority(l: Locale, id: &str, code: &str) -> Markup {
    html! { span id=(dom::ticket_priority(id).id()) { (priority_tag(l, code)) } }
}

/// A person and an instant: `Ana Ruiz · 14:32`.
fn by(person: Option<&PersonView>, l: Locale, at: &TimeView) -> Markup {
    html! {
        @match person {
            Some(person) => strong data-names=(person.id) { (person.name) },
            None => strong { (t(l, "tickets.by_itself")) },
        }
        " " span.quiet.num { (day_or_time(at)) }
    }
}
