//! The command as a shell sees it. That this needs the binary is also how `tests/run` gets it, in the profile of tests.
#![allow(clippy::unwrap_used)]

use std::process::Command;

fn load_tests(args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_load-tests")).args(args).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn wrong_use_is_told_apart_from_failure() {
    let (code, error) = load_tests(&["measure", "--sockets", "0"]);
    assert!(code == Some(2) && error.contains("--sockets"), "{code:?} {error}");
    let (code, error) = load_tests(&["reference", "--bind", "0.0.0.0:0"]);
    assert!(code == Some(1) && error.contains("loopback only"), "{code:?} {error}");
}
