//! Whether the database has room to write. It is only known from a write that was refused; how a later one fares depends
//! on its size, so that one which succeeds proves nothing.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::Relaxed},
};

use chrono::{DateTime, Utc};

/// A refusal is told for so long, in milliseconds.
const TOLD: i64 = 60_000;
/// No write was refused yet.
const NEVER: i64 = i64::MIN;

/// When a write was last refused because nothing more fits. Clones share it.
#[derive(Clone, Debug)]
pub struct Room(Arc<AtomicI64>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(NEVER)))
    }
}

impl Room {
    /// A write was refused.
    pub fn refused(&self, now: DateTime<Utc>) {
        metrics::counter!("crea_database_full_total").increment(1);
        self.0.store(now.timestamp_millis(), Relaxed);
    }

    /// Whether one was in the last minute. A clock that was set back ends it.
    pub fn is_full(&self, now: DateTime<Utc>) -> bool {
        let last = self.0.load(Relaxed);
        (last..last.saturating_add(TOLD)).contains(&now.timestamp_millis())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_refusal_is_told_for_a_minute_whatever_the_clock_does() {
        let (room, now) = (Room::default(), DateTime::UNIX_EPOCH);
        assert!(!room.is_full(now));
        room.refused(now);
        assert!(room.is_full(now) && room.is_full(now + TimeDelta::seconds(59)));
        assert!(!room.is_full(now + TimeDelta::seconds(60)) && !room.is_full(now - TimeDelta::hours(1)));
    }
}
