//! The reading side of one socket. It owns no buffer: bytes are read onto the stack and parsed on the spot.

use std::io::{self, ErrorKind};

use super::{
    outlet::Outlet,
    parser::{Incoming, Parser},
};

/// Bytes of one read: the longest message of a browser with its header fits.
const READ: usize = 8 * 1024 + 64;

/// What a browser says, as it comes.
#[derive(Default)]
pub struct Inlet(Parser);

/// What one read brought.
#[derive(Debug, Default)]
pub struct Heard {
    /// Whole messages, in order.
    pub said: Vec<Incoming>,
    /// The code to close with after them: what followed is against the protocol.
    pub violation: Option<u16>,
}

impl Inlet {
    /// Waits for something whole from the socket that `outlet` writes to. Safe to cancel.
    ///
    /// # Errors
    /// The connection ended.
    pub async fn listen(&mut self, outlet: &Outlet) -> io::Result<Heard> {
        loop {
            outlet.stream().readable().await?;
            if let Some(heard) = self.read(outlet)? {
                return Ok(heard);
            }
        }
    }

    fn read(&mut self, outlet: &Outlet) -> io::Result<Option<Heard>> {
        let mut bytes = [0; READ];
        match outlet.stream().try_read(&mut bytes) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                let heard = self.parse(&bytes[..n]);
                Ok((heard.violation.is_some() || !heard.said.is_empty()).then_some(heard))
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes bytes that were read already.
    pub fn parse(&mut self, bytes: &[u8]) -> Heard {
        let mut heard = Heard::default();
        heard.violation = self.0.feed(bytes, &mut heard.said).err();
        heard
    }
}
