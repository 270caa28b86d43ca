//! The thread that reads all sockets of the load.

use std::collections::HashMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, mpsc};
use std::time::Instant;

use anyhow::Result;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token, Waker};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::frame::{self, Event};
use crate::sockets::{Counts, Seen};
use crate::websocket;

const WAKER: Token = Token(usize::MAX);
const READ_BYTES: usize = 256 * 1024;

/// What the run tells the thread.
pub enum Command {
    Put { socket: usize, stream: TcpStream, rest: Vec<u8> },
    Say { socket: usize, text: String },
    Stall { socket: usize, is_stalled: bool },
    Take(oneshot::Sender<Vec<Seen>>),
    Stop,
}

/// What happened to a socket.
#[derive(Clone, Copy, Debug)]
pub enum Note {
    /// The server greeted it: all that it lacked came before.
    Greeted {
        socket: usize,
        at: Instant,
    },
    Ended(Ended),
}

/// A socket that the server closed.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    pub socket: usize,
    /// When to come back, if the server said so.
    pub retry_ms: Option<u64>,
    /// The last number applied: where a reconnect goes on.
    pub cursor: u64,
}

struct Socket {
    stream: TcpStream,
    /// The begun frame at the end of what was read.
    begun: Vec<u8>,
    seq: u64,
    retry_ms: Option<u64>,
    is_stalled: bool,
}

pub struct Reader {
    poll: Poll,
    commands: mpsc::Receiver<Command>,
    counts: Arc<Counts>,
    notes: UnboundedSender<Note>,
    sockets: Vec<Option<Socket>>,
    /// On how many sockets each message is.
    progress: HashMap<Uuid, usize>,
    log: Vec<Seen>,
    base: Instant,
}

impl Reader {
    /// A reader of no socket yet, and what wakes it for a command.
    pub fn new(
        commands: mpsc::Receiver<Command>,
        counts: Arc<Counts>,
        notes: UnboundedSender<Note>,
        base: Instant,
    ) -> Result<(Self, Waker)> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKER)?;
        let (sockets, progress, log) = (Vec::new(), HashMap::new(), Vec::new());
        Ok((Self { poll, commands, counts, notes, sockets, progress, log, base }, waker))
    }

    /// Reads until it is told to stop.
    pub fn run(mut self) {
        let (mut events, mut buffer) = (Events::with_capacity(1_024), vec![0; READ_BYTES]);
        loop {
            if let Err(error) = self.poll.poll(&mut events, None)
                && error.kind() != ErrorKind::Interrupted
            {
                return;
            }
            for event in &events {
                if event.token() != WAKER {
                    self.read(event.token().0, event.is_read_closed(), &mut buffer);
                }
            }
            if self.obey(&mut buffer) {
                return;
            }
        }
    }

    /// Does what was asked; true when that is to stop.
    fn obey(&mut self, buffer: &mut [u8]) -> bool {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Put { socket, stream, rest } => self.put(socket, stream, &rest, buffer),
                Command::Say { socket, text } => {
                    if let Some(Some(socket)) = self.sockets.get_mut(socket) {
                        let _ = socket.stream.write(&websocket::from_client(websocket::TEXT, text.as_bytes()));
                    }
                }
                Command::Stall { socket, is_stalled } => {
                    if let Some(Some(found)) = self.sockets.get_mut(socket) {
                        found.is_stalled = is_stalled;
                    }
                    // What came meanwhile is announced no second time.
                    self.read(socket, true, buffer);
                }
                Command::Take(answer) => {
                    self.progress.clear();
                    let _ = answer.send(std::mem::take(&mut self.log));
                }
                Command::Stop => return true,
            }
        }
        false
    }

    fn put(&mut self, place: usize, mut stream: TcpStream, rest: &[u8], buffer: &mut [u8]) {
        if self.poll.registry().register(&mut stream, Token(place), Interest::READABLE).is_err() {
            return;
        }
        if self.sockets.len() <= place {
            self.sockets.resize_with(place + 1, || None);
        }
        let socket = Socket { stream, begun: Vec::new(), seq: 0, retry_ms: None, is_stalled: false };
        self.sockets[place] = Some(socket);
        self.take_in(place, rest);
        // What came before it was registered may be announced no more.
        self.read(place, true, buffer);
    }

    fn read(&mut self, place: usize, to_the_end: bool, buffer: &mut [u8]) {
        loop {
            let Some(Some(socket)) = self.sockets.get_mut(place) else { return };
            if socket.is_stalled {
                return;
            }
            match socket.stream.read(buffer) {
                Ok(0) => return self.end(place),
                Ok(length) => {
                    self.take_in(place, &buffer[..length]);
                    // Less than the buffer holds: the kernel has no more, and will say when it does.
                    if length < buffer.len() && !to_the_end {
                        return;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return self.end(place),
            }
        }
    }

    fn end(&mut self, place: usize) {
        let Some(socket) = self.sockets[place].take() else { return };
        self.counts.closed.fetch_add(1, Relaxed);
        let (retry_ms, cursor) = (socket.retry_ms, socket.seq);
        let _ = self.notes.send(Note::Ended(Ended { socket: place, retry_ms, cursor }));
    }

    /// Cuts what was read into frames; an incomplete last one is kept.
    fn take_in(&mut self, place: usize, bytes: &[u8]) {
        self.counts.bytes.fetch_add(bytes.len(), Relaxed);
        let Some(socket) = self.sockets[place].as_mut() else { return };
        let begun = std::mem::take(&mut socket.begun);
        let joined = if begun.is_empty() { None } else { Some([&begun[..], bytes].concat()) };
        let mut rest = joined.as_deref().unwrap_or(bytes);
        let at_us = u64::try_from(self.base.elapsed().as_micros()).unwrap_or(u64::MAX);
        while let Some(frame) = websocket::first(rest) {
            let payload = &rest[frame.payload.clone()];
            match frame.opcode {
                websocket::TEXT => frame::events(payload, |event| self.apply(place, event, at_us)),
                websocket::CLOSE => self.closing(place, payload),
                websocket::PING => self.pong(place, payload),
                _ => {}
            }
            rest = &rest[frame.payload.end..];
        }
        if let (false, Some(socket)) = (rest.is_empty(), self.sockets[place].as_mut()) {
            socket.begun = rest.to_vec();
        }
    }

    fn closing(&mut self, place: usize, payload: &[u8]) {
        if let (Some(code), Some(socket)) = (payload.first_chunk::<2>(), self.sockets[place].as_mut()) {
            // The answer of a browser; the server then ends the connection.
            let _ = socket.stream.write(&websocket::from_client(websocket::CLOSE, code));
        }
    }

    fn pong(&mut self, place: usize, payload: &[u8]) {
        if let Some(socket) = self.sockets[place].as_mut() {
            let _ = socket.stream.write(&websocket::from_client(websocket::PONG, payload));
        }
    }

    fn apply(&mut self, place: usize, event: Event, at_us: u64) {
        let Some(socket) = self.sockets[place].as_mut() else { return };
        if event.is_reset {
            self.counts.resets.fetch_add(1, Relaxed);
        }
        if event.is_greeting {
            self.counts.greeted.fetch_add(1, Relaxed);
            let _ = self.notes.send(Note::Greeted { socket: place, at: Instant::now() });
        }
        socket.retry_ms = event.retry_ms.or(socket.retry_ms);
        // What is not stored (presence, heartbeats) repeats the current number; a message has its own.
        let seq = event.seq.unwrap_or(socket.seq);
        if seq < socket.seq || (seq == socket.seq && !event.messages.is_empty()) {
            self.counts.out_of_order.fetch_add(1, Relaxed);
        }
        socket.seq = seq.max(socket.seq);
        for message in event.messages {
            self.log.push(Seen { message, socket: u32::try_from(place).unwrap_or(u32::MAX), at_us });
            self.counts.delivered.fetch_add(1, Relaxed);
            let sockets = self.progress.entry(message).or_default();
            *sockets += 1;
            if *sockets == self.counts.audience.load(Relaxed) {
                self.counts.everywhere().insert(message, at_us);
                self.counts.arrived.notify_waiters();
            }
        }
    }
}
