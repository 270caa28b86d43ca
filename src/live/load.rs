//! How full a hub is: figures for operators.

use super::{Topic, hub::Hub};

/// How full a hub is at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Connections.
    pub sockets: usize,
    /// People who have at least one.
    pub people: usize,
    /// Topics that somebody hears.
    pub topics: usize,
    /// Frames that wait to be written, over all connections.
    pub queued: usize,
    /// Those of the connection that has the most.
    pub deepest: usize,
}

impl Hub {
    /// How full it is now.
    pub fn load(&self) -> Load {
        let state = self.state();
        let queues = || state.sockets.values().map(|socket| socket.mailbox.depth());
        Load {
            sockets: state.sockets.len(),
            people: state.users.len(),
            topics: state.members.len(),
            queued: queues().sum(),
            deepest: queues().max().unwrap_or(0),
        }
    }

    /// Whether any socket here hears a topic.
    pub fn is_heard(&self, topic: &Topic) -> bool {
        self.state().members.any(topic)
    }

    /// Number of sockets, and the last delivered event.
    pub fn figures(&self) -> (usize, i64) {
        let state = self.state();
        (state.sockets.len(), state.delivered)
    }
}
