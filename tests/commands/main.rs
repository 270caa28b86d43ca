//! The command line as scripts see it: output, exit codes, secrets kept.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod figures;
mod files;
mod settings;
mod users;

use std::process::Output;

/// Exit code, standard output, standard error.
fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}
