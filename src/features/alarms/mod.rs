//! Alarms: what has to be looked at when its time comes. A feature sets one in the transaction of its own write; when
//! it is due it rings on every screen of its people, once, and stays there until they acknowledge it. When nobody
//! does, it rings for others.
//!
//! Knows no feature: a kind, a subject, a text and a link are all that an alarm is. There is one row per person, due at
//! an instant of its own. An escalation is such a row that is due later, and a snooze makes one due again: `ring` looks
//! at nothing else.

mod book;
mod live;
mod model;
mod present;
mod queries;
mod retention;
mod ring;
mod routes;

pub use book::{cancel, hand_over, plan, set};
pub use model::{Escalation, NewAlarm};
pub use present::waiting;
pub use queries::push_rings;
pub use retention::forget_old;
pub use ring::{keep, run_once};
pub use routes::routes;
