//! One socket as the hub sees it: who, what it hears, and a bounded queue of frames.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use uuid::Uuid;
use views::text::Locale;

use super::{Event, Frame, Topic};

/// Frames queued per socket; one more closes it with 1013, and it catches up by its cursor.
pub const QUEUE_FRAMES: usize = 512;
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
    /// A poll takes what is due and leaves; its person counts as connected until then.
    pub visit_until: Option<DateTime<Utc>>,
}

/// A registered socket.
pub(super) struct Socket {
    pub user: Uuid,
    pub session: Uuid,
    pub locale: Locale,
    pub expires_at: DateTime<Utc>,
    /// Everything delivered while the socket reads its past from the database; `None` once it is live.
    pub joining: Option<Vec<Event>>,
    pub held: HashSet<Topic>,
    pub page: HashSet<Topic>,
    pub idle: bool,
    pub is_visit: bool,
    pub queue: VecDeque<Out>,
    wake: Arc<Notify>,
}

impl Socket {
    pub fn new(visitor: Visitor, wake: Arc<Notify>) -> Self {
        Self {
            user: visitor.user,
            session: visitor.session,
            locale: visitor.locale,
            expires_at: visitor.expires_at,
            joining: Some(Vec::new()),
            held: HashSet::new(),
            page: HashSet::new(),
            idle: false,
            is_visit: visitor.visit_until.is_some(),
            queue: VecDeque::new(),
            wake,
        }
    }

    pub fn hears(&self, topic: &Topic) -> bool {
        self.held.contains(topic) || self.page.contains(topic)
    }

    pub fn topics(&self) -> Vec<Topic> {
        self.held.union(&self.page).cloned().collect()
    }

    /// Keeps an event for a socket that is not live yet.
    pub fn keep(&mut self, event: &Event) {
        match &mut self.joining {
            Some(kept) if kept.len() < QUEUE_FRAMES => kept.push(event.clone()),
            Some(_) => self.close(close::LAG),
            None => {}
        }
    }

    pub fn push(&mut self, out: Out) {
        if matches!(self.queue.back(), Some(Out::Close(_))) {
            return;
        }
        if self.queue.len() >= QUEUE_FRAMES {
            return self.close(close::LAG);
        }
        self.queue.push_back(out);
        self.wake.notify_one();
    }

    /// Drops what waits: the browser catches up by its cursor, or must not see it any more.
    pub fn close(&mut self, code: u16) {
        if code != close::RESTART {
            self.queue.clear();
        }
        if !matches!(self.queue.back(), Some(Out::Close(_))) {
            self.queue.push_back(Out::Close(code));
        }
        self.wake.notify_one();
    }
}
