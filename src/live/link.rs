//! One socket's hold on the hub. Dropping it disconnects.

use std::{collections::HashSet, io, sync::Arc, time::Duration};

use uuid::Uuid;

use super::{
    Topic,
    hub::{Entry, Greeting, Hub},
    mailbox::{Due, Mailbox},
    socket::{Key, Out, close},
    wire::{Frame, Outlet},
};

/// A registered socket. Its task reads the past and goes live. Then either it writes what [`Link::next`] hands out, or
/// the hub writes to the [`Outlet`] that it was registered with, and the task only tends to it ([`Link::tend`]).
pub struct Link {
    hub: Arc<Hub>,
    key: Key,
    mailbox: Arc<Mailbox>,
}

impl Link {
    pub(super) fn new(hub: Arc<Hub>, key: Key, mailbox: Arc<Mailbox>) -> Self {
        Self { hub, key, mailbox }
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
            let waiting = self.mailbox.take();
            if !waiting.is_empty() {
                return waiting;
            }
            self.mailbox.woken().await;
        }
    }

    /// The socket that it was registered with, for what its task reads from it, and writes before [`Link::open`].
    ///
    /// # Errors
    /// There is none: what comes is handed out by [`Link::next`].
    pub fn outlet(&self) -> io::Result<&Outlet> {
        self.mailbox.outlet()
    }

    /// The past is written: what waited and what comes goes out at once, written by whoever brings it.
    pub fn open(&self) {
        self.mailbox.open();
    }

    /// What comes waits until [`Link::open`]: a piece of the past must be written before it.
    ///
    /// # Errors
    /// The connection is gone, or took what was begun not within `patience`.
    pub async fn hold(&self, patience: Duration) -> io::Result<()> {
        self.mailbox.hold(patience).await
    }

    /// Sends something of its own in its turn: the answer to a ping.
    pub fn answer(&self, frame: Frame) {
        self.change(|due| self.mailbox.push([frame], due));
    }

    fn change(&self, change: impl FnOnce(&mut Due)) {
        let mut due = Due::new();
        change(&mut due);
        due.iter().for_each(|mailbox| mailbox.write());
    }

    /// Writes what the socket did not take at once; ends when the last frame, a close, is out. Safe to cancel.
    ///
    /// # Errors
    /// The connection is gone, or took what waited not within `patience`.
    pub async fn tend(&self, patience: Duration) -> io::Result<()> {
        self.mailbox.tend(patience).await
    }

    /// Nothing more is written: it did not keep up.
    pub fn give_up(&self) {
        self.change(|due| self.mailbox.close(close::LAG, due));
    }

    /// Writes a close in place of all that waits.
    ///
    /// # Errors
    /// The connection is gone, or took not even that within `patience`.
    pub async fn close(&self, code: u16, patience: Duration) -> io::Result<()> {
        self.change(|due| self.mailbox.close(code, due));
        self.open();
        self.tend(patience).await
    }

    /// Leaves the hub, then lets the other side read the last frame and close as well.
    pub async fn linger(self) {
        let mailbox = Arc::clone(&self.mailbox);
        drop(self);
        if let Ok(outlet) = mailbox.outlet() {
            outlet.linger().await;
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.hub.disconnect(self.key);
    }
}
