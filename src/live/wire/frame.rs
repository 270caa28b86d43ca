//! A frame as it goes over the wire (RFC 6455, section 5.2): encoded once, shared by everyone who gets it.

use std::{fmt, sync::Arc};

use smallvec::SmallVec;

/// Longest payload of a control frame, in bytes.
pub const MAX_CONTROL: usize = 125;
/// The first byte of an unfragmented frame: "the last of its message".
const FIN: u8 = 0x80;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// More of a message that began before.
    Continuation = 0x0,
    /// UTF-8 text.
    Text = 0x1,
    /// Anything else; nobody here speaks it.
    Binary = 0x2,
    /// The last frame of its side.
    Close = 0x8,
    /// A question.
    Ping = 0x9,
    /// Its answer.
    Pong = 0xA,
}

/// One unmasked frame from us, header and payload in one buffer. A clone is a reference.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame(Arc<[u8]>);

impl Frame {
    /// A text message.
    pub fn text(text: &str) -> Self {
        Self::encode(Opcode::Text, text.as_bytes())
    }

    /// The answer to a ping: its own payload, at most [`MAX_CONTROL`] bytes of it.
    pub fn pong(payload: &[u8]) -> Self {
        Self::encode(Opcode::Pong, &payload[..payload.len().min(MAX_CONTROL)])
    }

    /// The last frame: why we close.
    pub fn close(code: u16) -> Self {
        Self::encode(Opcode::Close, &code.to_be_bytes())
    }

    fn encode(opcode: Opcode, payload: &[u8]) -> Self {
        let mut wire = Vec::with_capacity(payload.len() + 10);
        wire.push(FIN | opcode as u8);
        // The lengths are checked above each conversion.
        match payload.len() {
            short @ 0..=MAX_CONTROL => wire.push(short as u8),
            middle @ ..=0xFFFF => {
                wire.push(126);
                wire.extend_from_slice(&(middle as u16).to_be_bytes());
            }
            long => {
                wire.push(127);
                wire.extend_from_slice(&(long as u64).to_be_bytes());
            }
        }
        wire.extend_from_slice(payload);
        Self(wire.into())
    }

    /// Header and payload.
    pub fn wire(&self) -> &[u8] {
        &self.0
    }

    /// The payload.
    pub fn payload(&self) -> &[u8] {
        let header = match self.0.get(1) {
            Some(126) => 4,
            Some(127) => 10,
            _ => 2,
        };
        self.0.get(header..).unwrap_or_default()
    }

    /// The text of a text message: what the browser's script, a server-sent event or a poll gets to see.
    pub fn as_str(&self) -> &str {
        // It was made from a `str`; only a control frame's payload may be something else.
        std::str::from_utf8(self.payload()).unwrap_or_default()
    }
}

impl From<&str> for Frame {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({:?})", self.as_str())
    }
}

/// Frames on their way to one socket: mostly one, or one with its counts, and for these no memory is asked for.
pub type Frames = SmallVec<[Frame; 2]>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_the_length_in_as_few_bytes_as_it_can() {
        for (length, header) in [
            (0, vec![0x81, 0]),
            (125, vec![0x81, 125]),
            (126, vec![0x81, 126, 0, 126]),
            (0xFFFF, vec![0x81, 126, 0xFF, 0xFF]),
            (0x1_0000, vec![0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let text = "x".repeat(length);
            let frame = Frame::text(&text);
            assert_eq!(frame.wire()[..header.len()], header, "{length}");
            assert_eq!(frame.wire().len(), header.len() + length);
            assert_eq!(frame.as_str(), text);
        }
    }

    #[test]
    fn control_frames_are_short() {
        assert_eq!(Frame::close(1013).wire(), [0x88, 2, 0x03, 0xF5]);
        assert_eq!(Frame::pong(b"hi").wire(), b"\x8A\x02hi");
        assert_eq!(Frame::pong(&[0; 200]).payload().len(), MAX_CONTROL);
    }
}
