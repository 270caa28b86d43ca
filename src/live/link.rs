//! One socket's hold on the hub. Dropping it disconnects.

use std::{collections::HashSet, sync::Arc};

use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    Topic,
    hub::{Entry, Greeting, Hub},
    socket::Out,
};

/// A registered socket. Its task reads the past, goes live, then writes what [`Link::next`] hands out.
pub struct Link {
    hub: Arc<Hub>,
    key: u64,
    delivered: i64,
    wake: Arc<Notify>,
}

impl Link {
    pub(super) fn new(hub: Arc<Hub>, key: u64, delivered: i64, wake: Arc<Notify>) -> Self {
        Self { hub, key, delivered, wake }
    }

    /// The last event delivered before this socket was registered: replay up to here, the hub has the rest.
    pub fn delivered(&self) -> i64 {
        self.delivered
    }

    /// See [`Hub::go_live`].
    pub fn go_live(&self, entry: Entry) {
        self.hub.go_live(self.key, entry);
    }

    /// See [`Hub::show`].
    pub fn show(&self, page: Vec<Topic>, leaves: u64) -> Option<i64> {
        self.hub.show(self.key, page, leaves)
    }

    /// See [`Hub::leaves`].
    pub fn leaves(&self) -> u64 {
        self.hub.leaves()
    }

    /// Whether it hears a topic now.
    pub fn hears(&self, topic: &Topic) -> bool {
        self.hub.hears(self.key, topic)
    }

    /// Topics that it hears now.
    pub fn topics(&self) -> Vec<Topic> {
        self.hub.topics_of(self.key)
    }

    /// See [`Hub::set_idle`].
    pub fn set_idle(&self, idle: bool) -> Option<bool> {
        self.hub.set_idle(self.key, idle)
    }

    /// See [`Hub::shown`].
    pub fn shown(&self, read: &HashSet<Uuid>, greeting: Greeting) {
        self.hub.shown(self.key, read, greeting);
    }

    /// Waits until there is something to write and takes all of it. Safe to cancel.
    pub async fn next(&self) -> Vec<Out> {
        loop {
            let waiting = self.hub.take(self.key);
            if !waiting.is_empty() {
                self.hub.meters.written(&waiting);
                return waiting;
            }
            self.wake.notified().await;
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.hub.disconnect(self.key);
    }
}
