//! The writing side of one socket: whoever has something for it writes at once, without a task in between.

use std::{
    io::{self, ErrorKind, IoSlice},
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

/// A socket that is written without waiting. One at a time writes to it: who that is, its owner sees to.
pub struct Outlet(TcpStream);

/// Frames on their way to one socket, as far as the kernel has not taken them.
#[derive(Debug)]
pub struct Batch {
    frames: Frames,
    /// Bytes of the first frame that are written.
    written: usize,
}

impl Batch {
    /// Nothing of it is written.
    pub fn new(frames: Frames) -> Self {
        Self { frames, written: 0 }
    }

    /// Drops what is not to be seen any more: all but a frame that is begun.
    pub fn cut(&mut self) {
        self.frames.truncate(usize::from(self.written > 0));
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

impl Outlet {
    /// Takes a connection whose handshake is done.
    pub fn new(stream: TcpStream) -> Self {
        Self(stream)
    }

    pub(super) fn stream(&self) -> &TcpStream {
        &self.0
    }

    /// Writes as much as the socket takes; whether that was all.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn write(&self, batch: &mut Batch) -> io::Result<bool> {
        while !batch.frames.is_empty() {
            match self.write_once(batch) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(taken) => batch.forget(taken),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    fn write_once(&self, batch: &Batch) -> io::Result<usize> {
        if let [only] = &batch.frames[..] {
            return self.0.try_write(&only.wire()[batch.written..]);
        }
        let mut slices = [IoSlice::new(&[]); SLICES];
        let mut skip = batch.written;
        for (slice, frame) in slices.iter_mut().zip(&batch.frames) {
            *slice = IoSlice::new(&frame.wire()[skip..]);
            skip = 0;
        }
        self.0.try_write_vectored(&slices[..batch.frames.len().min(SLICES)])
    }

    /// Writes frames and waits until they have left.
    ///
    /// # Errors
    /// The connection is gone, or took them not within `patience`.
    pub async fn send(&self, frames: Vec<Frame>, patience: Duration) -> io::Result<()> {
        let (mut batch, until) = (Batch::new(frames.into()), Instant::now() + patience);
        while !self.write(&mut batch)? {
            self.writable(until).await?;
        }
        Ok(())
    }

    /// Waits until the socket takes more.
    ///
    /// # Errors
    /// The connection is gone, or took nothing `until` then.
    pub async fn writable(&self, until: Instant) -> io::Result<()> {
        timeout_at(until, self.0.writable()).await.map_err(|_| ErrorKind::TimedOut)?
    }

    /// After the last frame: lets the other side read it and close as well. Hanging up on what it still says would
    /// throw the frame away at its end.
    pub async fn linger(&self) {
        let _ = socket2::SockRef::from(&self.0).shutdown(std::net::Shutdown::Write);
        let emptied = async {
            let (mut left, mut void) = (LINGER_BYTES, [0; 4096]);
            while left > 0 && self.0.readable().await.is_ok() {
                match self.0.try_read(&mut void) {
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
