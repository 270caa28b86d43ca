//! What went wrong, what to do, and the number to quote.

use maud::{Markup, html};

use crate::text::{Locale, t};
use crate::{paths, ui};

/// An error as people see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ErrorView {
    /// The HTTP status.
    pub status: u16,
    /// Key of what happened: `error.404.title`.
    pub title_key: &'static str,
    /// Key of what one can do.
    pub text_key: &'static str,
    /// The request's number, for the person who looks into it.
    pub request_id: String,
}

/// The error, alone in a page.
pub fn error_panel(l: Locale, e: &ErrorView) -> Markup {
    html! {
        section.error-panel {
            p.error-status.num { (e.status) }
            h1 { (t(l, e.title_key)) }
            p { (t(l, e.text_key)) }
            p.error-way { a.btn.btn-primary href=(paths::HOME) { (ui::icon("arrow-left")) (t(l, "error.home")) } }
            @if !e.request_id.is_empty() {
                p.error-request { (t(l, "error.request")) " " code { (e.request_id) } }
            }
        }
    }
}
