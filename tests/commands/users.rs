//! `crea user …`, beside a running server too.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    harness::process::{Server, request, run},
    told,
};

const ADD: [&str; 9] =
    ["user", "add", "Ana@crea.example", "--first-name", "Ana", "--last-name", "Ruiz", "--role", "supervisor"];

fn user(dir: &Path, args: &[&str], input: &str) -> (i32, String, String) {
    told(&run(dir, args, &[], input))
}

fn sign_in(server: &Server, login: &str, password: &str) -> (u16, String) {
    let form = format!("login={}&password={}", login.replace('@', "%40"), password.replace(' ', "+"));
    let reply = request(server.address, "/sign-in", "", Some(&form)).unwrap();
    (reply.status, reply.cookie())
}

#[test]
fn an_account_is_made_with_a_random_password_that_must_be_changed() {
    let dir = TempDir::new().unwrap();
    let (code, out, err) = user(dir.path(), &ADD, "");
    assert_eq!((code, &*err), (0, ""));
    let password = out.trim();
    assert_eq!(password.len(), 23, "the password alone is printed: {out}");
    let server = Server::start(dir.path(), &["serve"], &[]);
    let (status, cookie) = sign_in(&server, "ana@crea.example", password);
    assert_eq!(status, 303);
    assert_eq!(request(server.address, "/chat", &cookie, None).unwrap().location(), "/account/security");
}

#[test]
fn a_given_password_is_read_from_standard_input_and_held_to_the_policy() {
    let dir = TempDir::new().unwrap();
    let args: Vec<&str> = ADD.into_iter().chain(["--password-stdin"]).collect();
    for (weak, why) in [("brief\n", "short"), ("1234567890\n", "common"), ("Ana Ruiz\n", "like the name"), ("", "none")]
    {
        let (code, out, err) = user(dir.path(), &args, weak);
        assert_eq!((code, &*out), (1, ""), "{why}");
        assert!(err.starts_with("crea: ") && (weak.is_empty() || !err.contains(weak.trim())), "{why}: {err}");
    }
    let (code, out, _) = user(dir.path(), &args, "correct horse battery\n");
    assert_eq!((code, &*out), (0, ""), "a given password is not printed");
    let server = Server::start(dir.path(), &["serve"], &[]);
    let (status, cookie) = sign_in(&server, "ana@crea.example", "correct horse battery");
    assert_eq!(status, 303);
    assert_eq!(request(server.address, "/chat", &cookie, None).unwrap().status, 200);
}

#[test]
fn what_cannot_be_an_account_is_refused_with_its_exit_code() {
    let dir = TempDir::new().unwrap();
    assert_eq!(user(dir.path(), &ADD, "").0, 0);
    let (code, _, err) = user(dir.path(), &ADD, "");
    assert_eq!(code, 1);
    assert!(err.contains("has an account already"), "{err}");
    let wrong_role = ["user", "add", "b@crea.example", "--first-name", "B", "--last-name", "C", "--role", "jefe"];
    let (code, out, err) = user(dir.path(), &wrong_role, "");
    assert_eq!((code, &*out), (2, ""));
    assert!(err.contains("asesor"), "{err}");
    for args in [&["user", "disable", "nobody@crea.example"], &["user", "password", "nobody@crea.example"]] {
        let (code, out, err) = user(dir.path(), args, "");
        assert_eq!((code, &*out), (1, ""));
        assert!(err.contains("no account of"), "{err}");
    }
}

#[test]
fn accounts_are_listed_for_people_and_for_scripts() {
    let dir = TempDir::new().unwrap();
    assert_eq!(user(dir.path(), &["user", "list"], ""), (0, String::new(), String::new()));
    user(dir.path(), &ADD, "");
    user(dir.path(), &["user", "disable", "ana@crea.example"], "");
    let (code, out, _) = user(dir.path(), &["user", "list"], "");
    assert_eq!(code, 0);
    assert_eq!(
        out.split_whitespace().collect::<Vec<_>>(),
        ["Ana@crea.example", "supervisor", "disabled", "Ana", "Ruiz"]
    );
    let (_, out, _) = user(dir.path(), &["user", "list", "--json"], "");
    let row: Value = serde_json::from_str(out.trim()).unwrap();
    assert_eq!((&row["email"], &row["active"]), (&Value::from("Ana@crea.example"), &Value::from(false)));
    assert!(!out.contains("argon2"), "{out}");
}

#[test]
fn a_new_password_and_a_disabled_account_act_on_the_running_server() {
    let dir = TempDir::new().unwrap();
    let args: Vec<&str> = ADD.into_iter().chain(["--password-stdin"]).collect();
    assert_eq!(user(dir.path(), &args, "correct horse battery\n").0, 0);
    let server = Server::start(dir.path(), &["serve"], &[]);
    let (_, cookie) = sign_in(&server, "ana@crea.example", "correct horse battery");
    let status = |cookie: &str| request(server.address, "/", cookie, None).unwrap().status;
    assert_eq!(status(&cookie), 200);
    let change = ["user", "password", "ana@crea.example", "--password-stdin"];
    assert_eq!(user(dir.path(), &change, "four plain words here\n").0, 0);
    assert_eq!(status(&cookie), 303, "its sessions ended");
    assert_eq!(sign_in(&server, "ana@crea.example", "correct horse battery").0, 422);
    let (signed_in, cookie) = sign_in(&server, "ana@crea.example", "four plain words here");
    assert_eq!((signed_in, status(&cookie)), (303, 200));
    assert_eq!(user(dir.path(), &["user", "disable", "ANA@crea.example"], "").0, 0);
    assert_eq!(status(&cookie), 303);
    assert_eq!(sign_in(&server, "ana@crea.example", "four plain words here").0, 422);
}
