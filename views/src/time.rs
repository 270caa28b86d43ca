//! Instants as the screen shows them.

use maud::{Markup, html};

/// An instant, made by the server in the right zone and language.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TimeView {
    /// UTC, RFC 3339.
    pub iso: String,
    /// The short form: `14:32`.
    pub text: String,
    /// The day alone: `22 nov`.
    pub day: String,
    /// The exact one, shown on hover: `22 nov 2026, 14:32`.
    pub long: String,
}

/// The day, for lists that reach back; a script shows the time of what is of today, which the server cannot know for
/// as long as the fragment stays on a screen.
pub fn day_or_time(at: &TimeView) -> Markup {
    html! { time datetime=(at.iso) title=(at.long) data-day=(at.day) data-clock=(at.text) { (at.day) } }
}

/// The short form, with the exact one on hover.
pub fn time(at: &TimeView) -> Markup {
    html! { time datetime=(at.iso) title=(at.long) { (at.text) } }
}
