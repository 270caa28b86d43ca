//! What one instance counts of itself: totals since it started, and how long its events took. A few relaxed additions
//! a write; no map, no label, nothing that grows.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use super::{Frame, socket::close};

/// Events whose time of delivery is remembered; a write of an older one is not timed.
const TIMED: usize = 1_024;
/// While more frames than this go out in a second, one in so many is timed; below it, all are.
const SAMPLE: u64 = 64;
/// Somebody who looks says so every second; silence of this length means that nobody does.
const LOOKED: Duration = Duration::from_secs(3);

/// The meters of one instance.
#[derive(Debug, Default)]
pub struct Meters {
    frames: AtomicU64,
    events: AtomicU64,
    lagged: AtomicU64,
    failed: AtomicU64,
    malformed: AtomicU64,
    revoked: AtomicU64,
    restarted: AtomicU64,
    unpublished: AtomicU64,
    replays: AtomicU64,
    resets: AtomicU64,
    is_busy: AtomicBool,
    timed: Mutex<VecDeque<Delivered>>,
    lag: Mutex<Lag>,
    looked: Mutex<Option<Instant>>,
}

/// When an event was handed to the sockets' queues, and how old it was then.
#[derive(Clone, Copy, Debug)]
struct Delivered {
    seq: i64,
    age: Duration,
    at: Instant,
}

/// From commit to write, of the events timed since it was last taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lag {
    /// Writes that were timed.
    pub count: u32,
    /// Their sum.
    pub sum: Duration,
    /// The longest.
    pub longest: Duration,
}

/// Totals since the instance started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Frames handed to connections to be written.
    pub frames: u64,
    /// Events delivered to the hub.
    pub events: u64,
    /// Connections closed because they did not keep up (1013), or took nothing for seconds.
    pub lagged: u64,
    /// Connections closed because the database did not answer what they needed (1011).
    pub failed: u64,
    /// Sockets closed because of what they sent (1002, 1003, 1007, 1009).
    pub malformed: u64,
    /// Connections closed because their session ended (4403).
    pub revoked: u64,
    /// Connections told to come back elsewhere (1012).
    pub restarted: u64,
    /// Commits that Redis did not get in time; other instances found them in the outbox.
    pub unpublished: u64,
    /// Tabs that were told what they had missed.
    pub replays: u64,
    /// Tabs that had missed more than is kept, and drew their page anew.
    pub resets: u64,
}

impl Meters {
    /// An event goes into the queues, so long after its commit.
    pub(super) fn delivered(&self, seq: i64, age: Duration) {
        self.events.fetch_add(1, Relaxed);
        let mut timed = self.timed.lock().unwrap_or_else(PoisonError::into_inner);
        if timed.len() == TIMED {
            timed.pop_front();
        }
        timed.push_back(Delivered { seq, age, at: Instant::now() });
    }

    /// A connection takes these to write them.
    pub(super) fn written(&self, waiting: &[Frame], is_closing: bool) {
        let count = u64::try_from(waiting.len()).unwrap_or(0) + u64::from(is_closing);
        let before = self.frames.fetch_add(count, Relaxed);
        if !self.is_busy.load(Relaxed) || before / SAMPLE != (before + count) / SAMPLE {
            self.time(waiting);
        }
    }

    /// A connection is to be closed, whether or not it takes the word.
    pub fn closed(&self, code: u16) {
        match code {
            close::LAG => self.lagged.fetch_add(1, Relaxed),
            close::FAILED => self.failed.fetch_add(1, Relaxed),
            close::REVOKED => self.revoked.fetch_add(1, Relaxed),
            close::RESTART => self.restarted.fetch_add(1, Relaxed),
            _ => 0,
        };
    }

    /// A socket is closed because of what it sent.
    pub fn malformed(&self) {
        self.malformed.fetch_add(1, Relaxed);
    }

    fn time(&self, waiting: &[Frame]) {
        let Some(seq) = waiting.iter().rev().find_map(|frame| seq_of(frame.payload())) else { return };
        let timed = self.timed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = timed.iter().rev().find(|delivered| delivered.seq == seq).copied() else { return };
        drop(timed);
        let took = found.age + found.at.elapsed();
        metrics::histogram!("crea_live_lag_seconds").record(took.as_secs_f64());
        let mut lag = self.lag.lock().unwrap_or_else(PoisonError::into_inner);
        *lag = Lag { count: lag.count + 1, sum: lag.sum + took, longest: lag.longest.max(took) };
    }

    /// A tab is told what it missed; whether all of that is still kept.
    pub fn replayed(&self, is_whole: bool) {
        if is_whole { &self.replays } else { &self.resets }.fetch_add(1, Relaxed);
    }

    /// A commit could not be handed to Redis.
    pub(super) fn unpublished(&self) {
        self.unpublished.fetch_add(1, Relaxed);
    }

    /// Totals so far.
    pub fn totals(&self) -> Totals {
        let read = |figure: &AtomicU64| figure.load(Relaxed);
        Totals {
            frames: read(&self.frames),
            events: read(&self.events),
            lagged: read(&self.lagged),
            failed: read(&self.failed),
            malformed: read(&self.malformed),
            revoked: read(&self.revoked),
            restarted: read(&self.restarted),
            unpublished: read(&self.unpublished),
            replays: read(&self.replays),
            resets: read(&self.resets),
        }
    }

    /// Takes the lag of the last while; `frames` went out in its last second.
    pub fn take_lag(&self, frames: u64) -> Lag {
        self.is_busy.store(frames > SAMPLE, Relaxed);
        std::mem::take(&mut self.lag.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Somebody looks at these figures, on whatever instance.
    pub(super) fn looked(&self) {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether somebody looked lately.
    pub fn is_looked_at(&self) -> bool {
        let looked = *self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        looked.is_some_and(|at| at.elapsed() < LOOKED)
    }
}

impl Lag {
    /// The mean, in milliseconds; `None` when nothing was timed.
    pub fn mean_ms(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum.as_secs_f64() * 1_000.0 / f64::from(self.count))
    }
}

/// The number of a frame that is an event's; a heartbeat carries the number of an event long gone.
fn seq_of(text: &[u8]) -> Option<i64> {
    let rest = text.strip_prefix(b"<hx-live seq=\"")?;
    let (seq, rest) = rest.split_at(rest.iter().position(|byte| *byte == b'"')?);
    if rest.starts_with(b"\"></hx-live><") { std::str::from_utf8(seq).ok()?.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Frame {
        Frame::text(text)
    }

    #[test]
    fn an_event_is_timed_from_its_commit_and_a_heartbeat_is_not() {
        let meters = Meters::default();
        meters.delivered(7, Duration::from_millis(30));
        meters.written(&[frame("<hx-live seq=\"7\" delayed=\"0\"></hx-live>")], false);
        assert_eq!(meters.take_lag(0), Lag::default());
        meters.written(&[frame("<hx-live seq=\"7\"></hx-live><p></p>")], true);
        meters.closed(close::LAG);
        let lag = meters.take_lag(0);
        assert!(lag.count == 1 && lag.longest >= Duration::from_millis(30), "{lag:?}");
        assert_eq!(meters.take_lag(0).mean_ms(), None, "taken is taken");
        assert_eq!(meters.totals(), Totals { frames: 3, events: 1, lagged: 1, ..Totals::default() });
    }

    #[test]
    fn under_load_one_frame_in_many_is_timed() {
        let meters = Meters::default();
        meters.delivered(1, Duration::ZERO);
        meters.take_lag(10_000);
        for _ in 0..SAMPLE * 3 {
            meters.written(&[frame("<hx-live seq=\"1\"></hx-live><p></p>")], false);
        }
        assert_eq!(meters.take_lag(0).count, 3);
    }

    #[test]
    fn what_is_long_gone_is_forgotten() {
        let meters = Meters::default();
        for seq in 0..2_000 {
            meters.delivered(seq, Duration::ZERO);
        }
        meters.written(&[frame("<hx-live seq=\"1\"></hx-live><p></p>")], false);
        meters.written(&[frame("<hx-live seq=\"1999\"></hx-live><p></p>")], false);
        assert_eq!(meters.take_lag(0).count, 1);
    }
}
