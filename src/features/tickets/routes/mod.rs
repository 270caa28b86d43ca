//! Handlers, one file for each thing that a person does.

pub mod answers;
pub mod assign;
pub mod board;
pub mod bulk;
pub mod class;
pub mod comment;
pub mod create;
pub mod detail;
pub mod export;
pub mod figures;
pub mod files;
mod filter;
pub mod followers;
pub mod links;
pub mod list;
mod mention;
pub mod merge;
pub mod service;
pub mod step;
mod turn;
pub mod views;
pub mod words;

pub use create::{AWAY, open};
pub use turn::Turn;
