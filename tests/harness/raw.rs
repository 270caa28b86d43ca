//! A client that speaks WebSocket byte by byte (RFC 6455), so that it can also speak it wrongly.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// A frame that the server sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// 1 text, 8 close, 9 ping, 10 pong.
    pub opcode: u8,
    /// What it holds.
    pub payload: Vec<u8>,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A close frame with this code; 1005 without one.
    Code(u16),
    /// The connection, without a word.
    Cut,
}

/// An open socket.
pub struct Raw {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Raw {
    /// Opens `/live` as the person of this cookie; the status when it is refused.
    pub async fn open(address: SocketAddr, cookie: &str, query: &str) -> Result<Self, u16> {
        let headers = format!("cookie: {cookie}\r\nsec-fetch-site: same-origin\r\n");
        Self::upgrade(address, &format!("/live?{query}"), &headers).await
    }

    /// Asks for an upgrade with these further headers.
    pub async fn upgrade(address: SocketAddr, path: &str, headers: &str) -> Result<Self, u16> {
        let socket = TcpSocket::new_v4().unwrap();
        // Whoever does not read is full soon.
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut raw = Self { stream, read: Vec::new() };
        let end = loop {
            if let Some(at) = raw.read.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(raw.fill().await, "an answer has an end");
        };
        let head = String::from_utf8(raw.read.drain(..end).collect()).unwrap();
        let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
        if status != 101 {
            return Err(status);
        }
        // The key above is the one of the RFC's example, and so is its answer.
        assert!(head.to_lowercase().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{head}");
        Ok(raw)
    }

    /// Reads more; false at the end.
    async fn fill(&mut self) -> bool {
        matches!(self.stream.read_buf(&mut self.read).await, Ok(1..))
    }

    /// Sends bytes; a server that closed meanwhile is no failure.
    pub async fn bytes(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// Sends a text in one masked frame.
    pub async fn say(&mut self, text: &str) {
        self.bytes(&frame(0x81, text.as_bytes())).await;
    }

    /// The next frame; `None` when the connection ended.
    pub async fn frame(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, length)) = parse(&self.read) {
                self.read.drain(..length);
                return Some(frame);
            }
            if !self.fill().await {
                return None;
            }
        }
    }

    /// The next text that holds a word, within five seconds.
    pub async fn until(&mut self, word: &str) -> String {
        let found = async {
            loop {
                let frame = self.frame().await.unwrap_or_else(|| panic!("ended before {word}"));
                assert_ne!(frame.opcode, 8, "closed before {word}: {:?}", code(&frame.payload));
                let text = String::from_utf8_lossy(&frame.payload).into_owned();
                if frame.opcode == 1 && text.contains(word) {
                    return text;
                }
            }
        };
        timeout(Duration::from_secs(5), found).await.unwrap_or_else(|_| panic!("not within five seconds: {word}"))
    }

    /// The next pong's payload.
    pub async fn pong(&mut self) -> Vec<u8> {
        loop {
            let frame = self.frame().await.expect("a pong before the end");
            if frame.opcode == 10 {
                return frame.payload;
            }
        }
    }

    /// Reads to the end; `None` when it did not come within five seconds.
    pub async fn end(&mut self) -> Option<End> {
        let ended = async {
            let mut end = End::Cut;
            while let Some(frame) = self.frame().await {
                if frame.opcode == 8 {
                    end = End::Code(code(&frame.payload));
                    // As a browser does: the same code back, and the server ends the connection.
                    self.bytes(&self::frame(0x88, &frame.payload)).await;
                }
            }
            end
        };
        timeout(Duration::from_secs(5), ended).await.ok()
    }
}

/// A masked frame: first byte (final bit and opcode), then what it holds.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header(first, 0x80, payload.len() as u64);
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// The same without a mask, which a client must not send.
pub fn unmasked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header(first, 0, payload.len() as u64);
    bytes.extend(payload);
    bytes
}

/// First byte and length; `mask` is 0x80 or nothing.
pub fn header(first: u8, mask: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    match length {
        0..126 => bytes.push(mask | length as u8),
        126..65_536 => {
            bytes.push(mask | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
        _ => {
            bytes.push(mask | 127);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes
}

/// A whole unmasked frame at the start, and its length in bytes.
fn parse(bytes: &[u8]) -> Option<(Frame, usize)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    assert_eq!(second & 0x80, 0, "a server never masks");
    assert_eq!(first & 0x70, 0, "no extension was agreed on");
    assert_eq!(first & 0x80, 0x80, "the server never fragments");
    let (start, length) = match second & 0x7f {
        126 => (4, u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let end = start + usize::try_from(length).ok()?;
    let payload = bytes.get(start..end)?.to_vec();
    Some((Frame { opcode: first & 0x0f, payload }, end))
}

/// The code of a close frame; 1005 without one.
pub fn code(payload: &[u8]) -> u16 {
    payload.first_chunk::<2>().map_or(1005, |code| u16::from_be_bytes(*code))
}
