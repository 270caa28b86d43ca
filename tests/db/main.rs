//! Every query function on both engines, the migrations, and what the engines do differently unless told.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod access;
mod alarms;
mod audit_log;
mod broadcasts;
mod campaigns;
mod chat;
mod files;
mod floor;
mod links;
mod live;
mod mail;
mod migrations;
mod people;
mod records;
mod search;
mod settings;
mod sql;
mod throttle;
mod users;
mod writer;
