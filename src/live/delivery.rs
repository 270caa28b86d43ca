//! Hands events to the hub in `seq` order, whatever order they arrive in, and reads the outbox where one is missing.
//!
//! Three sources, one order: our own commits, Redis, and once a second the counter itself. The last one alone would
//! do, up to a second late; the others are only sooner.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::{Instant, Interval, MissedTickBehavior, interval, sleep_until},
};

use super::{
    Event,
    doubt::Doubt,
    hub::Hub,
    outbox::{self, in_time},
    socket::{QUEUE_BYTES, QUEUE_FRAMES},
};
use crate::{clock::Clock, db::Db};

/// A number that is still missing after this long is read from the database.
const HOLE: Duration = Duration::from_millis(20);
/// Events that wait for a missing one; beyond it they are dropped here and read again.
const PENDING: usize = 10_000;
/// Events delivered ahead of the writers: a quarter of what a socket's queue holds, so that none fills up because of us.
const AHEAD: usize = QUEUE_FRAMES / 4;
/// And their bytes; the same holds.
const AHEAD_BYTES: usize = QUEUE_BYTES / 4;
/// Seconds between two prunings of the outbox.
const PRUNE_S: u64 = 60;
/// A database that takes longer to answer counts as lost, and everybody is told.
const PATIENCE: Duration = Duration::from_secs(3);
/// Longest that a pruning may keep delivery from reading.
const PRUNE: Duration = Duration::from_secs(10);

/// One instance's delivery loop.
pub(super) struct Delivery {
    pub db: Db,
    pub clock: Clock,
    pub hub: Arc<Hub>,
    pub doubt: Arc<Doubt>,
    pub arrivals: mpsc::Receiver<Vec<Event>>,
    pub delivered: i64,
    pub ahead: Ahead,
    pub stop: watch::Receiver<bool>,
}

/// What was delivered since everything was written last.
#[derive(Default)]
pub(super) struct Ahead {
    events: usize,
    bytes: usize,
}

impl Ahead {
    fn add(&mut self, event: &Event) {
        self.events += 1;
        self.bytes += event.bytes();
    }

    fn is_little(&self) -> bool {
        self.events < AHEAD && self.bytes < AHEAD_BYTES
    }
}

impl Delivery {
    /// Runs until told to stop. Database errors are logged and tried again a second later.
    pub async fn run(mut self) {
        let mut pending = BTreeMap::new();
        let mut hole_since = None;
        let mut second = each_second();
        let mut tick = 0_u64;
        loop {
            let hole_ends = hole_since.map_or_else(far_away, |since: Instant| since + HOLE);
            tokio::select! {
                _ = self.stop.changed() => return,
                Some(events) = self.arrivals.recv() => {
                    pending.extend(events.into_iter().filter(|e| e.seq > self.delivered).map(|e| (e.seq, e)));
                    if pending.len() > PENDING {
                        pending.clear();
                    }
                }
                () = sleep_until(hole_ends) => {
                    self.fill(&mut pending).await;
                    // What could not be read is asked for again after another while, not at once.
                    hole_since = None;
                }
                () = self.hub.progress.wanted() => self.catch_up(&mut pending).await,
                _ = second.tick() => {
                    tick += 1;
                    self.catch_up(&mut pending).await;
                    if tick.is_multiple_of(PRUNE_S) {
                        self.prune().await;
                    }
                }
            }
            self.drain(&mut pending).await;
            hole_since = if pending.is_empty() { None } else { hole_since.or(Some(Instant::now())) };
        }
    }

    /// Hands on what is here in order, no faster than it is written.
    async fn drain(&mut self, pending: &mut BTreeMap<i64, Event>) {
        loop {
            if self.hub.is_written() {
                self.ahead = Ahead::default();
            }
            let mut batch = Vec::new();
            while self.ahead.is_little()
                && let Some(event) = self.next(pending)
            {
                self.ahead.add(&event);
                batch.push(event);
            }
            self.hub.deliver_all(&batch);
            if self.ahead.is_little() {
                return;
            }
            self.hub.written().await;
        }
    }

    /// Takes the next event in order; `None` while it is missing.
    fn next(&mut self, pending: &mut BTreeMap<i64, Event>) -> Option<Event> {
        while let Some(entry) = pending.first_entry() {
            match *entry.key() - self.delivered {
                1 => {
                    let event = entry.remove();
                    self.delivered = event.seq;
                    let age = event.at.map(|at| (self.clock.now() - at).to_std().unwrap_or_default());
                    self.hub.meters.delivered(event.seq, age.unwrap_or_default());
                    return Some(event);
                }
                ..=0 => drop(entry.remove()),
                2.. => return None,
            }
        }
        None
    }

    /// Reads what is missing before the first event that waits, in one statement.
    async fn fill(&mut self, pending: &mut BTreeMap<i64, Event>) {
        let Some(first) = pending.keys().next().copied() else { return };
        metrics::counter!("crea_live_gaps_total").increment(1);
        self.read(pending, first - 1).await;
    }

    /// Reads the counter, and everything up to it that did not arrive.
    async fn catch_up(&mut self, pending: &mut BTreeMap<i64, Event>) {
        let head = in_time(PATIENCE, outbox::head(&self.db)).await;
        self.doubt.database(head.is_ok());
        match head {
            Ok(head) if head < self.delivered => {
                tracing::warn!(head, delivered = self.delivered, "the outbox went back: the database was restored");
                self.delivered = head;
                pending.clear();
                self.hub.reset_all(head);
            }
            Ok(head) => {
                metrics::gauge!("crea_outbox_lag_events").set((head - self.delivered) as f64);
                while self.delivered < head && self.read(pending, head).await {
                    self.drain(pending).await;
                }
            }
            Err(error) => tracing::warn!(%error, "cannot read the outbox"),
        }
    }

    /// Whether anything was read.
    async fn read(&mut self, pending: &mut BTreeMap<i64, Event>, up_to: i64) -> bool {
        match in_time(PATIENCE, outbox::list_after(&self.db, self.delivered, up_to)).await {
            Ok(events) => {
                let first = events.first().map_or(up_to + 1, |event| event.seq);
                if first > self.delivered + 1 {
                    self.skip_to(first - 1);
                }
                let any = !events.is_empty();
                pending.extend(events.into_iter().map(|e| (e.seq, e)));
                any
            }
            Err(error) => {
                tracing::warn!(%error, "cannot read the outbox");
                false
            }
        }
    }

    /// What comes next is no longer kept: this instance slept. Its tabs come back by their cursors and are reset.
    fn skip_to(&mut self, seq: i64) {
        tracing::warn!(seq, delivered = self.delivered, "missed events are no longer kept");
        self.delivered = seq;
        self.hub.reset_all(seq);
    }

    async fn prune(&self) {
        if let Err(error) = in_time(PRUNE, outbox::prune(&self.db, self.clock.now())).await {
            tracing::warn!(%error, "cannot prune the outbox");
        }
    }
}

/// Heartbeats and the end of sessions, once a second, whatever the database does: a screen that hears nothing for 45 s
/// takes its connection for lost.
pub(super) async fn sweep(hub: Arc<Hub>, clock: Clock, mut stop: watch::Receiver<bool>) {
    let mut second = each_second();
    for tick in 1.. {
        tokio::select! {
            _ = stop.changed() => return,
            _ = second.tick() => hub.sweep(tick, clock.now()),
        }
    }
}

fn each_second() -> Interval {
    let mut second = interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Skip);
    second
}

fn far_away() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}
