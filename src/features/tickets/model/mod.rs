//! What a ticket is and who may do what with it. No I/O and no clock.

mod clock;
mod codes;
mod state;
mod text;

pub use clock::{SlaClock, WorkingTime};
pub use codes::{Application, Kind, Priority, Status};
pub use state::{Asks, Can, Part, Step, can, step, steps};
pub use text::{Title, Words};
