//! What must hold when something breaks: the process, the database, the network.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;
#[allow(dead_code, reason = "shared with tests/live, which uses all of it")]
#[path = "../oracle/mod.rs"]
mod oracle;
#[allow(dead_code, unused_imports, reason = "shared with tests/live, which uses all of it")]
#[path = "../live/shown.rs"]
mod shown;
#[allow(dead_code, unused_imports, reason = "shared with tests/live, which uses all of it")]
#[path = "../live/tab.rs"]
mod tab;
#[allow(dead_code, reason = "shared with tests/live, which uses all of it")]
#[path = "../live/talk.rs"]
mod talk;
#[allow(dead_code, reason = "shared with tests/live, which uses all of it")]
#[path = "../live/wire.rs"]
mod wire;

mod alarms;
mod clock;
mod counted;
mod cut;
mod floor;
mod full;
mod killed;
mod load;
mod network;
mod postgres;
mod protocol;
mod redis;
mod slow;
mod storage;
