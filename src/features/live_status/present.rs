//! Figures as the page shows them.

use std::time::Instant;

use chrono::{DateTime, Utc};
use views::{
    live_status::{FigureView, InstanceView},
    text::Locale,
};

use crate::{
    features::people,
    live::{
        Health, Live,
        meters::{Lag, Totals},
    },
};

/// Events that may wait to be delivered before somebody should look into it.
const BEHIND: i64 = 100;
/// Milliseconds from commit to write after which people notice.
const SLOW_MS: f64 = 1_000.0;

/// What the last second brought.
#[derive(Clone, Copy, Debug)]
pub struct Second {
    /// Drawings so far.
    pub tick: u64,
    /// Frames written in it.
    pub frames: u64,
    /// Events delivered in it.
    pub events: u64,
    /// From commit to write.
    pub lag: Lag,
    totals: Totals,
    at: Instant,
}

impl Second {
    /// Before the first.
    pub fn begin(live: &Live) -> Self {
        let totals = live.hub().meters.totals();
        Self { tick: 0, frames: 0, events: 0, lag: Lag::default(), totals, at: Instant::now() }
    }

    /// The one that just ended; longer when the machine was busy, so figures are per second of the clock.
    pub fn next(self, live: &Live) -> Self {
        let (totals, at) = (live.hub().meters.totals(), Instant::now());
        let ms = u64::try_from((at - self.at).as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = |now: u64, before: u64| (now.saturating_sub(before).saturating_mul(1_000) + ms / 2) / ms;
        let (frames, events) = (rate(totals.frames, self.totals.frames), rate(totals.events, self.totals.events));
        Self { tick: self.tick + 1, frames, events, lag: live.hub().meters.take_lag(frames), totals, at }
    }
}

/// One instance's tile.
pub fn view(l: Locale, live: &Live, health: &Health, second: &Second) -> InstanceView {
    let (id, load, totals) = (live.instance(), live.hub().load(), live.hub().meters.totals());
    let plain = |key, text: String| FigureView { key, text, is_bad: false };
    let bad = |key, text: String, is_bad| FigureView { key, text, is_bad };
    let text = id.to_string();
    // A time-ordered id says when it was made: when the instance started.
    let since = id.get_timestamp().and_then(|at| {
        let (seconds, nanos) = at.to_unix();
        DateTime::<Utc>::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    });
    let longest = second.lag.longest.as_secs_f64() * 1_000.0;
    InstanceView {
        name: text[text.len().saturating_sub(4)..].to_owned(),
        id: text,
        since: people::local_time(l, since.unwrap_or_default()),
        redis: match health.redis {
            Some(true) => "up",
            Some(false) => "down",
            None => "none",
        },
        tick: second.tick,
        head: vec![
            plain("sockets", load.sockets.to_string()),
            plain("people", load.people.to_string()),
            plain("frames", second.frames.to_string()),
            bad("lag", millis(second.lag.mean_ms()), second.lag.mean_ms().is_some_and(|ms| ms > SLOW_MS)),
        ],
        rest: vec![
            bad("lag_max", millis((second.lag.count > 0).then_some(longest)), longest > SLOW_MS),
            plain("events", second.events.to_string()),
            bad("behind", health.lag.to_string(), health.lag > BEHIND),
            plain("topics", load.topics.to_string()),
            plain("queued", load.queued.to_string()),
            plain("deepest", load.deepest.to_string()),
            plain("outbox", health.kept.to_string()),
            plain("replays", totals.replays.to_string()),
            plain("resets", totals.resets.to_string()),
            plain("lagged", totals.lagged.to_string()),
            bad("failed", totals.failed.to_string(), totals.failed > 0),
            plain("malformed", totals.malformed.to_string()),
            plain("revoked", totals.revoked.to_string()),
            plain("restarted", totals.restarted.to_string()),
            plain("unpublished", totals.unpublished.to_string()),
        ],
    }
}

/// `3.4 ms`, `1.2 s`; a dash when nothing was timed.
fn millis(ms: Option<f64>) -> String {
    match ms {
        None => "–".to_owned(),
        Some(ms) if ms < 999.5 => format!("{ms:.1} ms"),
        Some(ms) => format!("{:.1} s", ms / 1_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_reads_in_the_unit_that_fits() {
        let cases = [(None, "–"), (Some(0.04), "0.0 ms"), (Some(12.34), "12.3 ms"), (Some(1_250.0), "1.2 s")];
        for (ms, text) in cases {
            assert_eq!(millis(ms), text);
        }
    }
}
