//! What administrators change while the server runs, typed: how long messages are kept, who needs a second factor.
//! Other features only [`read`] it, where they need it: one small statement, and never a stale copy.

mod model;
mod queries;
mod routes;

pub use model::{RETENTION_MONTHS, Settings};
pub use queries::{read, write};
pub use routes::routes;
