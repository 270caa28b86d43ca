//! What the hub keeps under its lock: sockets, who hears which topic, people with their counts.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Audience, Frame, Topic,
    event::{AddTally, Figure, Tallies},
    hub::Greeting,
    socket::{Out, Socket, close},
    tally::{self, TallyFrames},
};

/// Everything of one hub.
#[derive(Default)]
pub(super) struct State {
    pub delivered: i64,
    pub delayed: bool,
    pub stopping: bool,
    pub next_key: u64,
    /// How often somebody left an audience: what was authorised before the last time is asked again.
    pub leaves: u64,
    pub sockets: HashMap<u64, Socket>,
    /// Live sockets by topic.
    pub topics: HashMap<Topic, Vec<u64>>,
    pub users: HashMap<Uuid, User>,
    /// Until when somebody who polled counts as connected.
    pub visits: HashMap<Uuid, DateTime<Utc>>,
}

/// A person with at least one socket.
#[derive(Default)]
pub(super) struct User {
    pub sockets: Vec<u64>,
    /// Unread counts; `None` until the first of the person's sockets is live.
    pub tallies: Option<Tallies>,
}

impl State {
    pub fn join(&mut self, topic: &Topic, users: &[Uuid]) {
        for user in users {
            for key in self.users.get(user).map(|u| u.sockets.clone()).unwrap_or_default() {
                let Some(socket) = self.sockets.get_mut(&key) else { continue };
                if socket.joining.is_some() || socket.hears(topic) {
                    continue;
                }
                socket.held.insert(topic.clone());
                self.topics.entry(topic.clone()).or_default().push(key);
            }
        }
    }

    /// Nothing of the topic reaches these people any more, also not by the page that they show.
    pub fn leave(&mut self, topic: &Topic, users: &[Uuid]) {
        self.leaves += 1;
        for user in users {
            for key in self.users.get(user).map(|u| u.sockets.clone()).unwrap_or_default() {
                let Some(socket) = self.sockets.get_mut(&key) else { continue };
                if socket.joining.is_none() && (socket.held.remove(topic) | socket.page.remove(topic)) {
                    unindex(&mut self.topics, topic, key);
                }
            }
        }
    }

    /// Whether all screens of a person say that nobody is there.
    pub fn is_idle(&self, user: Uuid) -> bool {
        let keys = self.users.get(&user).map(|u| &u.sockets[..]).unwrap_or_default();
        keys.iter().filter_map(|key| self.sockets.get(key)).all(|s| s.idle || s.is_visit)
    }

    /// Sends a socket its person's counts; those of `read` also when they are zero: its page may show another figure.
    pub fn push_tallies(&mut self, key: u64, read: &HashSet<Uuid>, audience: &dyn Audience) {
        let Some(socket) = self.sockets.get_mut(&key) else { return };
        let person = self.users.get(&socket.user);
        let (changed, total) = tally::all(person.and_then(|p| p.tallies.as_ref()), read);
        socket.push(Out::Frame(tally::frame(audience, socket.locale, &changed, total)));
    }

    /// Says that a page is heard, at what is delivered by now.
    pub fn greet(&mut self, key: u64, greeting: Greeting) {
        let Greeting { page, is_reset } = greeting;
        let reset = if is_reset { " reset" } else { "" };
        let (seq, delayed) = (self.delivered, u8::from(self.delayed));
        let frame = format!("<hx-live seq=\"{seq}\" shown=\"{page}\" delayed=\"{delayed}\"{reset}></hx-live>");
        if let Some(socket) = self.sockets.get_mut(&key) {
            socket.push(Out::Frame(frame.into()));
        }
    }

    pub fn revoke(&mut self, user: Uuid, hit: impl Fn(Uuid) -> bool) {
        for socket in self.sockets.values_mut().filter(|s| s.user == user && hit(s.session)) {
            socket.close(close::REVOKED);
        }
    }

    /// Counts one more for a person whom it is for; shows anybody else's figure as it is, unless there is nothing to
    /// see: a row that has just come in has no badge yet.
    pub fn add(&mut self, user: Uuid, seq: i64, drawn: &mut TallyFrames<'_>, tally: &AddTally) {
        if tally.counts_for(user) {
            return self.tally(user, seq, drawn, |old| old + 1);
        }
        let Some(tallies) = self.users.get(&user).and_then(|person| person.tallies.as_ref()) else { return };
        let (figure, total) = tally::current(tallies, drawn.key());
        if figure.count > 0 || figure.is_muted {
            self.show(user, drawn, figure, total);
        }
    }

    /// Changes one figure of a person and shows it, with the total, on all the person's screens.
    pub fn tally(&mut self, user: Uuid, seq: i64, drawn: &mut TallyFrames<'_>, change: impl Fn(i64) -> i64) {
        self.recount(user, seq, drawn, |tallies, key| tally::change(tallies, seq, key, &change));
    }

    /// Mutes something of a person, or no longer, and shows the total on all the person's screens.
    pub fn mute(&mut self, user: Uuid, seq: i64, drawn: &mut TallyFrames<'_>, muted: bool) {
        self.recount(user, seq, drawn, |tallies, key| tally::mute(tallies, seq, key, muted));
    }

    fn recount(
        &mut self,
        user: Uuid,
        seq: i64,
        drawn: &mut TallyFrames<'_>,
        change: impl Fn(&mut Tallies, Uuid) -> (Figure, i64),
    ) {
        let Some(person) = self.users.get_mut(&user) else { return };
        let Some(tallies) = person.tallies.as_mut() else { return };
        // What was read from the database may be ahead of delivery: then the event is in the figure, but a page that
        // was drawn before it does not show that yet.
        let (figure, total) =
            if seq > tallies.seq { change(tallies, drawn.key()) } else { tally::current(tallies, drawn.key()) };
        self.show(user, drawn, figure, total);
    }

    fn show(&mut self, user: Uuid, drawn: &mut TallyFrames<'_>, figure: Figure, total: i64) {
        let Some(person) = self.users.get(&user) else { return };
        for key in &person.sockets {
            if let Some(socket) = self.sockets.get_mut(key).filter(|s| s.joining.is_none()) {
                socket.push(Out::Frame(drawn.frame(socket.locale, figure, total)));
            }
        }
    }

    pub fn broadcast(&mut self, out: &Out) {
        for socket in self.sockets.values_mut() {
            socket.push(out.clone());
        }
    }
}

/// Takes a socket out of a topic's list.
pub(super) fn unindex(topics: &mut HashMap<Topic, Vec<u64>>, topic: &Topic, key: u64) {
    if let Some(keys) = topics.get_mut(topic) {
        keys.retain(|k| *k != key);
        if keys.is_empty() {
            topics.remove(topic);
        }
    }
}

/// The bare cursor, and whether events may be late.
pub(super) fn heartbeat(seq: i64, delayed: bool) -> Frame {
    format!("<hx-live seq=\"{seq}\" delayed=\"{}\"></hx-live>", u8::from(delayed)).into()
}
