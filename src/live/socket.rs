//! One socket as the hub sees it: who, what it hears, and a bounded queue of frames.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use views::text::Locale;

use super::{
    Event, Frame, Topic,
    mailbox::{Due, Mailbox},
    members::Member,
    topics::Topics,
};

slotmap::new_key_type! {
    /// A socket of this hub. Never that of another one: a place is used again, its key is not.
    pub struct Key;
}

/// Frames queued per socket; one more closes it with 1013, and it catches up by its cursor.
pub const QUEUE_FRAMES: usize = 512;
/// Bytes queued per socket before its last frame; the same holds.
pub const QUEUE_BYTES: usize = 256 * 1024;
/// What a socket is to write next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// A text frame, shared by all who get it.
    Frame(Frame),
    /// Close with this code; nothing follows.
    Close(u16),
}

/// Why a socket is closed. 4403 tells the browser not to come back with this session.
pub mod close {
    /// What the socket needs cannot be read: the database does not answer. Reconnect and catch up.
    pub const FAILED: u16 = 1011;
    /// The instance stops; reconnect elsewhere.
    pub const RESTART: u16 = 1012;
    /// The socket did not keep up; reconnect and catch up.
    pub const LAG: u16 = 1013;
    /// The person or the address has as many connections as it may.
    pub const CROWDED: u16 = 4429;
    /// Session revoked or expired, or the person may no longer be here.
    pub const REVOKED: u16 = 4403;
}

/// Who opens a socket.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    /// The person.
    pub user: Uuid,
    /// The session's public id.
    pub session: Uuid,
    /// In whose words frames are sent.
    pub locale: Locale,
    /// When the session ends.
    pub expires_at: DateTime<Utc>,
    /// When it came, if it is a poll: it takes what is due and leaves, and its person counts as connected for a while.
    pub visited_at: Option<DateTime<Utc>>,
}

/// A registered socket.
pub(super) struct Socket {
    pub user: Uuid,
    pub session: Uuid,
    pub expires_at: DateTime<Utc>,
    /// Everything delivered while the socket reads its past from the database; `None` once it is live.
    pub joining: Option<Vec<Event>>,
    pub held: Topics,
    pub page: Topics,
    pub idle: bool,
    pub is_visit: bool,
    pub mailbox: Arc<Mailbox>,
}

impl Socket {
    pub fn new(visitor: Visitor, mailbox: Arc<Mailbox>) -> Self {
        Self {
            user: visitor.user,
            session: visitor.session,
            expires_at: visitor.expires_at,
            joining: Some(Vec::new()),
            held: Topics::default(),
            page: Topics::default(),
            idle: false,
            is_visit: visitor.visited_at.is_some(),
            mailbox,
        }
    }

    /// This socket, for the topics that it hears.
    pub fn member(&self, key: Key) -> Member {
        Member { key, mailbox: Arc::clone(&self.mailbox) }
    }

    pub fn hears(&self, topic: &Topic) -> bool {
        self.held.contains(topic) || self.page.contains(topic)
    }

    pub fn topics(&self) -> Vec<Topic> {
        self.held.iter().chain(self.page.iter().filter(|t| !self.held.contains(t))).cloned().collect()
    }

    /// Keeps an event for a socket that is not live yet.
    pub fn keep(&mut self, event: &Event, due: &mut Due) {
        match &mut self.joining {
            Some(kept) if kept.len() < QUEUE_FRAMES => kept.push(event.clone()),
            Some(_) => self.close(close::LAG, due),
            None => {}
        }
    }

    pub fn push(&self, frame: Frame, due: &mut Due) {
        self.mailbox.push([frame], due);
    }

    /// Drops what waits: the browser catches up by its cursor, or must not see it any more.
    pub fn close(&self, code: u16, due: &mut Due) {
        self.mailbox.close(code, due);
    }
}
