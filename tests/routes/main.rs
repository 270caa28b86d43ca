//! The real router without a port: who may do what, what the answers say, how many statements they take.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod account;
mod addresses;
mod alarms;
mod audit_log;
mod broadcasts;
mod campaigns;
mod chat;
mod employees;
mod errors;
mod files;
mod groups;
mod investigation;
mod machines;
mod matrix;
mod messages;
mod pace;
mod people_import;
mod photo;
mod policy;
mod profile;
mod reset;
mod search;
mod security;
mod sending;
mod setup;
mod sign_in;
mod statements;
mod stretch;
mod takeover;
mod tickets;
mod two_factor;
mod users;
mod users_links;
