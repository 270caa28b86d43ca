//! All sockets of the load, read by one thread as cheaply as we know how: one epoll, one buffer, no task per socket.
//! Every event is checked as it comes; what was seen is kept until the run asks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mio::Waker;
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedReceiver;
use uuid::Uuid;

use crate::reader::{Command, Note, Reader};

/// A message on a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    pub message: Uuid,
    pub socket: u32,
    /// Microseconds since the thread began.
    pub at_us: u64,
}

/// What the thread counts while it reads.
#[derive(Debug, Default)]
pub struct Counts {
    /// Sockets that were greeted, each time it happened.
    pub greeted: AtomicUsize,
    /// Messages on sockets.
    pub delivered: AtomicUsize,
    /// Bytes read.
    pub bytes: AtomicUsize,
    /// Events whose number was not above the one before, per socket.
    pub out_of_order: AtomicUsize,
    /// Sockets that were told to fetch the page again.
    pub resets: AtomicUsize,
    /// Sockets that ended.
    pub closed: AtomicUsize,
    /// Sockets on which a message counts as arrived everywhere.
    pub audience: AtomicUsize,
    /// When each message that did was on the last socket, in microseconds.
    pub everywhere: Mutex<HashMap<Uuid, u64>>,
    /// Told whenever `everywhere` grows.
    pub arrived: Notify,
}

/// The sockets of one run. Dropped, all are closed.
pub struct Sockets {
    commands: mpsc::Sender<Command>,
    waker: Arc<Waker>,
    pub counts: Arc<Counts>,
    /// Greetings and ends, as they happened.
    pub notes: UnboundedReceiver<Note>,
    thread: Option<std::thread::JoinHandle<()>>,
    base: Instant,
    opened: usize,
}

impl Sockets {
    /// Starts the thread. A message on `audience` sockets has arrived everywhere.
    pub fn start(audience: usize) -> Result<Self> {
        let (commands, received) = mpsc::channel();
        let (tell, notes) = tokio::sync::mpsc::unbounded_channel();
        let counts = Arc::new(Counts { audience: AtomicUsize::new(audience), ..Counts::default() });
        let base = Instant::now();
        let (reader, waker) = Reader::new(received, Arc::clone(&counts), tell, base)?;
        let thread = std::thread::Builder::new().name("sockets".to_owned()).spawn(move || reader.run())?;
        Ok(Self { commands, waker: Arc::new(waker), counts, notes, thread: Some(thread), base, opened: 0 })
    }

    fn command(&self, command: Command) -> Result<()> {
        self.commands.send(command).ok().context("the sockets' thread ended")?;
        Ok(self.waker.wake()?)
    }

    /// Takes over an open socket; answers its number.
    pub fn add(&mut self, stream: std::net::TcpStream, rest: Vec<u8>) -> Result<usize> {
        self.opened += 1;
        self.put(self.opened - 1, stream, rest)?;
        Ok(self.opened - 1)
    }

    /// Puts an open socket in the place of one that ended.
    pub fn put(&self, socket: usize, stream: std::net::TcpStream, rest: Vec<u8>) -> Result<()> {
        self.command(Command::Put { socket, stream: mio::net::TcpStream::from_std(stream), rest })
    }

    /// Writes a text frame on a socket.
    pub fn say(&self, socket: usize, text: &str) -> Result<()> {
        self.command(Command::Say { socket, text: text.to_owned() })
    }

    /// Reads nothing from this socket any more, until it is told otherwise.
    pub fn stall(&self, socket: usize, is_stalled: bool) -> Result<()> {
        self.command(Command::Stall { socket, is_stalled })
    }

    /// How many were ever opened.
    pub fn opened(&self) -> usize {
        self.opened
    }

    /// Waits until so many greetings were read.
    pub async fn greeted(&self, expected: usize, patience: Duration) -> Result<()> {
        let until = Instant::now() + patience;
        while self.counts.greeted.load(Ordering::Relaxed) < expected {
            let greeted = self.counts.greeted.load(Ordering::Relaxed);
            ensure!(Instant::now() < until, "only {greeted} of {expected} sockets were greeted");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }

    /// Waits until a message is everywhere; the instant of its last arrival, `None` when the time is up.
    pub async fn everywhere(&self, message: Uuid, patience: Duration) -> Option<Instant> {
        let found = async {
            loop {
                let told = self.counts.arrived.notified();
                tokio::pin!(told);
                // Registered before the look, so that nothing arrives between the two.
                told.as_mut().enable();
                if let Some(at) = self.counts.everywhere().get(&message) {
                    return self.base + Duration::from_micros(*at);
                }
                told.await;
            }
        };
        tokio::time::timeout(patience, found).await.ok()
    }

    /// Messages read in all.
    pub fn delivered_so_far(&self) -> usize {
        self.counts.delivered.load(Ordering::Relaxed)
    }

    /// Waits until so many messages were read in all, or the time is up.
    pub async fn delivered(&self, expected: usize, patience: Duration) {
        let until = Instant::now() + patience;
        while self.delivered_so_far() < expected && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Takes what was seen since the last call.
    pub async fn take(&self) -> Result<Vec<Seen>> {
        let (tell, seen) = tokio::sync::oneshot::channel();
        self.command(Command::Take(tell))?;
        Ok(seen.await?)
    }

    /// The instant of a sighting.
    pub fn instant(&self, at_us: u64) -> Instant {
        self.base + Duration::from_micros(at_us)
    }
}

impl Counts {
    /// When each message that is everywhere was on the last socket.
    pub fn everywhere(&self) -> MutexGuard<'_, HashMap<Uuid, u64>> {
        self.everywhere.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Faults that the thread saw by itself.
    pub fn faults(&self) -> usize {
        [&self.out_of_order, &self.resets].map(|count| count.load(Ordering::Relaxed)).iter().sum()
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        let _ = self.command(Command::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
