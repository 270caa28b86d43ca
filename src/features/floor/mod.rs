//! The floor: what each agent is doing now. A row, an event, and a dot wherever the name appears.

mod live;
mod model;
mod queries;
mod routes;

pub use live::{presence_of, set_idle};
pub use model::State;
pub use queries::{StateRow, find_state};
pub use routes::{routes, state_view};
