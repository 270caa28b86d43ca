//! Frames of RFC 6455, as far as a load needs them: cut from what was read, and put together to be written.

use std::ops::Range;

/// A text frame.
pub const TEXT: u8 = 1;
/// The other side closes.
pub const CLOSE: u8 = 8;
/// To be answered by a pong.
pub const PING: u8 = 9;
/// Answers a ping.
pub const PONG: u8 = 10;

/// Where a complete frame ends and what it says.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    /// One of the constants above, or another.
    pub opcode: u8,
    /// The payload's place in the bytes that were looked at. Of a server, so never masked.
    pub payload: Range<usize>,
}

/// The frame that these bytes begin with; `None` while a part of it is missing.
pub fn first(bytes: &[u8]) -> Option<Frame> {
    let (&[head, short], rest) = bytes.split_first_chunk::<2>()?;
    let (length, start): (usize, usize) = match short & 0x7f {
        126 => (usize::from(u16::from_be_bytes(*rest.first_chunk::<2>()?)), 4),
        127 => (usize::try_from(u64::from_be_bytes(*rest.first_chunk::<8>()?)).ok()?, 10),
        short => (usize::from(short), 2),
    };
    let end = start.checked_add(length)?;
    (bytes.len() >= end).then_some(Frame { opcode: head & 0x0f, payload: start..end })
}

/// A whole frame as a server writes it.
pub fn from_server(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(opcode, payload.len(), 0);
    frame.extend_from_slice(payload);
    frame
}

/// A whole frame as a client writes it. The mask is always the same: it protects proxies, and there is none here.
pub fn from_client(opcode: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
    let mut frame = head(opcode, payload.len(), 0x80);
    frame.extend_from_slice(&MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

fn head(opcode: u8, length: usize, masked: u8) -> Vec<u8> {
    let mut head = vec![0x80 | opcode];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => head.push(masked | short),
        (_, Ok(middle)) => {
            head.push(masked | 126);
            head.extend_from_slice(&middle.to_be_bytes());
        }
        _ => {
            head.push(masked | 127);
            head.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    head
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_cut_the_same_at_every_length() {
        for length in [0, 1, 125, 126, 500, 65_535, 65_536] {
            let frame = from_server(TEXT, &vec![b'x'; length]);
            let cut = first(&frame).unwrap();
            assert_eq!((cut.opcode, cut.payload.len(), cut.payload.end), (TEXT, length, frame.len()));
            for missing in 1..=frame.len().min(4) {
                assert_eq!(first(&frame[..frame.len() - missing]), None, "{length} less {missing}");
            }
        }
    }

    #[test]
    fn a_client_masks() {
        let frame = from_client(PONG, b"ab");
        assert_eq!((frame[0], frame[1], frame.len()), (0x8a, 0x82, 8));
        assert_eq!([frame[6] ^ frame[2], frame[7] ^ frame[3]], *b"ab");
    }
}
