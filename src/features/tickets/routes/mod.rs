//! Handlers, one file for each thing that a person does.

pub mod assign;
pub mod class;
pub mod comment;
pub mod create;
pub mod detail;
pub mod export;
pub mod files;
pub mod list;
pub mod step;
mod turn;

pub use create::open;
pub use turn::Turn;
