//! What the hub keeps under its lock: sockets, who hears which topic, people with their counts.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use slotmap::SlotMap;
use uuid::Uuid;

use super::{
    Audience, Frame, Topic,
    event::{AddTally, Control, Event, Figure, Framed, Tallies, index as place, joins_in},
    hub::{Entry, Greeting},
    mailbox::Due,
    socket::{Key, Socket, close},
    tally::{self, TallyFrames},
    topics::Topics,
};

/// Everything of one hub.
#[derive(Default)]
pub(super) struct State {
    pub delivered: i64,
    pub delayed: bool,
    pub stopping: bool,
    /// How often somebody left an audience: what was authorised before the last time is asked again.
    pub leaves: u64,
    pub sockets: SlotMap<Key, Socket>,
    /// Those that are not live yet.
    pub joining: Vec<Key>,
    /// Live sockets by topic, in their order.
    pub topics: HashMap<Topic, Vec<Key>>,
    pub users: HashMap<Uuid, User>,
    /// Until when somebody who polled counts as connected.
    pub visits: HashMap<Uuid, DateTime<Utc>>,
    /// What is to be written once the lock is free.
    pub due: Due,
}

/// A person with at least one socket.
#[derive(Default)]
pub(super) struct User {
    pub sockets: Vec<Key>,
    /// Unread counts; `None` until the first of the person's sockets is live.
    pub tallies: Option<Tallies>,
}

impl State {
    /// Queues the next event for who hears it. The caller keeps the order.
    pub fn deliver(&mut self, event: &Event, audience: &dyn Audience) {
        self.delivered = event.seq;
        for key in &self.joining {
            if let Some(socket) = self.sockets.get_mut(*key) {
                socket.keep(event, &mut self.due);
            }
        }
        match &*event.body {
            Framed::Fragment { frames, tally } => self.fragment(event, frames, tally.as_ref(), audience),
            Framed::Control(Control::Join { topic, users }) => self.join(topic, users),
            Framed::Control(Control::Leave { topic, users }) => self.leave(topic, users),
            Framed::Control(Control::Revoke { user, only, except }) => {
                self.revoke(*user, |session| only.is_none_or(|s| s == session) && *except != Some(session));
            }
            Framed::Control(Control::SetTally { user, key, value }) => {
                self.tally(*user, event.seq, &mut TallyFrames::new(audience, *key), |_| *value);
            }
            Framed::Control(Control::SetMuted { user, key, muted }) => {
                self.mute(*user, event.seq, &mut TallyFrames::new(audience, *key), *muted);
            }
            // Drawn by whoever asks which dots an event changes.
            Framed::Control(Control::Presence { .. }) => {}
        }
    }

    fn fragment(&mut self, event: &Event, frames: &[Frame; 2], tally: Option<&AddTally>, audience: &dyn Audience) {
        let Some(keys) = self.topics.get(&event.topic) else { return };
        let mut users = Vec::new();
        for socket in keys.iter().filter_map(|key| self.sockets.get(*key)) {
            socket.push(frames[place(socket.locale)].clone(), &mut self.due);
            if tally.is_some() {
                users.push(socket.user);
            }
        }
        let Some(tally) = tally else { return };
        users.sort_unstable();
        users.dedup();
        let mut drawn = TallyFrames::new(audience, tally.key);
        for user in users {
            self.add(user, event.seq, &mut drawn, tally);
        }
    }

    /// Makes a socket live; answers whether it is one that stays. See `Hub::go_live`.
    pub fn enter(&mut self, key: Key, entry: Entry, audience: &dyn Audience) -> bool {
        let Some(socket) = self.sockets.get_mut(key).filter(|socket| !socket.is_over) else { return false };
        let (user_id, locale) = (socket.user, socket.locale);
        socket.held = entry.held.into_iter().chain([Topic::Everyone, Topic::User(user_id)]).collect();
        socket.page = entry.page.into_iter().collect();
        let kept = socket.joining.take().unwrap_or_default();
        self.joining.retain(|k| *k != key);
        for topic in socket.topics() {
            index(&mut self.topics, topic, key);
        }
        if let Some(user) = self.users.get_mut(&user_id).filter(|user| user.tallies.is_none()) {
            user.tallies = Some(tally::caught_up(entry.tallies, user_id, &socket.held, &kept));
        }
        let mut read = entry.read;
        read.extend(kept.iter().filter_map(|event| event.counted_anew(user_id)));
        let joins = joins_in(&kept, user_id);
        for event in kept {
            match &*event.body {
                Framed::Control(Control::Join { topic, users }) if users.contains(&user_id) => {
                    self.join(topic, &[user_id]);
                }
                Framed::Control(Control::Leave { topic, users }) if users.contains(&user_id) => {
                    self.leave(topic, &[user_id]);
                }
                _ => {}
            }
            let Some(socket) = self.sockets.get(key) else { return false };
            let is_before = joins.get(&event.topic).is_some_and(|joined| event.seq < *joined);
            if let (true, Some(frame)) = (socket.hears(&event.topic) && !is_before, event.frame(locale)) {
                socket.push(frame.clone(), &mut self.due);
            }
        }
        self.push_tallies(key, &read, audience);
        self.greet(key, entry.greeting);
        self.sockets.get(key).is_some_and(|socket| !socket.is_visit)
    }

    pub fn join(&mut self, topic: &Topic, users: &[Uuid]) {
        for user in users {
            for key in self.users.get(user).map(|u| u.sockets.clone()).unwrap_or_default() {
                let Some(socket) = self.sockets.get_mut(key) else { continue };
                if socket.joining.is_some() || socket.hears(topic) {
                    continue;
                }
                socket.held.insert(topic.clone());
                index(&mut self.topics, topic.clone(), key);
            }
        }
    }

    /// Nothing of the topic reaches these people any more, also not by the page that they show.
    pub fn leave(&mut self, topic: &Topic, users: &[Uuid]) {
        self.leaves += 1;
        for user in users {
            for key in self.users.get(user).map(|u| u.sockets.clone()).unwrap_or_default() {
                let Some(socket) = self.sockets.get_mut(key) else { continue };
                if socket.joining.is_none() && (socket.held.remove(topic) | socket.page.remove(topic)) {
                    unindex(&mut self.topics, topic, key);
                }
            }
        }
    }

    /// Whether all screens of a person say that nobody is there.
    pub fn is_idle(&self, user: Uuid) -> bool {
        let keys = self.users.get(&user).map(|u| &u.sockets[..]).unwrap_or_default();
        keys.iter().filter_map(|key| self.sockets.get(*key)).all(|s| s.idle || s.is_visit)
    }

    /// Sends a socket its person's counts; those of `read` also when they are zero: its page may show another figure.
    pub fn push_tallies(&mut self, key: Key, read: &HashSet<Uuid>, audience: &dyn Audience) {
        let Some(socket) = self.sockets.get(key) else { return };
        let person = self.users.get(&socket.user);
        let (changed, total) = tally::all(person.and_then(|p| p.tallies.as_ref()), read);
        socket.push(tally::frame(audience, socket.locale, &changed, total), &mut self.due);
    }

    /// Says that a page is heard, at what is delivered by now.
    pub fn greet(&mut self, key: Key, greeting: Greeting) {
        let Greeting { page, is_reset } = greeting;
        let reset = if is_reset { " reset" } else { "" };
        let (seq, delayed) = (self.delivered, u8::from(self.delayed));
        let frame = format!("<hx-live seq=\"{seq}\" shown=\"{page}\" delayed=\"{delayed}\"{reset}></hx-live>");
        if let Some(socket) = self.sockets.get_mut(key) {
            socket.push(frame.into(), &mut self.due);
        }
    }

    /// Closes these sockets. Until they are, nothing can be asked for on them: what was authorised before is asked again.
    pub fn revoke(&mut self, user: Uuid, hit: impl Fn(Uuid) -> bool) {
        self.leaves += 1;
        let keys = self.users.get(&user).map(|person| person.sockets.clone()).unwrap_or_default();
        for key in keys {
            let Some(socket) = self.sockets.get_mut(key).filter(|socket| hit(socket.session)) else { continue };
            for topic in socket.topics() {
                unindex(&mut self.topics, &topic, key);
            }
            (socket.held, socket.page, socket.is_over) = (Topics::default(), Topics::default(), true);
            socket.close(close::REVOKED, &mut self.due);
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
            if let Some(socket) = self.sockets.get_mut(*key).filter(|s| s.joining.is_none()) {
                socket.push(drawn.frame(socket.locale, figure, total), &mut self.due);
            }
        }
    }

    pub fn close_all(&mut self, code: u16) {
        for socket in self.sockets.values() {
            socket.close(code, &mut self.due);
        }
    }
}

/// Puts a socket into a topic's list. The newest has the highest key: mostly at the end.
pub(super) fn index(topics: &mut HashMap<Topic, Vec<Key>>, topic: Topic, key: Key) {
    let keys = topics.entry(topic).or_default();
    if let Err(at) = keys.binary_search(&key) {
        keys.insert(at, key);
    }
}

/// Takes a socket out of a topic's list.
pub(super) fn unindex(topics: &mut HashMap<Topic, Vec<Key>>, topic: &Topic, key: Key) {
    if let Some(keys) = topics.get_mut(topic) {
        if let Ok(at) = keys.binary_search(&key) {
            keys.remove(at);
        }
        if keys.is_empty() {
            topics.remove(topic);
        }
    }
}

/// The bare cursor, and whether events may be late.
pub(super) fn heartbeat(seq: i64, delayed: bool) -> Frame {
    format!("<hx-live seq=\"{seq}\" delayed=\"{}\"></hx-live>", u8::from(delayed)).into()
}
