//! Tickets in columns, one a state. A card is taken to another column by mouse, by keyboard, or by its menu, which is a
//! plain form.

use maud::{Markup, html};

use super::{RowView, assignee, due, priority, status_tag};
use crate::text::{Locale, fill, t};
use crate::ui::{self, ChoiceView, lines};
use crate::{dom, paths};

/// A state that a card may be taken to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BoardStepView {
    /// Its code.
    pub to: String,
    /// What has to be written with it: `reason`, `solution`, or nothing.
    pub asks: &'static str,
}

/// A ticket on the board.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BoardCardView {
    /// As lists have it.
    pub row: RowView,
    /// The version that it was drawn from.
    pub version: i64,
    /// Where who looks may take it.
    pub steps: Vec<BoardStepView>,
}

/// A state with its tickets.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BoardColumnView {
    /// Its code.
    pub status: String,
    /// All tickets in it.
    pub total: i64,
    /// The last changed of them.
    pub cards: Vec<BoardCardView>,
    /// The list of all, when more are there than cards.
    pub more: Option<String>,
}

/// The board.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BoardView {
    /// One a state, in the order of work.
    pub columns: Vec<BoardColumnView>,
}

/// What scripts say aloud while a card is moved.
const SAID: [&str; 8] = ["picked", "over", "never", "own", "moved", "refused", "canceled", "network"];

/// The page. It draws itself again when what `keys` name has changed.
pub fn board_panel(l: Locale, v: &BoardView, keys: &str) -> Markup {
    html! {
        header.page-head {
            a.icon-btn href=(paths::TICKETS) aria-label=(t(l, "tickets.back")) title=(t(l, "tickets.back")) { (ui::icon("arrow-left")) }
            h1 { (t(l, "tickets.board")) }
            div.page-actions {
                a.btn href=(paths::TICKET_FIGURES) { (ui::icon("chart-bar")) (t(l, "tickets.figures.link")) }
                a.btn.btn-primary href=(paths::TICKET_NEW) { (ui::icon("plus")) (t(l, "tickets.new")) }
            }
        }
        p.field-help.board-help id="board-help" { (t(l, "tickets.board.help")) }
        (ui::live_list(l, &dom::ticket_board(), keys, html! {
            div.board data-board { @for column in &v.columns { (board_column(l, column)) } }
        }))
        (words_asked(l))
        @for key in SAID { template data-said=(key) { (t(l, &format!("tickets.board.said.{key}"))) } }
    }
}

fn board_column(l: Locale, v: &BoardColumnView) -> Markup {
    let id = format!("board-{}", v.status);
    html! {
        section.board-column id=(id) data-column=(v.status) data-name=(t(l, &format!("tickets.status.{}", v.status)))
            aria-labelledby={ (id) "-name" } {
            h2 id={ (id) "-name" } { (status_tag(l, &v.status)) " " span.quiet.num { (v.total) } }
            ul.board-cards id={ (id) "-cards" } { @for card in &v.cards { (board_card(l, &v.status, card)) } }
            @if let Some(href) = &v.more { a.board-more href=(href) { (t(l, "tickets.board.more")) } }
        }
    }
}

fn board_card(l: Locale, status: &str, v: &BoardCardView) -> Markup {
    let (row, number) = (&v.row, v.row.number.to_string());
    let can_move = !v.steps.is_empty();
    let steps: Vec<String> = v.steps.iter().map(|step| format!("{}:{}", step.to, step.asks)).collect();
    html! {
        li.board-card id=(dom::ticket_card(&row.id).id()) data-card=(number) data-steps=(steps.join(" "))
            data-version=(v.version) data-action=(paths::ticket_state(&row.id)) draggable=[can_move.then_some("true")] {
            div.board-marks {
                (priority(l, &row.id, &row.priority))
                @if can_move {
                    button.icon-btn.board-grip type="button" id=(dom::ticket_card(&row.id).part("grip").id())
                        aria-describedby="board-help" aria-label=(fill(l, "tickets.board.move", &[("number", &number)])) { (ui::icon("grip-vertical")) }
                    (step_menu(l, status, v))
                }
            }
            a.board-link href=(paths::ticket(&row.id)) draggable="false" {
                span.num.quiet { "#" (number) } " " (row.title)
            }
            p.board-foot.quiet {
                (assignee(l, &row.id, row.assignee.as_ref()))
                @if let Some(at) = &row.due { (due(l, at)) }
            }
        }
    }
}

fn step_menu(l: Locale, status: &str, v: &BoardCardView) -> Markup {
    let number = v.row.number.to_string();
    html! {
        details.menu.board-menu data-menu {
            summary.icon-btn aria-label=(fill(l, "tickets.board.menu", &[("number", &number)])) { (ui::icon("dots")) }
            form.menu-panel method="post" action=(paths::ticket_state(&v.row.id)) {
                input type="hidden" name="version" value=(v.version);
                input type="hidden" name="back" value="board";
                @for step in &v.steps {
                    button.menu-item type="submit" name="to" value=(step.to) { (t(l, &format!("tickets.step.{status}.{}", step.to))) }
                }
            }
        }
    }
}

/// Asks for what has to be written before a card is dropped.
fn words_asked(l: Locale) -> Markup {
    html! {
        dialog.sheet id="board-words" aria-labelledby="board-words-title" {
            form method="dialog" {
                div.sheet-head {
                    h2 id="board-words-title" data-reason=(t(l, "tickets.board.ask.reason")) data-solution=(t(l, "tickets.board.ask.solution")) {}
                    button.icon-btn type="button" data-close-dialog aria-label=(t(l, "shell.close")) { (ui::icon("x")) }
                }
                div.stack.board-asked {
                    (lines(l, &ChoiceView {
                        name: "reason", id: "board-reason", label_key: "tickets.board.words", value: "", help_key: None, error_key: None, required: true,
                    }))
                    div.actions { button.btn.btn-primary type="submit" value="ok" { (t(l, "tickets.board.drop")) } }
                }
            }
        }
    }
}
