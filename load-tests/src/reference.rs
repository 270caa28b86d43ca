//! The cheapest possible broadcaster, to compare with: one thread, one encoded frame, one plain write per socket. No
//! people, no database, no framework; whatever a real server adds shows as a ratio to this.
//!
//! A WebSocket handshake on any path makes a socket; `POST` on any path sends the body to every socket. The answer leaves
//! before the first frame.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr};

use anyhow::{Context, Result};
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Registry, Token};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::websocket;

/// The printed line that tells the address.
pub const LISTENING: &str = "reference on ";
const LISTENER: Token = Token(usize::MAX);
const READ_BYTES: usize = 64 * 1024;
/// Longest request; more ends the connection.
const MAX_REQUEST: usize = 1 << 20;
/// A peer that lets more than this wait is cut off.
const MAX_WAITING: usize = 1 << 20;

struct Peer {
    stream: TcpStream,
    /// The begun request of a connection that is no socket.
    asked: Vec<u8>,
    /// What the kernel did not take.
    waiting: Vec<u8>,
    is_socket: bool,
}

#[derive(Default)]
struct Peers(Vec<Option<Peer>>);

/// Serves until it is killed.
pub fn serve(bind: SocketAddr) -> Result<()> {
    let mut poll = Poll::new()?;
    let mut listener = TcpListener::bind(bind).with_context(|| format!("cannot listen on {bind}"))?;
    println!("{LISTENING}{}", listener.local_addr()?);
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let (mut peers, mut free) = (Peers::default(), Vec::new());
    let (mut events, mut buffer) = (Events::with_capacity(1_024), vec![0; READ_BYTES]);
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            polled => polled?,
        }
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((stream, _)) = listener.accept() {
                    peers.add(poll.registry(), &mut free, stream)?;
                }
                continue;
            }
            let place = event.token().0;
            if event.is_writable() {
                peers.write(place, &[]);
            }
            if event.is_readable() && !peers.read(place, &mut buffer) {
                peers.0[place] = None;
                free.push(place);
            }
        }
    }
}

impl Peers {
    fn add(&mut self, registry: &Registry, free: &mut Vec<usize>, mut stream: TcpStream) -> Result<()> {
        let place = free.pop().unwrap_or(self.0.len());
        stream.set_nodelay(true)?;
        registry.register(&mut stream, Token(place), Interest::READABLE | Interest::WRITABLE)?;
        let peer = Some(Peer { stream, asked: Vec::new(), waiting: Vec::new(), is_socket: false });
        match self.0.get_mut(place) {
            Some(empty) => *empty = peer,
            None => self.0.push(peer),
        }
        Ok(())
    }

    /// Whether the peer is still there.
    fn read(&mut self, place: usize, buffer: &mut [u8]) -> bool {
        loop {
            let Some(peer) = self.0[place].as_mut() else { return true };
            match peer.stream.read(buffer) {
                Ok(0) => return false,
                // What sockets say is of no interest.
                Ok(_) if peer.is_socket => {}
                Ok(length) => {
                    peer.asked.extend_from_slice(&buffer[..length]);
                    if peer.asked.len() > MAX_REQUEST {
                        return false;
                    }
                    self.answer(place);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }

    /// Answers the request if all of it is here.
    fn answer(&mut self, place: usize) {
        let Some(peer) = self.0[place].as_mut() else { return };
        let Some((head, body)) = request(&peer.asked) else { return };
        if let Some(key) = field(head, "sec-websocket-key") {
            let accept = derive_accept_key(key.as_bytes());
            peer.is_socket = true;
            peer.asked = Vec::new();
            let answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
            );
            return self.write(place, answer.as_bytes());
        }
        let frame = websocket::from_server(websocket::TEXT, body);
        peer.asked.clear();
        self.write(place, b"HTTP/1.1 204 No Content\r\n\r\n");
        for other in 0..self.0.len() {
            if self.0[other].as_ref().is_some_and(|peer| peer.is_socket) {
                self.write(other, &frame);
            }
        }
    }

    /// Writes what the kernel takes and keeps the rest until it takes more.
    fn write(&mut self, place: usize, bytes: &[u8]) {
        let Some(peer) = self.0[place].as_mut() else { return };
        if bytes.is_empty() && peer.waiting.is_empty() {
            return;
        }
        if peer.waiting.len() > MAX_WAITING {
            let _ = peer.stream.shutdown(Shutdown::Both);
            return;
        }
        if peer.waiting.is_empty() {
            let taken = peer.stream.write(bytes).unwrap_or(0);
            if taken < bytes.len() {
                peer.waiting.extend_from_slice(&bytes[taken..]);
            }
            return;
        }
        peer.waiting.extend_from_slice(bytes);
        let taken = peer.stream.write(&peer.waiting).unwrap_or(0);
        peer.waiting.drain(..taken);
    }
}

/// Head and body of a complete request.
fn request(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr::memmem::find(bytes, b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let length = field(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    Some((head, bytes.get(end..end.checked_add(length)?)?))
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_whole_or_waited_for() {
        let post = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
        assert!(matches!(request(post), Some((_, b"abc"))));
        assert!(request(&post[..post.len() - 1]).is_none() && request(b"GET / HTTP/1.1\r\n").is_none());
    }
}
