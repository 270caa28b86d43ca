//! SQL of this feature, by noun.

mod factors;
mod profile;
mod sessions;

pub use factors::*;
pub use profile::*;
pub use sessions::*;
