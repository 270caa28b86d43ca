//! Mass messages: writing them, the card that recipients see, the roll-call of who has read and confirmed.

use maud::{Markup, html};

use crate::text::{Locale, t};
use crate::ui;

mod card;
mod compose;
mod list;
mod review;
mod roll_call;

pub use card::{CardView, confirmation, critical, critical_card, ends, panel as card_panel, received, reminder};
pub use compose::{Choice, ComposeView, PickView, PreviewView, panel as compose_panel, people, preview};
pub use list::{ListView, SentRow, panel as list_panel};
pub use review::{ReviewView, panel as review_panel};
pub use roll_call::{Figures, ReceiptRow, RollCallView, TABS, panel as roll_call_panel};

/// Codes of importance, the least first.
pub const IMPORTANCE: [&str; 3] = ["normal", "important", "critical"];

/// The name of the icon of an importance.
fn icon_of(importance: &str) -> &'static str {
    match importance {
        "critical" => "alert-octagon",
        "important" => "alert-triangle",
        _ => "speakerphone",
    }
}

/// Icon and word of an importance; colour comes on top, by `data-importance`.
pub(crate) fn importance_mark(l: Locale, importance: &str) -> Markup {
    html! {
        span.importance data-importance=(importance) {
            (ui::icon(icon_of(importance))) (t(l, &format!("importance.{importance}")))
        }
    }
}
