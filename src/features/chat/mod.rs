//! Direct chat: conversations of two, unread counts, reading. Every other kind of conversation will join here.

mod links;
mod live;
mod mentions;
mod model;
mod present;
mod queries;
mod quote;
mod read;
mod routes;
mod search;
mod send;

pub use live::{held_topics, takes_part, tallies, tally_html};
pub use model::{Body, Previous, starts};
pub use present::rows;
pub use queries::{MessageRow, NewMessage, find_message, find_or_create, insert_message, list_for, number_next};
pub use queries::{Narrow, fill_index, find_messages, index_message, unindex_messages};
pub use routes::routes;
