//! SQL of mass messages. Who may see a roll-call is in its statements; recipients read theirs through chat's card.

mod audience;
mod receipts;
mod sent;
mod write;

pub use audience::{count_recipients, list_campaigns, list_picked, list_recipients, reaches_anyone};
pub use receipts::{
    ReceiptRow, confirm, figures, held, is_any_unreceived, known, list_missing, list_receipts, mark_received,
};
pub use sent::{After, SentRow, find_for, list_senders, list_sent};
pub use write::{
    NewBroadcast, cancel, count_created_in, expire_next, find_sender, is_anything_due, lock_sender, mark_reminded,
    publish, schedule, take_due,
};
