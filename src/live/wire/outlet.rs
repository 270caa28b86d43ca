//! The writing side of one socket: whoever has something for it writes at once, without a task in between.

use std::{
    io::{self, ErrorKind, IoSlice},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};

use super::{Frame, Frames};

/// Frames in one write; more take another one.
const SLICES: usize = 64;
/// Time that the other side has to close after us.
const LINGER: Duration = Duration::from_secs(1);
/// What it may still say meanwhile, in bytes.
const LINGER_BYTES: usize = 64 * 1024;

/// A socket that is written without waiting. Frames leave in the order in which they are added, whoever adds them.
pub struct Outlet {
    stream: TcpStream,
    rest: Mutex<Rest>,
}

/// What the kernel has not taken yet. Empty at rest, without memory.
#[derive(Default)]
struct Rest {
    frames: Frames,
    /// Bytes of the first frame that are written.
    written: usize,
    /// How often frames were added.
    batches: u64,
    /// Nothing is added any more: the last frame is in.
    is_ending: bool,
}

/// How a write went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Everything is with the kernel.
    All,
    /// The socket is full. The number tells one batch from the next.
    Part(u64),
    /// Everything is, and the last frame with it.
    Last,
}

/// What is to be written after what was added before.
#[derive(Debug, Default)]
pub struct Batch {
    /// In their order.
    pub frames: Frames,
    /// Whether they are the last ones.
    pub is_last: bool,
    /// Whether what waits is not to be seen any more, but for a frame that is begun.
    pub is_cut: bool,
}

impl Outlet {
    /// Takes a connection whose handshake is done.
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, rest: Mutex::default() }
    }

    pub(super) fn stream(&self) -> &TcpStream {
        &self.stream
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        // Nothing between two fields can panic.
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes as much as the socket takes; asks for the next batch only when the one before has left.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn write(&self, next: impl FnOnce(bool) -> Option<Batch>) -> io::Result<Written> {
        let mut rest = self.rest();
        if !rest.is_ending
            && let Some(batch) = next(rest.frames.is_empty())
        {
            rest.add(batch);
        }
        rest.write(&self.stream)
    }

    /// Adds frames and waits until they have left.
    ///
    /// # Errors
    /// The connection is gone, or took them not within `patience`.
    pub async fn send(&self, frames: Vec<Frame>, patience: Duration) -> io::Result<()> {
        let mut batch = Some(Batch { frames: frames.into(), ..Batch::default() });
        let until = Instant::now() + patience;
        while let Written::Part(_) = self.write(|_| batch.take())? {
            timeout_at(until, self.stream.writable()).await.map_err(|_| ErrorKind::TimedOut)??;
        }
        Ok(())
    }

    /// Waits until the socket takes more.
    ///
    /// # Errors
    /// The connection is gone.
    pub async fn writable(&self) -> io::Result<()> {
        self.stream.writable().await
    }

    /// After the last frame: lets the other side read it and close as well. Hanging up on what it still says would
    /// throw the frame away at its end.
    pub async fn linger(&self) {
        let _ = socket2::SockRef::from(&self.stream).shutdown(std::net::Shutdown::Write);
        let emptied = async {
            let (mut left, mut void) = (LINGER_BYTES, [0; 4096]);
            while left > 0 && self.stream.readable().await.is_ok() {
                match self.stream.try_read(&mut void) {
                    Ok(0) => return,
                    Ok(n) => left = left.saturating_sub(n),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(_) => return,
                }
            }
        };
        let _ = timeout(LINGER, emptied).await;
    }
}

impl Rest {
    fn add(&mut self, batch: Batch) {
        if batch.is_cut {
            self.frames.truncate(usize::from(self.written > 0));
        }
        if self.frames.is_empty() {
            self.frames = batch.frames;
        } else {
            self.frames.extend(batch.frames);
        }
        self.is_ending = batch.is_last;
        self.batches += 1;
    }

    fn write(&mut self, stream: &TcpStream) -> io::Result<Written> {
        while !self.frames.is_empty() {
            match self.write_once(stream) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(taken) => self.forget(taken),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Written::Part(self.batches)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.frames = Frames::new();
        Ok(if self.is_ending { Written::Last } else { Written::All })
    }

    fn write_once(&self, stream: &TcpStream) -> io::Result<usize> {
        if let [only] = &self.frames[..] {
            return stream.try_write(&only.wire()[self.written..]);
        }
        let mut slices = [IoSlice::new(&[]); SLICES];
        let mut skip = self.written;
        for (slice, frame) in slices.iter_mut().zip(&self.frames) {
            *slice = IoSlice::new(&frame.wire()[skip..]);
            skip = 0;
        }
        stream.try_write_vectored(&slices[..self.frames.len().min(SLICES)])
    }

    /// Drops what is written.
    fn forget(&mut self, taken: usize) {
        self.written += taken;
        let mut gone = 0;
        while let Some(first) = self.frames.get(gone).filter(|f| f.wire().len() <= self.written) {
            self.written -= first.wire().len();
            gone += 1;
        }
        self.frames.drain(..gone);
    }
}
