//! RFC 6455 by hand, as far as agents' browsers need it: what we send is encoded once and written by whoever has it;
//! what they say is parsed on the spot. At rest a socket owns no buffer in either direction.

pub mod frame;
pub mod inlet;
pub mod outlet;
pub mod parser;

pub use frame::{Frame, Frames};
pub use inlet::{Heard, Inlet};
pub use outlet::Outlet;
pub use parser::Incoming;
