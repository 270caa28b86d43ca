//! The one source of "now". Tests set it; nothing else reads the system's clock for business facts.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, SubsecRound as _, Utc};

/// Milliseconds since 1970, or `SYSTEM` for the machine's clock. Clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Arc<AtomicI64>);

const SYSTEM: i64 = i64::MIN;

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Arc::new(AtomicI64::new(SYSTEM)))
    }

    /// A clock that stands still until it is moved.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Arc::new(AtomicI64::new(at.timestamp_millis())))
    }

    /// Now, in whole milliseconds: what both databases keep exactly.
    pub fn now(&self) -> DateTime<Utc> {
        match self.0.load(Ordering::Relaxed) {
            SYSTEM => to_millis(Utc::now()),
            ms => DateTime::from_timestamp_millis(ms).unwrap_or_default(),
        }
    }

    /// Moves a fixed clock; makes the machine's clock a fixed one.
    pub fn advance(&self, by: Duration) {
        self.0.store((self.now() + by).timestamp_millis(), Ordering::Relaxed);
    }
}

/// Cuts what is finer than a millisecond.
pub fn to_millis(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(3)
}
