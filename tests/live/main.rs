//! Live behaviour across sockets and instances: who receives what, and who must not.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;
#[path = "../oracle/mod.rs"]
mod oracle;

mod alarms;
mod audience;
mod audit;
mod behind;
mod broadcasts;
mod checks;
mod colleagues;
mod desk;
mod groups;
mod hub;
mod instances;
mod leaving;
mod limits;
mod line;
mod lost;
mod machine;
mod messages;
mod presence;
mod protocol;
mod random;
mod replay;
mod retention;
mod revocation;
mod rooms;
mod rungs;
mod scenario;
mod security;
mod sequence;
mod shown;
mod staff;
mod status;
mod stream;
mod stretch;
mod tab;
mod talk;
mod ticket_talk;
mod tickets;
mod turns;
mod unread;
mod weather;
mod wire;
