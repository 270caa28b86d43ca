//! What a socket, an event stream or a poll is sent: text that is drawn once and shared by everyone who gets it.

use std::fmt;

use bytes::Bytes;

/// A frame's text. A clone is a reference, and so are the bytes that a transport takes of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// The shared buffer itself: UTF-8.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // It was made of a `str`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl From<&str> for Frame {
    fn from(text: &str) -> Self {
        Self(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({:?})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_gets_a_frame_gets_the_same_buffer() {
        let frame = Frame::from("<p>á</p>".to_owned());
        let other = frame.clone();
        assert_eq!(other.as_str(), "<p>á</p>");
        assert_eq!(other.bytes().clone().as_ptr(), frame.bytes().as_ptr());
    }
}
