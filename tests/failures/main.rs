//! What must hold when something breaks: the process, the database, the network.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod cut;
mod killed;
