//! People and whether they are there.

use maud::{Markup, html};

use crate::text::{Locale, t};
use crate::time::TimeView;

/// Whether a person is connected, and doing what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum Presence {
    /// No connection.
    #[default]
    Offline,
    /// Ready for work.
    Available,
    /// Talking to a client.
    OnCall,
    /// In a pause.
    Break,
    /// Connected, but idle.
    Away,
}

impl Presence {
    /// Every presence.
    pub const ALL: [Presence; 5] =
        [Presence::Offline, Presence::Available, Presence::OnCall, Presence::Break, Presence::Away];

    /// The stored code: `offline`, `available`, `on_call`, `break`, `away`.
    pub fn code(self) -> &'static str {
        match self {
            Presence::Offline => "offline",
            Presence::Available => "available",
            Presence::OnCall => "on_call",
            Presence::Break => "break",
            Presence::Away => "away",
        }
    }

    /// The presence of a code.
    pub fn from_code(code: &str) -> Option<Presence> {
        Presence::ALL.into_iter().find(|p| p.code() == code)
    }

    /// The word for it.
    pub fn word(self, l: Locale) -> &'static str {
        t(l, &format!("presence.{}", self.code()))
    }
}

/// The reasons of a pause, by code.
pub const BREAKS: [&str; 6] = ["lunch", "rest", "bathroom", "training", "meeting", "other"];

/// A person as lists show them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PersonView {
    /// UUID of the user.
    pub id: String,
    /// Full name.
    pub name: String,
    /// One or two letters.
    pub initials: String,
    /// Code of the role: `asesor`, `supervisor`…
    pub role: String,
    /// Which photo, part of its address; 0: none.
    pub photo_version: i64,
    /// Whether they are there now.
    pub presence: Presence,
}

impl PersonView {
    /// The word for the role.
    pub fn role_word(&self, l: Locale) -> &'static str {
        t(l, &format!("role.{}", self.role))
    }
}

/// One's own state and since when.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AgentStateView {
    /// The state.
    pub presence: Presence,
    /// The reason of a pause, by code.
    pub reason: Option<String>,
    /// When it began.
    pub since: TimeView,
}

/// The dot of a person. Its state, label and title are changed by presence frames (volatile).
pub fn dot(l: Locale, person: &PersonView) -> Markup {
    let word = person.presence.word(l);
    html! {
        span.dot data-presence=(person.id) data-state=(person.presence.code()) role="img" aria-label=(word) title=(word) {}
    }
}
