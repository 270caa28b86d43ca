//! The hub: which socket of this instance hears what. Delivers events in `seq` order into bounded queues.
//!
//! It knows no feature and runs no statement. Everything is queued under one short lock: nothing is awaited and no
//! socket is written while it is held, so a slow reader cannot hold anyone up. What was queued is written when the lock
//! is free, by whoever held it.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use uuid::Uuid;
use views::text::Locale;

use super::{
    Audience, Frame, Topic,
    event::{Event, Tallies, index as place},
    link::Link,
    mailbox::Mailbox,
    meters::Meters,
    progress::Progress,
    socket::{Key, Socket, Visitor, close},
    state::{State, heartbeat},
    wire::Outlet,
    writers::Writers,
};

/// Seconds between two heartbeats of one socket; the browser gives up after 45 s of silence.
const HEARTBEAT_S: usize = 20;

/// All sockets of this instance.
pub struct Hub {
    state: Mutex<State>,
    audience: Arc<dyn Audience>,
    /// What it counts of itself.
    pub meters: Arc<Meters>,
    /// People whose dot must be drawn anew; taken by the presence task.
    pub(super) changed: Mutex<HashSet<Uuid>>,
    /// Sockets that just went live and need every dot they may see; taken by the presence task.
    pub(super) newcomers: Mutex<Vec<Key>>,
    pub(super) progress: Progress,
    writers: Writers,
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
        let (meters, writers) = (Arc::<Meters>::default(), Writers::default());
        let (changed, newcomers, progress) = (Mutex::default(), Mutex::default(), Progress::at(delivered));
        Self { state: Mutex::new(state), audience, meters, changed, newcomers, progress, writers }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held cannot leave half a change worth stopping everyone for.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, then writes what that queued.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let answer = change(&mut state);
        let due = std::mem::take(&mut state.due);
        drop(state);
        self.writers.write(due);
        answer
    }

    /// The features' side.
    pub fn audience(&self) -> &dyn Audience {
        &*self.audience
    }

    /// Registers a socket that is reading its past: from now on everything delivered is kept for it. With an outlet the
    /// hub writes to it once the past is written.
    pub fn connect(self: &Arc<Self>, visitor: Visitor, outlet: Option<Outlet>) -> Link {
        let mailbox = Arc::new(Mailbox::new(visitor.locale, outlet, Arc::clone(&self.meters)));
        let key = self.change(|state| {
            let socket = Socket::new(visitor, Arc::clone(&mailbox));
            if state.stopping {
                socket.close(close::RESTART, &mut state.due);
            }
            state.first_end = state.first_end.into_iter().chain([socket.expires_at]).min();
            let key = state.sockets.insert(socket);
            state.joining.push(key);
            let user = state.users.entry(visitor.user).or_default();
            user.sockets.push(key);
            let is_first = user.sockets.len() == 1;
            let is_known = visitor.visited_at.is_some_and(|at| state.visits.insert(visitor.user, at).is_some());
            if is_first && !is_known {
                self.mark_changed([visitor.user]);
            }
            key
        });
        Link::new(Arc::clone(self), key, mailbox)
    }

    /// Makes a socket live: of the kept events those of its topics that came after its rights were read, then the
    /// person's counts. What was before is in the past that was replayed.
    pub fn go_live(&self, key: Key, entry: Entry) {
        if self.change(|state| state.enter(key, entry, &*self.audience)) {
            self.newcomers.lock().unwrap_or_else(PoisonError::into_inner).push(key);
        }
    }

    /// How often somebody left an audience so far; see [`Hub::show`].
    pub fn leaves(&self) -> u64 {
        self.state().leaves
    }

    /// Another page is shown in the tab: its topics replace the former page's. Answers the last delivered event; what
    /// comes after it will be queued for the new topics too. `None` when somebody left an audience since `leaves` was
    /// read: what was authorised may no longer hold and is to be asked again.
    pub fn show(&self, key: Key, page: Vec<Topic>, leaves: u64) -> Option<i64> {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.leaves != leaves {
            return None;
        }
        if let Some(socket) = state.sockets.get_mut(key) {
            for old in std::mem::take(&mut socket.page).iter().filter(|old| !socket.held.contains(old)) {
                state.members.remove(old, key);
            }
            socket.page = page.into_iter().collect();
            for new in socket.page.iter().filter(|new| !socket.held.contains(new)) {
                state.members.insert(new, socket.member(key));
            }
        }
        Some(state.delivered)
    }

    /// Ends what [`Hub::show`] began: sends a socket its person's counts anew, and that of each of `read`, since its page
    /// was drawn before what it now hears; then the greeting.
    pub fn shown(&self, key: Key, read: &HashSet<Uuid>, greeting: Greeting) {
        self.change(|state| {
            state.push_tallies(key, read, &*self.audience);
            state.greet(key, greeting);
        });
    }

    /// Topics that a socket hears now.
    pub fn topics_of(&self, key: Key) -> Vec<Topic> {
        self.state().sockets.get(key).map(Socket::topics).unwrap_or_default()
    }

    /// Whether a socket hears a topic now.
    pub fn hears(&self, key: Key, topic: &Topic) -> bool {
        self.state().sockets.get(key).is_some_and(|socket| socket.hears(topic))
    }

    /// Sends something of its own to one socket.
    pub fn push_to(&self, key: Key, frame: Frame) {
        self.change(|state| {
            if let Some(socket) = state.sockets.get(key) {
                socket.push(frame, &mut state.due);
            }
        });
    }

    /// Forgets a socket.
    pub fn disconnect(&self, key: Key) {
        let mut guard = self.state();
        let state = &mut *guard;
        let Some(socket) = state.sockets.remove(key) else { return };
        state.joining.retain(|k| *k != key);
        for topic in socket.topics() {
            state.members.remove(&topic, key);
        }
        let Some(user) = state.users.get_mut(&socket.user) else { return };
        user.sockets.retain(|k| *k != key);
        if user.sockets.is_empty() {
            state.users.remove(&socket.user);
            if !socket.is_visit {
                self.mark_changed([socket.user]);
            }
        } else if !user.sockets.iter().filter_map(|k| state.sockets.get(*k)).any(|s| s.joining.is_none()) {
            // Nobody live counts from here on: the next one that goes live brings the figures.
            user.tallies = None;
        }
    }

    /// Delivers the next event. The caller keeps the order.
    pub fn deliver(&self, event: &Event) {
        self.deliver_all(std::slice::from_ref(event));
    }

    /// Delivers the next events: what they bring to one socket leaves in one write. The lock is free between two.
    pub fn deliver_all(&self, events: &[Event]) {
        for event in events {
            self.state().deliver(event, &*self.audience);
            self.mark_changed(event.redraws().iter().copied());
        }
        self.change(|_| ());
        if let Some(last) = events.last() {
            self.progress.set(last.seq);
        }
    }

    /// Whether all that was delivered is with every socket that takes it.
    pub fn is_written(&self) -> bool {
        self.writers.are_idle()
    }

    /// Waits until it is so.
    pub async fn written(&self) {
        self.writers.idle().await;
    }

    /// Once a second: heartbeats, a twentieth of the sockets at a time, and sessions that ended.
    pub fn sweep(&self, tick: usize, now: DateTime<Utc>) {
        self.change(|state| {
            self.mark_changed(state.end_visits(now));
            state.beat(tick % HEARTBEAT_S, HEARTBEAT_S);
            state.end_sessions(now);
        });
    }

    /// Whether events may be up to a second late (Redis is configured and down). Every screen is told at once.
    pub fn set_delayed(&self, delayed: bool) {
        self.change(|state| {
            if std::mem::replace(&mut state.delayed, delayed) != delayed {
                let frame = heartbeat(state.delivered, delayed);
                // A socket that is not live yet hears it when it is: a cursor must not overtake what was kept for it.
                for socket in state.sockets.values().filter(|s| s.joining.is_none()) {
                    socket.push(frame.clone(), &mut state.due);
                }
            }
        });
    }

    /// Everyone comes back by their cursors: what was to be delivered is no longer kept. Counts and dots are read anew.
    pub fn reset_all(&self, delivered: i64) {
        self.change(|state| {
            state.delivered = delivered;
            state.forget();
            state.close_all(close::LAG);
        });
        self.progress.skip_to(delivered);
    }

    /// Closes every socket with 1012, each told to come back after a delay of its own.
    pub fn stop(&self, mut delay_ms: impl FnMut() -> u64) {
        self.change(|state| {
            state.stopping = true;
            for socket in state.sockets.values() {
                socket.push(format!("<hx-live retry=\"{}\"></hx-live>", delay_ms()).into(), &mut state.due);
            }
            state.close_all(close::RESTART);
        });
        self.progress.end();
    }

    /// Shows a change that is not stored to the sockets that hold one of `topics`.
    pub fn push_ephemeral(&self, topics: &[Topic], frame: impl Fn(Locale) -> String) {
        self.push_ephemeral_besides(topics, &[], frame);
    }

    /// As [`Hub::push_ephemeral`], without those that hold one of `others`.
    pub fn push_ephemeral_besides(&self, topics: &[Topic], others: &[Topic], frame: impl Fn(Locale) -> String) {
        let frames = Locale::ALL.map(|locale| Frame::from(frame(locale)));
        self.change(|state| {
            let mut keys: Vec<Key> = topics.iter().flat_map(|t| state.members.of(t)).map(|member| member.key).collect();
            keys.sort_unstable();
            keys.dedup();
            let sockets = keys.iter().filter_map(|key| state.sockets.get(*key));
            for socket in sockets.filter(|socket| !others.iter().any(|topic| socket.hears(topic))) {
                socket.push(frames[place(socket.mailbox.locale)].clone(), &mut state.due);
            }
        });
    }
}
