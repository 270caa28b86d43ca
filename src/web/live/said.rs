//! What a tab says while it is connected, and how often it may.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::Deserialize;
use uuid::Uuid;

use crate::live::Topic;

/// What a tab may say at once; the next waits, and with it all else of this tab.
const BURST: f64 = 30.0;
/// What it may say a second after that: most of it costs statements.
const PER_SECOND: f64 = 5.0;
/// A tab that says more often that its person types is not listened to.
const TYPING: Duration = Duration::from_secs(2);

/// What a tab says later.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Said {
    Show { show: String, page: i64, since: Option<i64> },
    Idle { idle: bool },
    Typing { typing: Place },
    Looking { looking: Uuid, how: Glance },
    Received { received: Vec<Uuid> },
}

/// Where somebody types: a conversation, or a topic that says who hears of it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Place {
    Conversation(Uuid),
    Topic(Topic),
}

impl Place {
    /// Who hears of it; nobody where nothing is written.
    pub fn topic(self) -> Option<Topic> {
        match self {
            Self::Conversation(id) => Some(Topic::Conversation(id)),
            Self::Topic(topic @ (Topic::Ticket(_) | Topic::Board(_))) => Some(topic),
            Self::Topic(_) => None,
        }
    }
}

/// What somebody who looks at a record does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Glance {
    /// They have just come, and want to know who else is here.
    Comes,
    /// They are still here.
    Stays,
    /// They look at something else.
    Goes,
}

impl Glance {
    /// As frames say it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Comes => "comes",
            Self::Stays => "stays",
            Self::Goes => "goes",
        }
    }
}

/// How much a tab said lately; without a socket, a browser.
pub(super) struct Pace(Mutex<Lately>);

struct Lately {
    left: f64,
    at: Instant,
    typed: Option<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        Self(Mutex::new(Lately { left: BURST, at: Instant::now(), typed: None }))
    }
}

impl Pace {
    /// Takes one of what the tab may say; answers how long it must wait first.
    pub fn take(&self) -> Duration {
        let (mut lately, now) = (self.0.lock().unwrap_or_else(PoisonError::into_inner), Instant::now());
        lately.left = (lately.left + (now - lately.at).as_secs_f64() * PER_SECOND).min(BURST) - 1.0;
        lately.at = now;
        let wait = Duration::from_secs_f64((-lately.left).max(0.0) / PER_SECOND);
        if !wait.is_zero() {
            metrics::counter!("crea_socket_slowed_total").increment(1);
        }
        wait
    }

    /// Whether nothing was said for so long.
    pub fn is_still(&self, since: Duration) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).at.elapsed() >= since
    }

    /// Whether it is time to hear again that the person types.
    pub fn may_type(&self) -> bool {
        let (mut lately, now) = (self.0.lock().unwrap_or_else(PoisonError::into_inner), Instant::now());
        let is_due = lately.typed.is_none_or(|at| now - at >= TYPING);
        if is_due {
            lately.typed = Some(now);
        }
        is_due
    }
}
