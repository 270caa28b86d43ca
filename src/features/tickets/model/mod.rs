//! What a ticket is and who may do what with it. No I/O and no clock.

mod answer;
mod clock;
mod codes;
mod service;
mod state;
mod text;

pub use answer::Places;
pub use clock::{SlaClock, WorkingTime};
pub use codes::{Application, Kind, Priority, Status};
pub use service::{Load, Promise};
pub use state::{Asks, Can, Part, Step, can, step, steps};
pub use text::{Title, Words};
