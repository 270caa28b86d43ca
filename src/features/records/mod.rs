//! Records that people talk about: which kinds there are, who may see one today, and how it looks in a message.
//!
//! A new kind (a ticket, a client, a sale) is a variant of [`Kind`] with its address, its rule in `queries` and its
//! topic: cards in chat and a conversation of its own come with that.

mod kind;
mod live;
mod queries;
mod routes;

pub use kind::{Kind, Record};
pub use live::changed;
pub use queries::{LETS_IN, may_see, title_of};
pub use routes::routes;
