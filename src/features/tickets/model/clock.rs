//! The clock of a ticket: working minutes of its campaign, standing while it waits for somebody else (domain: tickets,
//! section 5).

use chrono::{DateTime, Utc};

use super::Status;

/// When one works: the campaign's calendar in its zone.
pub trait WorkingTime {
    /// Whole working minutes from one instant to a later one.
    fn minutes_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64;
    /// When so many working minutes after an instant are over.
    fn after(&self, from: DateTime<Utc>, minutes: i64) -> DateTime<Utc>;
}

/// How long it may take, how long it took, and whether that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlaClock {
    /// Working minutes that it may take.
    pub resolve_minutes: i64,
    /// Working minutes that it took until the clock last began to run or stopped.
    pub minutes_used: i64,
    /// Since when it runs.
    pub since: Option<DateTime<Utc>>,
    /// When the minutes will be over; `None` while it stands.
    pub resolve_by: Option<DateTime<Utc>>,
}

impl SlaClock {
    /// Of a ticket that is opened now.
    pub fn start(resolve_minutes: i64, now: DateTime<Utc>, time: &impl WorkingTime) -> Self {
        Self { resolve_minutes, minutes_used: 0, since: None, resolve_by: None }.running(now, time)
    }

    /// The same after a change of state.
    #[must_use]
    pub fn moved(self, to: Status, now: DateTime<Utc>, time: &impl WorkingTime) -> Self {
        match (self.since, to.is_timed()) {
            (None, true) => self.running(now, time),
            (Some(_), false) => self.standing(now, time),
            _ => self,
        }
    }

    /// The same with other minutes: what was used stays used.
    #[must_use]
    pub fn with_minutes(self, resolve_minutes: i64, time: &impl WorkingTime) -> Self {
        let changed = Self { resolve_minutes, ..self };
        match self.since {
            Some(since) => changed.running(since, time),
            None => changed,
        }
    }

    fn running(self, since: DateTime<Utc>, time: &impl WorkingTime) -> Self {
        let left = self.resolve_minutes - self.minutes_used;
        // What is late already was late when the clock began.
        let resolve_by = if left > 0 { time.after(since, left) } else { since };
        Self { since: Some(since), resolve_by: Some(resolve_by), ..self }
    }

    fn standing(self, now: DateTime<Utc>, time: &impl WorkingTime) -> Self {
        let used = self.since.map_or(0, |since| time.minutes_between(since, now));
        Self { minutes_used: self.minutes_used + used, since: None, resolve_by: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    /// Around the clock.
    struct Always;

    impl WorkingTime for Always {
        fn minutes_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
            (to - from).num_minutes().max(0)
        }
        fn after(&self, from: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
            from + Duration::minutes(minutes)
        }
    }

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + Duration::minutes(minutes)
    }

    #[test]
    fn the_clock_stands_while_somebody_else_is_waited_for() {
        let clock = SlaClock::start(240, at(0), &Always);
        assert_eq!(clock.resolve_by, Some(at(240)));
        let begun = clock.moved(Status::InProgress, at(10), &Always);
        assert_eq!(begun, clock, "to begin does not stop it");
        let waits = begun.moved(Status::Pending, at(60), &Always);
        assert_eq!((waits.minutes_used, waits.resolve_by), (60, None));
        let again = waits.moved(Status::InProgress, at(1_000), &Always);
        assert_eq!((again.minutes_used, again.resolve_by), (60, Some(at(1_180))));
        let done = again.moved(Status::Resolved, at(1_100), &Always);
        assert_eq!((done.minutes_used, done.since), (160, None));
        let reopened = done.moved(Status::Open, at(5_000), &Always);
        assert_eq!(reopened.resolve_by, Some(at(5_080)), "what was used stays used");
    }

    #[test]
    fn another_priority_counts_from_the_same_beginning() {
        let clock = SlaClock::start(1_440, at(0), &Always).with_minutes(240, &Always);
        assert_eq!(clock.resolve_by, Some(at(240)));
        let waits = clock.moved(Status::Pending, at(300), &Always);
        assert_eq!((waits.minutes_used, waits.resolve_minutes), (300, 240), "late");
        assert_eq!(waits.with_minutes(480, &Always).resolve_by, None, "it still stands");
        let late = waits.moved(Status::InProgress, at(400), &Always);
        assert_eq!(late.resolve_by, Some(at(400)), "late at once");
    }
}
