//! Who writes what was queued under the hub's lock, once it is free.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use super::mailbox::Due;

/// Sockets that a background writer writes to before others get their turn: about a third of a millisecond.
const TURN: usize = 32;
/// What more sockets than this are due is written in the background, so that a small audience need not wait for it.
const SMALL: usize = 128;
/// Tasks that write in the background at once.
const WRITERS: usize = 2;

/// Who writes what is due.
pub(super) struct Writers {
    turns: Arc<Semaphore>,
    /// Tasks that have not ended. Each has more than half of [`SMALL`] mailboxes, and no two have the same one.
    tasks: watch::Sender<usize>,
}

impl Default for Writers {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(WRITERS)), tasks: watch::Sender::new(0) }
    }
}

impl Writers {
    /// Writes what is due: at once when it is little, in the background when it is much.
    pub fn write(&self, due: Due) {
        if due.len() <= SMALL {
            return due.iter().for_each(|mailbox| mailbox.write());
        }
        let share = due.len().div_ceil(WRITERS);
        let mut rest = due;
        while !rest.is_empty() {
            let later = rest.split_off(share.min(rest.len()));
            self.tasks.send_modify(|tasks| *tasks += 1);
            tokio::spawn(write_in_turns(Arc::clone(&self.turns), Counted(self.tasks.clone()), rest));
            rest = later;
        }
    }

    /// Whether nothing is written in the background.
    pub fn are_idle(&self) -> bool {
        *self.tasks.borrow() == 0
    }

    /// Waits until it is so.
    pub async fn idle(&self) {
        // The sender lives as long as we do.
        let _ = self.tasks.subscribe().wait_for(|tasks| *tasks == 0).await;
    }
}

/// A task that counts as long as it lives.
struct Counted(watch::Sender<usize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|tasks| *tasks -= 1);
    }
}

async fn write_in_turns(turns: Arc<Semaphore>, _counted: Counted, due: Due) {
    // Whoever must wait here finds more in each mailbox: one write for several events.
    let _turn = turns.acquire().await;
    for turn in due.chunks(TURN) {
        turn.iter().for_each(|mailbox| mailbox.write());
        tokio::task::yield_now().await;
    }
}
