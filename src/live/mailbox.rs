//! What waits for one socket, between the hub and the wire. The hub writes it out itself as long as the socket takes
//! everything; the socket's task only acts when it does not.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};
use views::text::Locale;

use super::{
    Frame,
    meters::Meters,
    socket::{Out, QUEUE_BYTES, QUEUE_FRAMES, close},
    wire::{
        Frames,
        outlet::{Batch, Outlet},
    },
};

/// Mailboxes with something to write, each listed once.
pub(super) type Due = Vec<Arc<Mailbox>>;

/// A bounded queue of frames, and the socket they go to if it is one that the hub can write.
pub(super) struct Mailbox {
    /// In whose words its frames are.
    pub locale: Locale,
    queue: Mutex<Queue>,
    wake: Notify,
    outlet: Option<Outlet>,
    meters: Arc<Meters>,
}

#[derive(Default)]
struct Queue {
    frames: Frames,
    bytes: usize,
    turn: Turn,
    /// The task wants the turn, or has it for the past: what is queued waits.
    is_held: bool,
    closing: Option<u16>,
    /// The close is with whoever writes: nothing follows.
    is_over: bool,
    /// What the kernel did not take; then it is the task's turn. Seldom, so that it costs no memory at rest.
    rest: Option<Box<Rest>>,
}

/// Whose turn it is to write: one at a time does, and never under the queue's lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Turn {
    /// The socket's own task: it writes the past, or waits for a kernel that is full.
    #[default]
    Task,
    /// Nobody: there is nothing to write.
    Nobody,
    /// Whoever has the mailbox on a list of [`Due`]; what comes meanwhile is written with it.
    Writer,
}

/// A batch that the kernel did not take whole.
struct Rest {
    batch: Batch,
    /// Since when it waits.
    since: Option<Instant>,
}

/// How far a turn came.
enum Written {
    /// There is nothing to write, or it is not this one's turn.
    Nothing,
    /// The kernel is full, since then.
    Part(Instant),
    /// Everything is with the kernel, and a close at the end of it.
    Last,
}

impl Mailbox {
    /// Nothing waits, and it is the task's turn. Without an outlet it stays so.
    pub fn new(locale: Locale, outlet: Option<Outlet>, meters: Arc<Meters>) -> Self {
        Self { locale, queue: Mutex::default(), wake: Notify::new(), outlet, meters }
    }

    /// How many frames wait.
    pub fn depth(&self) -> usize {
        self.queue().frames.len()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The socket itself.
    ///
    /// # Errors
    /// It is not one that the hub can write.
    pub fn outlet(&self) -> io::Result<&Outlet> {
        self.outlet.as_ref().ok_or_else(|| io::ErrorKind::Unsupported.into())
    }

    /// Queues what belongs together; one too many closes instead.
    pub fn push(self: &Arc<Self>, frames: impl IntoIterator<Item = Frame>, due: &mut Due) {
        let mut queue = self.queue();
        if queue.closing.is_some() {
            return;
        }
        if queue.frames.len() >= QUEUE_FRAMES || queue.bytes >= QUEUE_BYTES {
            drop(queue);
            return self.close(close::LAG, due);
        }
        for frame in frames {
            queue.bytes += frame.wire().len();
            queue.frames.push(frame);
        }
        self.list(queue, due);
    }

    /// Drops what waits, unless the instance stops: the browser catches up by its cursor, or must not see it any more.
    pub fn close(self: &Arc<Self>, code: u16, due: &mut Due) {
        let mut queue = self.queue();
        if queue.closing.is_none() {
            self.meters.closed(code);
        }
        if queue.closing.is_none_or(|former| former == close::RESTART) {
            queue.closing = Some(code);
        }
        if code != close::RESTART {
            queue.frames = Frames::new();
        }
        queue.cut();
        self.list(queue, due);
    }

    fn list(self: &Arc<Self>, mut queue: MutexGuard<'_, Queue>, due: &mut Due) {
        match queue.turn {
            Turn::Task => self.wake.notify_one(),
            Turn::Nobody => {
                queue.turn = Turn::Writer;
                due.push(Arc::clone(self));
            }
            Turn::Writer => {}
        }
    }

    /// Takes all that waits, for a transport that writes by itself.
    pub fn take(&self) -> Vec<Out> {
        let (frames, closing) = self.queue().take(&self.meters);
        frames.into_iter().map(Out::Frame).chain(closing.map(Out::Close)).collect()
    }

    /// Waits until something may have to be taken, or written with patience.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Writes what waits, for whoever has the mailbox on a list. What the socket does not take at once is its task's.
    pub fn write(&self) {
        if !matches!(self.write_as(Turn::Writer), Ok(Written::Nothing)) {
            self.wake.notify_one();
        }
    }

    /// Writes as long as it is this one's turn and the socket takes it.
    fn write_as(&self, whose: Turn) -> io::Result<Written> {
        let outlet = self.outlet()?;
        loop {
            let mut queue = self.queue();
            if queue.turn != whose {
                return Ok(Written::Nothing);
            }
            let Some(mut rest) = queue.next(&self.meters) else { return Ok(self.pass_on(queue)) };
            drop(queue);
            let written = outlet.write(&mut rest.batch);
            if !matches!(written, Ok(true)) {
                let since = self.queue().leave(rest);
                return written.map(|_| Written::Part(since));
            }
        }
    }

    /// Nothing is left of this turn.
    fn pass_on(&self, mut queue: MutexGuard<'_, Queue>) -> Written {
        let next = if queue.is_held || queue.is_over { Turn::Task } else { Turn::Nobody };
        let former = std::mem::replace(&mut queue.turn, next);
        if queue.is_over {
            return Written::Last;
        }
        // A writer hands over to the task that waits for its turn.
        if queue.is_held && former == Turn::Writer {
            self.wake.notify_one();
        }
        Written::Nothing
    }

    /// From here on it is the task's turn, and what comes waits until [`Mailbox::open`].
    ///
    /// # Errors
    /// The connection is gone, or took what was begun not within `patience`.
    pub async fn hold(&self, patience: Duration) -> io::Result<()> {
        self.queue().hold();
        loop {
            match self.write_as(Turn::Task)? {
                Written::Part(since) => self.outlet()?.writable(since + patience).await?,
                Written::Last => return Ok(()),
                Written::Nothing if self.queue().turn == Turn::Task => return Ok(()),
                Written::Nothing => self.woken().await,
            }
        }
    }

    /// Ends the task's turn: from here on the hub writes.
    pub fn open(&self) {
        let mut queue = self.queue();
        queue.is_held = false;
        if queue.turn == Turn::Task {
            queue.turn = Turn::Writer;
            drop(queue);
            self.write();
        }
    }

    /// Writes what the socket did not take at once, whenever it takes more; ends with the last frame. Safe to cancel.
    ///
    /// # Errors
    /// The connection is gone, or took a batch not within `patience`.
    pub async fn tend(&self, patience: Duration) -> io::Result<()> {
        loop {
            match self.write_as(Turn::Task)? {
                Written::Last => return Ok(()),
                // Seldom, and large.
                Written::Part(since) => Box::pin(self.give_up_at(since + patience)).await?,
                Written::Nothing => self.woken().await,
            }
        }
    }

    /// Waits until the socket takes more. One that does not has lagged, unless it is to be closed anyway.
    async fn give_up_at(&self, until: Instant) -> io::Result<()> {
        let taken = self.outlet()?.writable(until).await;
        if taken.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::TimedOut) && self.queue().closing.is_none()
        {
            self.meters.closed(close::LAG);
        }
        taken
    }
}

impl Queue {
    /// Asks for the turn; whoever has it hands it over after this batch.
    fn hold(&mut self) {
        self.is_held = true;
        if self.turn == Turn::Nobody {
            self.turn = Turn::Task;
        }
    }

    /// What is to be written next: first what the kernel did not take.
    fn next(&mut self, meters: &Meters) -> Option<Rest> {
        if let Some(rest) = self.rest.take() {
            return Some(*rest);
        }
        if self.is_held {
            return None;
        }
        let (mut frames, closing) = self.take(meters);
        frames.extend(closing.map(Frame::close));
        (!frames.is_empty()).then(|| Rest { batch: Batch::new(frames), since: None })
    }

    /// Takes all that waits, the close once.
    fn take(&mut self, meters: &Meters) -> (Frames, Option<u16>) {
        let (frames, closing) = (std::mem::take(&mut self.frames), self.closing.filter(|_| !self.is_over));
        (self.bytes, self.is_over) = (0, self.closing.is_some());
        if !frames.is_empty() || closing.is_some() {
            meters.written(&frames, closing.is_some());
        }
        (frames, closing)
    }

    /// The kernel is full: the rest is the task's. Answers since when it waits.
    fn leave(&mut self, mut rest: Rest) -> Instant {
        let since = *rest.since.get_or_insert_with(Instant::now);
        self.turn = Turn::Task;
        self.rest = Some(Box::new(rest));
        self.cut();
        since
    }

    /// Drops what the kernel did not take and nobody is to see any more, once a close other than a restart's comes.
    fn cut(&mut self) {
        if self.is_over || self.closing.is_none_or(|code| code == close::RESTART) {
            return;
        }
        self.rest.iter_mut().for_each(|rest| rest.batch.cut());
    }
}
