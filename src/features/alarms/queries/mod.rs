//! SQL of alarms. An alarm's own row is written before those of its people: who changes one waits for who does.

mod read;
mod retention;
mod ring;
mod write;

pub use read::{After, AlarmRow, Tab, list, list_ringing, push_rings};
pub use retention::{delete_acknowledged, delete_orphans};
pub use ring::{TextRow, claim_due, find_texts, next_due};
pub use write::{
    Dropped, Standing, acknowledge, drop_escalations, drop_others, end_pending, insert, insert_rings, list_people,
    lock_of_subject, lock_same, rewrite, snooze, take_from,
};
