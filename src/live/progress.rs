//! How far this instance has delivered, for those who read more in the database: rights, counts and pages come from
//! there, and with other instances about it may be ahead of us.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::timeout,
};

use super::hub::Hub;

/// Our own commits, and what Redis carries, need less than this. What needs more is read from the outbox at once.
const SOON: Duration = Duration::from_millis(20);
/// A delivery that is still behind after this is too slow to go live on.
const PATIENCE: Duration = Duration::from_secs(4);
/// In place of the last event once the instance stops.
const ENDED: i64 = i64::MAX;

/// The last delivered event, and whether somebody waits for a later one.
pub(super) struct Progress {
    delivered: watch::Sender<i64>,
    wanted: Notify,
    missed: AtomicBool,
}

impl Progress {
    /// Everything up to `delivered` is.
    pub fn at(delivered: i64) -> Self {
        Self { delivered: watch::Sender::new(delivered), wanted: Notify::new(), missed: AtomicBool::new(false) }
    }

    /// Everything up to `seq` is delivered.
    pub fn set(&self, seq: i64) {
        self.delivered.send_modify(|at| *at = if *at == ENDED { ENDED } else { seq });
    }

    /// Nothing more will be delivered: nobody waits any longer.
    pub fn end(&self) {
        self.delivered.send_replace(ENDED);
    }

    /// Some events up to `seq` are no longer kept: what was known from events is to be read anew.
    pub fn skip_to(&self, seq: i64) {
        self.missed.store(true, Ordering::Release);
        self.set(seq);
    }

    /// Whether any was skipped since the last call.
    pub fn take_missed(&self) -> bool {
        self.missed.swap(false, Ordering::Acquire)
    }

    /// Waits until somebody waits for an event that is late.
    pub async fn wanted(&self) {
        self.wanted.notified().await;
    }
}

impl Hub {
    /// Waits until everything up to `seq` is delivered here; false when it takes too long. Somebody whose rights were read
    /// at that event goes live after it: they hear nothing that was said before they had these rights, and are not sent
    /// away for what they had lost before.
    pub async fn reached(&self, seq: i64) -> bool {
        let mut delivered = self.progress.delivered.subscribe();
        let is_there = |at: &i64| *at >= seq;
        if timeout(SOON, delivered.wait_for(is_there)).await.is_ok() {
            return true;
        }
        self.progress.wanted.notify_one();
        timeout(PATIENCE, delivered.wait_for(is_there)).await.is_ok()
    }
}
