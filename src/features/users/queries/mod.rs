//! SQL of accounts as administrators see them.

mod account;
mod list;

pub use account::*;
pub use list::*;
