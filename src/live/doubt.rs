//! Why events may be late: Redis is lost, or the database is. Every screen is told when the first reason comes and when
//! the last one goes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::hub::Hub;

/// What one instance cannot hear at the moment.
pub(super) struct Doubt {
    hub: Arc<Hub>,
    lost: Mutex<Lost>,
}

#[derive(Clone, Copy, Default)]
struct Lost {
    redis: bool,
    database: bool,
}

impl Doubt {
    /// Redis counts as lost until it answers.
    pub fn new(hub: Arc<Hub>, has_redis: bool) -> Self {
        Self { hub, lost: Mutex::new(Lost { redis: has_redis, database: false }) }
    }

    fn lost(&self) -> MutexGuard<'_, Lost> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Redis answered, or did not.
    pub fn redis(&self, is_up: bool) {
        self.change("Redis", is_up, |lost| &mut lost.redis);
    }

    /// The database answered, or did not.
    pub fn database(&self, is_up: bool) {
        self.change("database", is_up, |lost| &mut lost.database);
    }

    /// Told under the lock: of two changes the later one has the last word.
    fn change(&self, what: &str, is_up: bool, part: impl Fn(&mut Lost) -> &mut bool) {
        let mut lost = self.lost();
        let before = std::mem::replace(part(&mut lost), !is_up);
        if before == is_up {
            tracing::info!(what, is_up, "heard by the live engine");
        }
        self.hub.set_delayed(lost.redis || lost.database);
    }

    /// Whether the database did not answer the last time.
    pub fn is_database_lost(&self) -> bool {
        self.lost().database
    }

    /// Whether anything is lost.
    pub fn any(&self) -> bool {
        let lost = self.lost();
        lost.redis || lost.database
    }
}
