//! Instants as the screen shows them.

use maud::{Markup, html};

/// An instant, made by the server in the right zone and language.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TimeView {
    /// UTC, RFC 3339.
    pub iso: String,
    /// The short form: `14:32`.
    pub text: String,
    /// The exact one, shown on hover: `22 nov 2026, 14:32`.
    pub long: String,
}

/// The short form, with the exact one on hover.
pub fn time(at: &TimeView) -> Markup {
    html! { time datetime=(at.iso) title=(at.long) { (at.text) } }
}
