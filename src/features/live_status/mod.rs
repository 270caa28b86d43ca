//! How the live engine does, on one page for administrators: every instance shows its own figures, once a second and
//! only while somebody looks, on whatever instance.

mod feed;
mod present;
mod routes;

pub use feed::{FEED, keep, may_watch};
pub use routes::routes;
