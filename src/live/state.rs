//! What the hub keeps under its lock: sockets, who hears which topic, people with their counts.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use slotmap::SlotMap;
use smallvec::SmallVec;
use uuid::Uuid;

use super::{
    Audience, Frame, Topic,
    event::{AddTally, Control, Event, Figure, Framed, Tallies, index as place, joins_in},
    hub::{Entry, Greeting},
    mailbox::Due,
    members::{Member, Members},
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
    /// No session of a socket ends before this; those that have ended are closed.
    pub first_end: Option<DateTime<Utc>>,
    /// Those that are not live yet.
    pub joining: Vec<Key>,
    pub members: Members,
    pub users: HashMap<Uuid, User>,
    /// When those who poll asked last.
    pub visits: HashMap<Uuid, DateTime<Utc>>,
    /// What is to be written once the lock is free.
    pub due: Due,
}

/// A person with at least one socket.
#[derive(Default)]
pub(super) struct User {
    pub sockets: SmallVec<[Key; 2]>,
    /// Unread counts; `None` until the first of the person's sockets is live.
    pub tallies: Option<Tallies>,
}

impl User {
    /// Counts one more if it is for the person; the figure to show, and the total. What it is not for is shown as it is,
    /// unless there is nothing to see: a row that has just come in has no badge yet.
    fn count(&mut self, id: Uuid, seq: i64, tally: &AddTally) -> Option<(Figure, i64)> {
        let tallies = self.tallies.as_mut()?;
        if tally.counts_for(id) {
            return Some(tally::change(tallies, seq, tally.key, tally::one_more));
        }
        Some(tally::current(tallies, tally.key)).filter(|(figure, _)| figure.count > 0 || figure.is_muted)
    }
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
            Framed::Control(revoke @ Control::Revoke { user, .. }) => self.revoke(*user, revoke),
            Framed::Control(Control::SetTally { user, key, value }) => {
                self.recount(*user, event.seq, *key, audience, |figure| Figure { count: *value, ..figure });
            }
            Framed::Control(Control::SetMuted { user, key, muted }) => {
                self.recount(*user, event.seq, *key, audience, |figure| Figure { is_muted: *muted, ..figure });
            }
            // Drawn by whoever asks which dots an event changes.
            Framed::Control(Control::Presence { .. }) => {}
        }
    }

    fn fragment(&mut self, event: &Event, frames: &[Frame; 2], tally: Option<&AddTally>, audience: &dyn Audience) {
        let members = self.members.of(&event.topic);
        let Some(tally) = tally else {
            for Member { mailbox, .. } in members {
                mailbox.push([frames[place(mailbox.locale)].clone()], &mut self.due);
            }
            return;
        };
        let mut drawn = TallyFrames::new(audience);
        for Member { key, mailbox } in members {
            let Some(socket) = self.sockets.get(*key) else { continue };
            let counted = self.users.get_mut(&socket.user).and_then(|p| p.count(socket.user, event.seq, tally));
            let counts = counted.map(|(figure, total)| drawn.frame(mailbox.locale, figure, total));
            mailbox.push([frames[place(mailbox.locale)].clone()].into_iter().chain(counts), &mut self.due);
        }
    }

    /// Makes a socket live; answers whether it is one that stays. See `Hub::go_live`.
    pub fn enter(&mut self, key: Key, entry: Entry, audience: &dyn Audience) -> bool {
        let Some(socket) = self.sockets.get_mut(key) else { return false };
        let (user_id, session, locale) = (socket.user, socket.session, socket.mailbox.locale);
        socket.held = entry.held.into_iter().chain([Topic::Everyone, Topic::User(user_id)]).collect();
        socket.page = entry.page.into_iter().collect();
        // Events that it should have kept were skipped meanwhile: it is about to be closed.
        let Some(mut kept) = socket.joining.take() else { return false };
        kept.retain(|event| event.seq > entry.tallies.seq);
        self.joining.retain(|k| *k != key);
        for topic in socket.topics() {
            self.members.insert(&topic, socket.member(key));
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
                Framed::Control(revoke @ Control::Revoke { .. }) if revoke.ends(user_id, session) => {
                    self.over(key);
                    return false;
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
        let mut new = Vec::new();
        for key in users.iter().filter_map(|user| self.users.get(user)).flat_map(|user| &user.sockets) {
            let Some(socket) = self.sockets.get_mut(*key) else { continue };
            if socket.joining.is_none() && !socket.hears(topic) {
                socket.held.insert(topic.clone());
                new.push(socket.member(*key));
            }
        }
        self.members.extend(topic, new);
    }

    /// Nothing of the topic reaches these people any more, also not by the page that they show.
    pub fn leave(&mut self, topic: &Topic, users: &[Uuid]) {
        self.leaves += 1;
        for key in users.iter().filter_map(|user| self.users.get(user)).flat_map(|user| &user.sockets) {
            let Some(socket) = self.sockets.get_mut(*key) else { continue };
            if socket.joining.is_none() && (socket.held.remove(topic) | socket.page.remove(topic)) {
                self.members.remove(topic, *key);
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
        socket.push(tally::frame(audience, socket.mailbox.locale, &changed, total), &mut self.due);
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

    /// Closes what a person's sessions have open. Until it is closed, nothing can be asked for on it: what was
    /// authorised before is asked again. Who is not live yet keeps the event: it may be older than the rights that are
    /// being read.
    fn revoke(&mut self, user: Uuid, revoke: &Control) {
        self.leaves += 1;
        for key in self.users.get(&user).map(|person| person.sockets.clone()).unwrap_or_default() {
            let is_live = |socket: &&Socket| socket.joining.is_none() && revoke.ends(user, socket.session);
            if self.sockets.get(key).filter(is_live).is_some() {
                self.over(key);
            }
        }
    }

    /// Closes a socket for what its person lost: it hears nothing any more.
    fn over(&mut self, key: Key) {
        let Some(socket) = self.sockets.get_mut(key) else { return };
        for topic in socket.topics() {
            self.members.remove(&topic, key);
        }
        (socket.held, socket.page) = (Topics::default(), Topics::default());
        socket.close(close::REVOKED, &mut self.due);
    }

    /// Changes one figure of a person and shows it, with the total, on all the person's screens.
    fn recount(&mut self, user: Uuid, seq: i64, key: Uuid, audience: &dyn Audience, change: impl Fn(Figure) -> Figure) {
        let Some(person) = self.users.get_mut(&user) else { return };
        let Some(tallies) = person.tallies.as_mut() else { return };
        let (figure, total) = tally::change(tallies, seq, key, change);
        let mut drawn = TallyFrames::new(audience);
        for socket in person.sockets.iter().filter_map(|key| self.sockets.get(*key)).filter(|s| s.joining.is_none()) {
            socket.push(drawn.frame(socket.mailbox.locale, figure, total), &mut self.due);
        }
    }

    /// What is known from events is known no more.
    pub fn forget(&mut self) {
        for key in std::mem::take(&mut self.joining) {
            if let Some(socket) = self.sockets.get_mut(key) {
                socket.joining = None;
            }
        }
        self.users.values_mut().for_each(|user| user.tallies = None);
    }

    /// A heartbeat for one socket out of `of`, another one for each `turn` below it.
    pub fn beat(&mut self, turn: usize, of: usize) {
        let beat = heartbeat(self.delivered, self.delayed);
        for socket in self.sockets.values().skip(turn).step_by(of).filter(|socket| socket.joining.is_none()) {
            socket.push(beat.clone(), &mut self.due);
        }
    }

    /// Closes the sockets whose session has ended; looks at them only when the first one is to end.
    pub fn end_sessions(&mut self, now: DateTime<Utc>) {
        if self.first_end.is_none_or(|end| end > now) {
            return;
        }
        for socket in self.sockets.values().filter(|socket| socket.expires_at <= now) {
            socket.close(close::REVOKED, &mut self.due);
        }
        self.first_end = self.sockets.values().map(|socket| socket.expires_at).filter(|end| *end > now).min();
    }

    pub fn close_all(&mut self, code: u16) {
        for socket in self.sockets.values() {
            socket.close(code, &mut self.due);
        }
    }
}

/// The bare cursor, and whether events may be late.
pub(super) fn heartbeat(seq: i64, delayed: bool) -> Frame {
    format!("<hx-live seq=\"{seq}\" delayed=\"{}\"></hx-live>", u8::from(delayed)).into()
}
