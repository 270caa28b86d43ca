//! The hub's side of presence: who is connected here, who sits still, and whose dot is to be drawn anew.

use std::{collections::HashSet, sync::PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{hub::Hub, socket::Key, state::State};

/// Whoever polls counts as connected for so long after the last time.
const VISIT: TimeDelta = TimeDelta::seconds(60);

impl State {
    /// Forgets those who have not polled for a while; a clock that was set back makes no visit longer.
    pub fn end_visits(&mut self, now: DateTime<Utc>) -> Vec<Uuid> {
        let ended = self.visits.extract_if(|_, at| {
            *at = (*at).min(now);
            now - *at >= VISIT
        });
        ended.map(|(user, _)| user).collect()
    }
}

impl Hub {
    /// The socket says whether its person has been still; answers whether all the person's sockets now say so.
    pub fn set_idle(&self, key: Key, idle: bool) -> Option<bool> {
        let mut state = self.state();
        let socket = state.sockets.get_mut(key)?;
        socket.idle = idle;
        let user = socket.user;
        Some(state.is_idle(user))
    }

    /// The same from a browser that has no socket to say it on: of all its tabs. Answers whether the person is idle.
    pub fn set_idle_of(&self, user: Uuid, session: Uuid, idle: bool) -> bool {
        let mut state = self.state();
        let keys = state.users.get(&user).map(|person| person.sockets.clone()).unwrap_or_default();
        for key in keys {
            if let Some(socket) = state.sockets.get_mut(key).filter(|socket| socket.session == session) {
                socket.idle = idle;
            }
        }
        idle && state.is_idle(user)
    }

    /// People whose dot must be drawn anew.
    pub fn mark_changed(&self, users: impl IntoIterator<Item = Uuid>) {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).extend(users);
    }

    /// Takes the people marked since the last call.
    pub fn take_changed(&self) -> HashSet<Uuid> {
        std::mem::take(&mut self.changed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the sockets that went live since the last call.
    pub fn take_newcomers(&self) -> Vec<Key> {
        std::mem::take(&mut self.newcomers.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// People with a socket on this instance, and those who asked it for news a moment ago.
    pub fn connected(&self) -> HashSet<Uuid> {
        let state = self.state();
        state.users.keys().chain(state.visits.keys()).copied().collect()
    }
}
