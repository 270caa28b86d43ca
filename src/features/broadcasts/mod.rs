//! Mass messages: written once, for campaigns, roles or people; their recipients are frozen when they are sent. Who
//! sent one sees live who got, read and confirmed it.
//!
//! How a recipient sees it in the list and as a conversation is chat's; here is who may send, when it goes out and
//! ends, and the roll-call.

mod answer;
mod compose;
mod draft;
mod due;
mod export;
mod live;
mod model;
mod present;
mod queries;
mod receipts;
mod remind;
mod routes;
mod send;

pub use due::{keep, run_once};
pub use live::{LIST, may_list, may_watch, standing};
pub use model::{Audience, Importance, Sender};
pub use present::{push_waits, waiting};
pub use queries::{NewBroadcast, publish, schedule};
pub use receipts::Receipts;
pub use routes::routes;
pub use send::{Outcome, create};
