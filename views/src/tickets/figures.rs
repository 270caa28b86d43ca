//! Figures and charts of tickets.

use maud::{Markup, html};

use crate::text::{Locale, t};
use crate::ui::{self, ChartView, chart};
use crate::{dom, paths};

/// One figure.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CardView {
    /// Ends the key of its name, `tickets.figures.…`.
    pub key: &'static str,
    /// What it is.
    pub text: String,
    /// The list behind it.
    pub href: Option<String>,
}

/// All of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FiguresView {
    /// Figures, the most asked for first.
    pub cards: Vec<CardView>,
    /// Charts.
    pub charts: Vec<ChartView>,
}

/// The page. It draws itself again when what `keys` name has changed.
pub fn figures_panel(l: Locale, v: &FiguresView, keys: &str) -> Markup {
    html! {
        header.page-head {
            a.icon-btn href=(paths::TICKETS) aria-label=(t(l, "tickets.back")) title=(t(l, "tickets.back")) { (ui::icon("arrow-left")) }
            h1 { (t(l, "tickets.figures")) }
        }
        (ui::live_list(l, &dom::ticket_figures(), keys, html! {
            dl.figures {
                @for card in &v.cards { (figure(l, card)) }
            }
            div.charts { @for one in &v.charts { (chart(l, one)) } }
        }))
    }
}

fn figure(l: Locale, card: &CardView) -> Markup {
    html! {
        div.figure {
            dt { (t(l, &format!("tickets.figures.{}", card.key))) }
            dd.num {
                @match &card.href {
                    Some(href) => a href=(href) { (card.text) },
                    None => (card.text),
                }
            }
        }
    }
}
