//! The hub: which socket of this instance hears what. Delivers events in `seq` order into bounded queues.
//!
//! It knows no feature and runs no statement. Everything happens under one short lock: nothing is awaited and no
//! socket is written while it is held, so a slow reader cannot hold anyone up.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use uuid::Uuid;
use views::text::Locale;

use super::{
    Audience, Frame, Topic,
    event::{Control, Event, Framed, Tallies, index, joins_in},
    link::Link,
    meters::Meters,
    socket::{Out, Socket, Visitor, close},
    state::{State, heartbeat, unindex},
    tally::{self, TallyFrames},
};

/// Seconds between two heartbeats of one socket; the browser gives up after 45 s of silence.
const HEARTBEAT_S: u64 = 20;

/// All sockets of this instance.
pub struct Hub {
    state: Mutex<State>,
    audience: Arc<dyn Audience>,
    /// What it counts of itself.
    pub meters: Meters,
    /// People whose dot must be drawn anew; taken by the presence task.
    pub(super) changed: Mutex<HashSet<Uuid>>,
    /// Sockets that just went live and need every dot they may see; taken by the presence task.
    pub(super) newcomers: Mutex<Vec<(u64, Uuid)>>,
}

/// What a socket needs to go live, read from the database after it connected.
pub struct Entry {
    /// Topics that it holds whatever the page.
    pub held: Vec<Topic>,
    /// Topics of its page.
    pub page: Vec<Topic>,
    /// The person's unread counts.
    pub tallies: Tallies,
    /// What the person read in the past that was replayed.
    pub read: HashSet<Uuid>,
    /// What to say once everything is in place.
    pub greeting: Greeting,
}

/// Says that a page's topics are heard from here on. It follows all that the page lacked, counts included.
#[derive(Clone, Copy, Debug, Default)]
pub struct Greeting {
    /// The page, as the tab counts them.
    pub page: i64,
    /// Whether the page must be fetched again: what it lacks is no longer kept.
    pub is_reset: bool,
}

impl Hub {
    /// An empty hub that has delivered everything up to `delivered`.
    pub fn new(delivered: i64, audience: Arc<dyn Audience>) -> Self {
        let state = State { delivered, ..State::default() };
        let (meters, changed, newcomers) = (Meters::default(), Mutex::default(), Mutex::default());
        Self { state: Mutex::new(state), audience, meters, changed, newcomers }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held cannot leave half a change worth stopping everyone for.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The features' side.
    pub fn audience(&self) -> &dyn Audience {
        &*self.audience
    }

    /// Registers a socket that is reading its past: from now on everything delivered is kept for it.
    pub fn connect(self: &Arc<Self>, visitor: Visitor) -> Link {
        let wake = Arc::new(Notify::new());
        let mut state = self.state();
        state.next_key += 1;
        let key = state.next_key;
        let mut socket = Socket::new(visitor, Arc::clone(&wake));
        if state.stopping {
            socket.close(close::RESTART);
        }
        state.sockets.insert(key, socket);
        let user = state.users.entry(visitor.user).or_default();
        user.sockets.push(key);
        if let Some(until) = visitor.visit_until {
            state.visits.insert(visitor.user, until);
        } else if user.sockets.len() == 1 {
            self.mark_changed([visitor.user]);
        }
        let delivered = state.delivered;
        drop(state);
        Link::new(Arc::clone(self), key, delivered, wake)
    }

    /// Makes a socket live: from the kept events those of its topics, then the person's counts.
    pub fn go_live(&self, key: u64, entry: Entry) {
        let mut guard = self.state();
        let state = &mut *guard;
        let Some(socket) = state.sockets.get_mut(&key) else { return };
        let user_id = socket.user;
        socket.held = entry.held.into_iter().chain([Topic::Everyone, Topic::User(user_id)]).collect();
        socket.page = entry.page.into_iter().collect();
        let kept = socket.joining.take().unwrap_or_default();
        for topic in socket.topics() {
            state.topics.entry(topic).or_default().push(key);
        }
        let Some(user) = state.users.get_mut(&user_id) else { return };
        if user.tallies.is_none() {
            user.tallies = Some(tally::caught_up(entry.tallies, user_id, &socket.held, &kept));
        }
        let mut read = entry.read;
        read.extend(kept.iter().filter_map(|event| event.counted_anew(user_id)));
        let joins = joins_in(&kept, user_id);
        for event in kept {
            match &*event.body {
                Framed::Control(Control::Join { topic, users }) if users.contains(&user_id) => {
                    state.join(topic, &[user_id]);
                }
                Framed::Control(Control::Leave { topic, users }) if users.contains(&user_id) => {
                    state.leave(topic, &[user_id]);
                }
                _ => {}
            }
            let Some(socket) = state.sockets.get_mut(&key) else { return };
            let is_before = joins.get(&event.topic).is_some_and(|joined| event.seq < *joined);
            if let (true, Some(frame)) = (socket.hears(&event.topic) && !is_before, event.frame(socket.locale)) {
                socket.push(Out::Frame(frame.clone()));
            }
        }
        state.push_tallies(key, &read, &*self.audience);
        state.greet(key, entry.greeting);
        if state.sockets.get(&key).is_some_and(|socket| socket.is_visit) {
            return;
        }
        self.newcomers.lock().unwrap_or_else(PoisonError::into_inner).push((key, user_id));
    }

    /// How often somebody left an audience so far; see [`Hub::show`].
    pub fn leaves(&self) -> u64 {
        self.state().leaves
    }

    /// Another page is shown in the tab: its topics replace the former page's. Answers the last delivered event; what
    /// comes after it will be queued for the new topics too. `None` when somebody left an audience since `leaves` was
    /// read: what was authorised may no longer hold and is to be asked again.
    pub fn show(&self, key: u64, page: Vec<Topic>, leaves: u64) -> Option<i64> {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.leaves != leaves {
            return None;
        }
        if let Some(socket) = state.sockets.get_mut(&key) {
            for old in std::mem::take(&mut socket.page) {
                if !socket.held.contains(&old) {
                    unindex(&mut state.topics, &old, key);
                }
            }
            for new in page {
                if socket.page.insert(new.clone()) && !socket.held.contains(&new) {
                    state.topics.entry(new).or_default().push(key);
                }
            }
        }
        Some(state.delivered)
    }

    /// Ends what [`Hub::show`] began: sends a socket its person's counts anew, and that of each of `read`, since its page
    /// was drawn before what it now hears; then the greeting.
    pub fn shown(&self, key: u64, read: &HashSet<Uuid>, greeting: Greeting) {
        let mut state = self.state();
        state.push_tallies(key, read, &*self.audience);
        state.greet(key, greeting);
    }

    /// Topics that a socket hears now.
    pub fn topics_of(&self, key: u64) -> Vec<Topic> {
        self.state().sockets.get(&key).map(Socket::topics).unwrap_or_default()
    }

    /// Whether a socket hears a topic now.
    pub fn hears(&self, key: u64, topic: &Topic) -> bool {
        self.state().sockets.get(&key).is_some_and(|socket| socket.hears(topic))
    }

    /// Takes all that waits for a socket.
    pub fn take(&self, key: u64) -> Vec<Out> {
        self.state().sockets.get_mut(&key).map(|s| s.queue.drain(..).collect()).unwrap_or_default()
    }

    /// Sends something of its own to one socket.
    pub fn push_to(&self, key: u64, frame: Frame) {
        if let Some(socket) = self.state().sockets.get_mut(&key) {
            socket.push(Out::Frame(frame));
        }
    }

    /// Forgets a socket.
    pub fn disconnect(&self, key: u64) {
        let mut guard = self.state();
        let state = &mut *guard;
        let Some(socket) = state.sockets.remove(&key) else { return };
        for topic in socket.topics() {
            unindex(&mut state.topics, &topic, key);
        }
        let Some(user) = state.users.get_mut(&socket.user) else { return };
        user.sockets.retain(|k| *k != key);
        if user.sockets.is_empty() {
            state.users.remove(&socket.user);
            if !socket.is_visit {
                self.mark_changed([socket.user]);
            }
        } else if !user.sockets.iter().filter_map(|k| state.sockets.get(k)).any(|s| s.joining.is_none()) {
            // Nobody live counts from here on: the next one that goes live brings the figures.
            user.tallies = None;
        }
    }

    /// Delivers the next event. The caller keeps the order.
    pub fn deliver(&self, event: &Event) {
        let mut guard = self.state();
        let state = &mut *guard;
        state.delivered = event.seq;
        for socket in state.sockets.values_mut() {
            socket.keep(event);
        }
        match &*event.body {
            Framed::Fragment { frames, tally } => {
                let keys = state.topics.get(&event.topic).cloned().unwrap_or_default();
                let mut users = HashSet::new();
                for key in keys {
                    let Some(socket) = state.sockets.get_mut(&key) else { continue };
                    socket.push(Out::Frame(frames[index(socket.locale)].clone()));
                    users.insert(socket.user);
                }
                if let Some(tally) = tally {
                    let mut drawn = TallyFrames::new(&*self.audience, tally.key);
                    for user in users {
                        state.add(user, event.seq, &mut drawn, tally);
                    }
                }
            }
            Framed::Control(Control::Join { topic, users }) => state.join(topic, users),
            Framed::Control(Control::Leave { topic, users }) => state.leave(topic, users),
            Framed::Control(Control::Revoke { user, only, except }) => {
                state.revoke(*user, |session| only.is_none_or(|s| s == session) && *except != Some(session));
            }
            Framed::Control(Control::SetTally { user, key, value }) => {
                state.tally(*user, event.seq, &mut TallyFrames::new(&*self.audience, *key), |_| *value);
            }
            Framed::Control(Control::SetMuted { user, key, muted }) => {
                state.mute(*user, event.seq, &mut TallyFrames::new(&*self.audience, *key), *muted);
            }
            Framed::Control(Control::Presence { user }) => self.mark_changed([*user]),
        }
    }

    /// Once a second: heartbeats, a twentieth of the sockets at a time, and sessions that ended.
    pub fn sweep(&self, tick: u64, now: DateTime<Utc>) {
        let mut guard = self.state();
        let state = &mut *guard;
        let beat = heartbeat(state.delivered, state.delayed);
        state.visits.retain(|_, until| *until > now);
        for (key, socket) in &mut state.sockets {
            if socket.expires_at <= now {
                socket.close(close::REVOKED);
            } else if socket.joining.is_none() && key % HEARTBEAT_S == tick % HEARTBEAT_S {
                socket.push(Out::Frame(beat.clone()));
            }
        }
    }

    /// Whether events may be up to a second late (Redis is configured and down). Every screen is told at once.
    pub fn set_delayed(&self, delayed: bool) {
        let mut state = self.state();
        if std::mem::replace(&mut state.delayed, delayed) != delayed {
            let frame = heartbeat(state.delivered, delayed);
            // A socket that is not live yet hears it when it is: a cursor must not overtake what was kept for it.
            for socket in state.sockets.values_mut().filter(|s| s.joining.is_none()) {
                socket.push(Out::Frame(frame.clone()));
            }
        }
    }

    /// Everyone re-reads the page: what was delivered is not what the database holds (it was restored).
    pub fn reset_all(&self, delivered: i64) {
        let mut state = self.state();
        state.delivered = delivered;
        state.broadcast(&Out::Close(close::LAG));
    }

    /// Closes every socket with 1012, each told to come back after a delay of its own.
    pub fn stop(&self, mut delay_ms: impl FnMut() -> u64) {
        let mut state = self.state();
        state.stopping = true;
        for socket in state.sockets.values_mut() {
            socket.push(Out::Frame(format!("<hx-live retry=\"{}\"></hx-live>", delay_ms()).into()));
            socket.close(close::RESTART);
        }
    }

    /// Shows a change that is not stored to the sockets that hold one of `topics`.
    pub fn push_ephemeral(&self, topics: &[Topic], frame: impl Fn(Locale) -> String) {
        let mut guard = self.state();
        let state = &mut *guard;
        let keys: HashSet<u64> = topics.iter().filter_map(|t| state.topics.get(t)).flatten().copied().collect();
        let frames = Locale::ALL.map(|locale| Frame::from(frame(locale)));
        for key in keys {
            if let Some(socket) = state.sockets.get_mut(&key) {
                socket.push(Out::Frame(frames[index(socket.locale)].clone()));
            }
        }
    }
}
