//! What browsers send (RFC 6455, section 5), read strictly: small masked messages, nothing else.
//!
//! At rest it holds no memory: only the beginning of a frame or of a message that is still to come is kept.

use super::frame::{MAX_CONTROL, Opcode};

/// Longest message of a browser, in bytes; a longer one ends the socket with 1009.
pub const MAX_MESSAGE: usize = 8 * 1024;
/// Frames of one message; a browser sends one. More end the socket with 1009: empty ones cost us, and no bytes.
const MAX_PIECES: u16 = 64;

/// Why a socket ends for what came in; RFC 6455, section 7.4.1.
pub mod code {
    /// As agreed.
    pub const NORMAL: u16 = 1000;
    /// Against the protocol.
    pub const PROTOCOL: u16 = 1002;
    /// A kind of message that nobody here speaks.
    pub const UNSUPPORTED: u16 = 1003;
    /// Text that is no UTF-8.
    pub const NOT_TEXT: u16 = 1007;
    /// More than anyone needs to say.
    pub const POLICY: u16 = 1008;
    /// Too long.
    pub const TOO_BIG: u16 = 1009;
}

/// What a browser said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A whole message.
    Text(String),
    /// A question that is to be answered with the same bytes.
    Ping(Vec<u8>),
    /// An answer, to a question that we do not ask.
    Pong,
    /// It closes; the code to answer with. Nothing follows.
    Close(u16),
}

/// Reads one socket's bytes, however they are cut.
#[derive(Debug, Default)]
pub struct Parser {
    /// A frame that is not here in full.
    partial: Vec<u8>,
    /// The pieces of a message so far, unmasked.
    message: Vec<u8>,
    /// How many pieces they are; 0 between messages.
    pieces: u16,
}

/// A frame's header.
struct Header {
    is_last: bool,
    opcode: Opcode,
    mask: [u8; 4],
    length: usize,
    /// Bytes of the header itself.
    size: usize,
}

impl Parser {
    /// Takes bytes as they come and puts what they complete at the end of `heard`.
    ///
    /// # Errors
    /// The code to close with; what was heard before it still counts, nothing after it may be fed.
    pub fn feed(&mut self, bytes: &[u8], heard: &mut Vec<Incoming>) -> Result<(), u16> {
        if self.partial.is_empty() {
            let used = self.read(bytes, heard)?;
            self.partial.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        let mut partial = std::mem::take(&mut self.partial);
        partial.extend_from_slice(bytes);
        let used = self.read(&partial, heard)?;
        if used < partial.len() {
            partial.drain(..used);
            self.partial = partial;
        }
        Ok(())
    }

    /// Reads the frames that are here in full; answers how many bytes they are.
    fn read(&mut self, bytes: &[u8], heard: &mut Vec<Incoming>) -> Result<usize, u16> {
        let mut used = 0;
        loop {
            let rest = &bytes[used..];
            let Some(header) = self.header(rest)? else { return Ok(used) };
            let Some(payload) = rest.get(header.size..header.size + header.length) else { return Ok(used) };
            used += header.size + header.length;
            let payload = payload.iter().zip(header.mask.iter().cycle()).map(|(byte, mask)| byte ^ mask);
            let is_over = header.opcode == Opcode::Close;
            heard.extend(self.frame(&header, payload)?);
            if is_over {
                return Ok(bytes.len());
            }
        }
    }

    /// The header at the start of `bytes`, checked before its payload is waited for; `None` when it is cut.
    fn header(&self, bytes: &[u8]) -> Result<Option<Header>, u16> {
        let [first, second, rest @ ..] = bytes else { return Ok(None) };
        let opcode = match first & 0x0F {
            0x0 => Opcode::Continuation,
            0x1 => Opcode::Text,
            0x2 => return Err(code::UNSUPPORTED),
            0x8 => Opcode::Close,
            0x9 => Opcode::Ping,
            0xA => Opcode::Pong,
            _ => return Err(code::PROTOCOL),
        };
        let (is_last, has_extension, is_masked) = (first & 0x80 != 0, first & 0x70 != 0, second & 0x80 != 0);
        if has_extension || !is_masked || !self.may_come(opcode, is_last) {
            return Err(code::PROTOCOL);
        }
        let (length, size, shortest) = match (second & 0x7F, rest) {
            (126, [a, b, ..]) => (u64::from(u16::from_be_bytes([*a, *b])), 4, 126),
            (127, [a, b, c, d, e, f, g, h, ..]) => (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 10, 1 << 16),
            (126 | 127, _) => return Ok(None),
            (short, _) => (u64::from(short), 2, 0),
        };
        let is_control = !matches!(opcode, Opcode::Text | Opcode::Continuation);
        if length < shortest || (is_control && length > MAX_CONTROL as u64) {
            return Err(code::PROTOCOL);
        }
        let room = if is_control { MAX_CONTROL } else { MAX_MESSAGE - self.message.len() };
        let length = usize::try_from(length).ok().filter(|l| *l <= room).ok_or(code::TOO_BIG)?;
        let Some([a, b, c, d]) = bytes.get(size..size + 4) else { return Ok(None) };
        Ok(Some(Header { is_last, opcode, mask: [*a, *b, *c, *d], length, size: size + 4 }))
    }

    /// Whether a frame of this kind may stand here: control frames anywhere but whole, pieces in their order.
    fn may_come(&self, opcode: Opcode, is_last: bool) -> bool {
        match opcode {
            Opcode::Text => self.pieces == 0,
            Opcode::Continuation => self.pieces > 0,
            _ => is_last,
        }
    }

    fn frame(&mut self, header: &Header, payload: impl Iterator<Item = u8>) -> Result<Option<Incoming>, u16> {
        match header.opcode {
            Opcode::Ping => Ok(Some(Incoming::Ping(payload.collect()))),
            Opcode::Close => closing(&payload.collect::<Vec<u8>>()).map(|code| Some(Incoming::Close(code))),
            Opcode::Pong => Ok(Some(Incoming::Pong)),
            Opcode::Binary => Err(code::UNSUPPORTED),
            Opcode::Text | Opcode::Continuation => {
                self.message.extend(payload);
                self.pieces += 1;
                if !header.is_last {
                    return if self.pieces < MAX_PIECES { Ok(None) } else { Err(code::TOO_BIG) };
                }
                self.pieces = 0;
                let text = String::from_utf8(std::mem::take(&mut self.message)).map_err(|_| code::NOT_TEXT)?;
                Ok(Some(Incoming::Text(text)))
            }
        }
    }
}

/// The code to answer a close frame with: its own.
fn closing(payload: &[u8]) -> Result<u16, u16> {
    match payload {
        [] => Ok(code::NORMAL),
        [_] => Err(code::PROTOCOL),
        [a, b, reason @ ..] => match u16::from_be_bytes([*a, *b]) {
            said @ (1000..=1003 | 1007..=1014 | 3000..=4999) => {
                std::str::from_utf8(reason).map(|_| said).map_err(|_| code::NOT_TEXT)
            }
            _ => Err(code::PROTOCOL),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

    /// A frame as a browser sends it.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut wire = vec![first];
        match payload.len() {
            short @ 0..=125 => wire.push(0x80 | short as u8),
            middle @ ..=0xFFFF => {
                wire.push(0x80 | 126);
                wire.extend_from_slice(&(middle as u16).to_be_bytes());
            }
            long => {
                wire.push(0x80 | 127);
                wire.extend_from_slice(&(long as u64).to_be_bytes());
            }
        }
        wire.extend_from_slice(&MASK);
        wire.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        wire
    }

    fn read(bytes: &[u8]) -> Result<Vec<Incoming>, u16> {
        let mut heard = Vec::new();
        Parser::default().feed(bytes, &mut heard).map(|()| heard)
    }

    #[test]
    fn what_a_browser_says_is_heard_however_it_is_cut() {
        let long = "ñ".repeat(3_000);
        let mut wire = frame(0x81, b"{\"idle\":true}");
        wire.extend(frame(0x01, "mañ".as_bytes()));
        wire.extend(frame(0x89, b"are you there"));
        wire.extend(frame(0x00, b""));
        wire.extend(frame(0x80, "ana ☎".as_bytes()));
        wire.extend(frame(0x8A, b"unasked"));
        wire.extend(frame(0x81, long.as_bytes()));
        wire.extend(frame(0x88, &[0x03, 0xE9, b'b', b'y', b'e']));
        wire.extend(b"what comes after a close is not read");
        let text = |text: &str| Incoming::Text(text.to_owned());
        let expected = vec![
            text("{\"idle\":true}"),
            Incoming::Ping(b"are you there".to_vec()),
            text("mañana ☎"),
            Incoming::Pong,
            text(&long),
            Incoming::Close(1001),
        ];
        for step in [1, 2, 3, 7, 64, 1_000, wire.len()] {
            let (mut parser, mut heard) = (Parser::default(), Vec::new());
            for piece in wire.chunks(step) {
                if !matches!(heard.last(), Some(Incoming::Close(_))) {
                    parser.feed(piece, &mut heard).unwrap();
                }
            }
            assert_eq!(heard, expected, "in pieces of {step}");
            assert_eq!(parser.partial.capacity() + parser.message.capacity(), 0, "nothing is kept at rest");
        }
    }

    #[test]
    fn what_is_against_the_protocol_closes_with_its_code() {
        let unmasked = vec![0x81, 2, b'h', b'i'];
        let far = |length: u64| [&[0x81, 0xFF][..], &length.to_be_bytes()].concat();
        let cases: Vec<(&str, Vec<u8>, u16)> = vec![
            ("unmasked", unmasked, 1002),
            ("an extension nobody agreed on", frame(0xC1, b"x"), 1002),
            ("an opcode that is not given out", frame(0x83, b"x"), 1002),
            ("binary", frame(0x82, b"x"), 1003),
            ("more of nothing", frame(0x80, b"x"), 1002),
            ("a message inside a message", [frame(0x01, b"x"), frame(0x81, b"y")].concat(), 1002),
            ("a ping in pieces", frame(0x09, b"x"), 1002),
            ("a long ping", frame(0x89, &[b'x'; 126]), 1002),
            ("a length in more bytes than it needs", vec![0x81, 0x80 | 126, 0, 5], 1002),
            ("the same in eight bytes", far(200), 1002),
            ("too long", frame(0x81, &[b'x'; MAX_MESSAGE + 1]), 1009),
            ("longer than memory", far(u64::MAX), 1009),
            ("too long in pieces", [frame(0x01, &[b'x'; 5_000]), frame(0x80, &[b'x'; 5_000])].concat(), 1009),
            ("endless empty pieces", [frame(0x01, b""), frame(0x00, b"").repeat(100)].concat(), 1009),
            ("no text", frame(0x81, &[0xFF, 0xFE]), 1007),
            ("half a character", frame(0x81, &"ñ".as_bytes()[..1]), 1007),
            ("half a code", frame(0x88, &[3]), 1002),
            ("a code that is never sent", frame(0x88, &1005_u16.to_be_bytes()), 1002),
            ("a code of nobody", frame(0x88, &2999_u16.to_be_bytes()), 1002),
            ("a reason that is no text", frame(0x88, &[0x03, 0xE8, 0xFF]), 1007),
        ];
        for (name, wire, expected) in cases {
            assert_eq!(read(&wire), Err(expected), "{name}");
        }
        assert_eq!(read(&frame(0x81, &[b'x'; MAX_MESSAGE])).unwrap().len(), 1, "as long as it may be");
        assert_eq!(read(&frame(0x88, b"")), Ok(vec![Incoming::Close(1000)]));
    }

    #[test]
    fn a_length_is_refused_before_its_bytes_come() {
        let header = &frame(0x81, &[b'x'; MAX_MESSAGE + 1])[..8];
        assert_eq!(read(header), Err(1009));
    }

    #[test]
    fn no_bytes_make_it_panic_or_keep_more_than_a_message() {
        // A linear congruential generator (Knuth's constants): the same bytes in every run.
        let mut seed = 1_u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as u8
        };
        let (mut ended, mut kept) = (0, 0);
        for _ in 0..2_000 {
            let (mut parser, mut heard) = (Parser::default(), Vec::new());
            for _ in 0..50 {
                // Often a plausible start, so that it gets beyond the first two bytes.
                let mut bytes = vec![[0x81, 0x01, 0x80, 0x89][usize::from(random() % 4)], 0x80 | (random() % 128)];
                bytes.extend((0..random()).map(|_| random() % 128));
                if parser.feed(&bytes, &mut heard).is_err() {
                    ended += 1;
                    break;
                }
                kept = kept.max(parser.partial.len() + parser.message.len());
            }
        }
        assert!(ended > 1_000, "only {ended} of the streams were refused");
        assert!((1..=2 * MAX_MESSAGE + 300).contains(&kept), "{kept}");
    }
}
