//! What waits for one socket, between the hub and the wire. The hub writes it out itself as long as the socket takes
//! everything; the socket's task is only woken when it does not.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, Semaphore, watch},
    time::{Instant, timeout_at},
};

use super::{
    Frame,
    meters::Meters,
    socket::{Out, QUEUE_BYTES, QUEUE_FRAMES, close},
    wire::{
        Frames,
        outlet::{Batch, Outlet, Written},
    },
};

/// Sockets that a background writer writes to before others get their turn: about a third of a millisecond.
const TURN: usize = 32;
/// What more sockets than this are due is written in the background, so that a small audience need not wait for it.
const SMALL: usize = 128;
/// Tasks that write in the background at once.
const WRITERS: usize = 2;

/// Mailboxes with something to write, each listed once.
pub(super) type Due = Vec<Arc<Mailbox>>;

/// A bounded queue of frames, and the socket they go to if it is one that the hub can write.
pub(super) struct Mailbox {
    queue: Mutex<Queue>,
    wake: Notify,
    outlet: OnceLock<Arc<Outlet>>,
    meters: Arc<Meters>,
}

#[derive(Default)]
struct Queue {
    frames: Frames,
    bytes: usize,
    closing: Option<u16>,
    /// What was queued before the close is not to be seen any more.
    is_cut: bool,
    /// The hub may write: nobody is writing the past.
    is_open: bool,
    /// Somebody is about to write.
    is_listed: bool,
}

impl Mailbox {
    /// Nothing waits, and nobody but the socket's own task writes.
    pub fn new(meters: Arc<Meters>) -> Self {
        Self { queue: Mutex::default(), wake: Notify::new(), outlet: OnceLock::new(), meters }
    }

    /// How many frames wait.
    pub fn depth(&self) -> usize {
        self.queue().frames.len()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a frame; one too many closes instead.
    pub fn push(self: &Arc<Self>, frame: Frame, due: &mut Due) {
        let mut queue = self.queue();
        if queue.closing.is_some() {
            return;
        }
        if queue.frames.len() >= QUEUE_FRAMES || queue.bytes >= QUEUE_BYTES {
            drop(queue);
            return self.close(close::LAG, due);
        }
        queue.bytes += frame.wire().len();
        queue.frames.push(frame);
        self.list(queue, due);
    }

    /// Drops what waits, unless the instance stops: the browser catches up by its cursor, or must not see it any more.
    pub fn close(self: &Arc<Self>, code: u16, due: &mut Due) {
        let mut queue = self.queue();
        if code != close::RESTART {
            queue.frames = Frames::new();
            queue.is_cut = true;
        }
        queue.closing.get_or_insert(code);
        self.list(queue, due);
    }

    fn list(self: &Arc<Self>, mut queue: MutexGuard<'_, Queue>, due: &mut Due) {
        if !queue.is_open {
            self.wake.notify_one();
        } else if !std::mem::replace(&mut queue.is_listed, true) {
            due.push(Arc::clone(self));
        }
    }

    /// Names the socket that the hub shall write to from the next [`Mailbox::open`] on.
    pub fn attach(&self, outlet: Arc<Outlet>) {
        let _ = self.outlet.set(outlet);
    }

    /// From here on the hub writes.
    pub fn open(&self) {
        if self.outlet.get().is_some() {
            self.queue().is_open = true;
            self.write();
        }
    }

    /// From here on what comes waits.
    pub fn hold(&self) {
        self.queue().is_open = false;
    }

    /// Takes all that waits, for a transport that writes by itself.
    pub fn take(&self) -> Vec<Out> {
        let mut queue = self.queue();
        queue.bytes = 0;
        let (frames, closing) = (std::mem::take(&mut queue.frames), queue.closing);
        drop(queue);
        if !frames.is_empty() || closing.is_some() {
            self.meters.written(&frames, closing);
        }
        frames.into_iter().map(Out::Frame).chain(closing.map(Out::Close)).collect()
    }

    /// Waits until something may have to be taken, or written with patience.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Writes what waits, as much as the socket takes. The task is woken for the rest, and when it is over.
    pub fn write(&self) {
        if !matches!(self.try_write(), Ok(Written::All)) {
            self.wake.notify_one();
        }
    }

    fn try_write(&self) -> io::Result<Written> {
        let Some(outlet) = self.outlet.get() else { return Ok(Written::All) };
        outlet.write(|is_empty| self.batch(is_empty))
    }

    fn batch(&self, is_empty: bool) -> Option<Batch> {
        let mut queue = self.queue();
        queue.is_listed = false;
        if !queue.is_open || !(is_empty || queue.is_cut) {
            return None;
        }
        queue.bytes = 0;
        let (mut frames, closing, is_cut) = (std::mem::take(&mut queue.frames), queue.closing, queue.is_cut);
        drop(queue);
        if frames.is_empty() && closing.is_none() {
            return None;
        }
        self.meters.written(&frames, closing);
        frames.extend(closing.map(Frame::close));
        Some(Batch { frames, is_last: closing.is_some(), is_cut })
    }

    /// Writes what the socket did not take at once, whenever it takes more; ends with the last frame. Safe to cancel.
    ///
    /// # Errors
    /// The connection is gone, or took a batch not within `patience`.
    pub async fn tend(&self, patience: Duration) -> io::Result<()> {
        let (mut batch, mut until) = (0, Instant::now());
        loop {
            match (self.try_write()?, self.outlet.get()) {
                (Written::Last, _) => return Ok(()),
                (Written::Part(number), Some(outlet)) => {
                    if batch != number {
                        (batch, until) = (number, Instant::now() + patience);
                    }
                    // Seldom, and large.
                    Box::pin(timeout_at(until, outlet.writable())).await.map_err(|_| io::ErrorKind::TimedOut)??;
                }
                _ => self.woken().await,
            }
        }
    }
}

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
