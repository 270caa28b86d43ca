//! `crea config`, `crea check`, `crea migrate`, `crea demo`, and bad settings.

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    harness::process::{Server, request, run},
    told,
};

const SECRETS: [(&str, &str); 4] = [
    ("SECRET_KEY", "0123456789abcdef0123456789abcdef-hush"),
    ("DATABASE_URL", "postgres://crea:hush@db.example/crea"),
    ("REDIS_URL", "redis://:hush@redis.example/"),
    ("METRICS_TOKEN", "hush-hush"),
];

#[test]
fn config_shows_what_is_in_force_and_hides_secrets() {
    let dir = TempDir::new().unwrap();
    for args in [&["config"][..], &["config", "--json"]] {
        let (code, out, err) = told(&run(dir.path(), args, &SECRETS, ""));
        assert_eq!((code, &*err), (0, ""));
        assert!(!out.contains("hush") && !out.contains("0123456789abcdef"), "{out}");
        assert!(out.contains("postgres://crea:***@db.example/crea") && out.contains("redis.example"), "{out}");
        assert!(out.contains("BIND") && out.contains("127.0.0.1:8080"), "{out}");
    }
    let (_, json, _) = told(&run(dir.path(), &["config", "--json"], &SECRETS, ""));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["SECRET_KEY"], &json["SESSION_HOURS"]), (&Value::from("(set)"), &Value::from("12")));
}

#[test]
fn each_bad_setting_is_named_without_its_value_and_the_exit_code_is_two() {
    let dir = TempDir::new().unwrap();
    let bad = [
        ("BIND", "hush"),
        ("PUBLIC_URL", "ftp://hush"),
        ("DATABASE_URL", "mysql://hush"),
        ("REDIS_URL", "http://hush"),
        ("SECRET_KEY", "hush"),
        ("STORAGE_URL", "ftp://hush"),
        ("TRUSTED_PROXIES", "hush"),
        ("SESSION_HOURS", "0"),
    ];
    let (code, out, err) = told(&run(dir.path(), &["config"], &bad, ""));
    assert_eq!((code, &*out), (2, ""));
    for (name, _) in bad {
        assert!(err.lines().any(|line| line.starts_with(&format!("crea: {name}: "))), "{name}: {err}");
    }
    assert!(!err.contains("hush"), "{err}");
}

#[test]
fn wrong_use_ends_with_two_and_help_teaches() {
    let dir = TempDir::new().unwrap();
    assert_eq!(told(&run(dir.path(), &["no-such-command"], &[], "")).0, 2);
    assert_eq!(told(&run(dir.path(), &["user", "add"], &[], "")).0, 2);
    let (code, help, _) = told(&run(dir.path(), &["--help"], &[], ""));
    assert_eq!(code, 0);
    for word in ["serve", "demo", "migrate", "config", "check", "user", "files", "Examples"] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn check_tells_a_database_that_is_missing_migrated_or_not() {
    let dir = TempDir::new().unwrap();
    let (code, out, _) = told(&run(dir.path(), &["check"], &[("DATABASE_URL", "sqlite://new.db")], ""));
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("crea migrate"), "{out}");
    assert_eq!(told(&run(dir.path(), &["migrate"], &[("DATABASE_URL", "sqlite://new.db")], "")).0, 0);
    let (code, out, _) = told(&run(dir.path(), &["check", "--json"], &[("DATABASE_URL", "sqlite://new.db")], ""));
    assert_eq!(code, 0, "{out}");
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["database"]["ok"], true);
    assert_eq!(std::fs::read_dir(dir.path().join("files/probe")).unwrap().count(), 0, "the probe leaves nothing");
    std::fs::write(dir.path().join("taken"), "").unwrap();
    let taken = [("DATABASE_URL", "sqlite://new.db"), ("STORAGE_URL", "file://taken/files")];
    let (code, out, _) = told(&run(dir.path(), &["check"], &taken, ""));
    assert_eq!(code, 1);
    assert!(out.contains("database: ok") && out.contains("storage: ") && !out.contains("storage: ok"), "{out}");
    let gone = [("DATABASE_URL", "sqlite://new.db"), ("REDIS_URL", "redis://127.0.0.1:1/")];
    let (code, out, _) = told(&run(dir.path(), &["check"], &gone, ""));
    assert_eq!(code, 1);
    assert!(out.contains("database: ok") && out.contains("redis: ") && !out.contains("redis: ok"), "{out}");
}

#[test]
fn the_demo_signs_a_person_of_each_role_in_and_stops_when_told() {
    let dir = TempDir::new().unwrap();
    let mut server = Server::start(dir.path(), &["demo"], &[]);
    let people: Vec<Vec<&str>> = server.printed.iter().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        people.iter().map(|p| p[0]).collect::<Vec<_>>(),
        ["asesor", "backoffice", "supervisor", "calidad", "administrador"]
    );
    for person in &people {
        let form = format!("login={}&password={}", person[1].replace('@', "%40"), person[2]);
        let reply = request(server.address, "/sign-in", "", Some(&form)).unwrap();
        assert_eq!(reply.status, 303, "{person:?}");
        let home = request(server.address, "/", &reply.cookie(), None).unwrap();
        assert!(home.status == 200 && home.body.contains("data-seq"), "{}", home.status);
    }
    let second =
        told(&run(dir.path(), &["serve"], &[("DATABASE_URL", "sqlite://crea-demo.db"), ("BIND", "127.0.0.1:0")], ""));
    assert_eq!(second.0, 1, "one server per SQLite file");
    assert!(second.2.contains("another server"), "{}", second.2);
    assert_eq!(server.stop(), Some(0), "a signal is a normal end");
}

#[test]
fn a_demo_that_others_could_reach_needs_to_be_asked_for() {
    let dir = TempDir::new().unwrap();
    let (code, _, err) = told(&run(dir.path(), &["demo"], &[("BIND", "0.0.0.0:0")], ""));
    assert_eq!(code, 1);
    assert!(err.contains("--public"), "{err}");
    assert!(!dir.path().join("crea-demo.db").exists());
}

#[test]
fn a_secret_key_is_made_once_and_only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = TempDir::new().unwrap();
    let key = dir.path().join("crea.key");
    drop(Server::start(dir.path(), &["serve"], &[]));
    let first = std::fs::read_to_string(&key).unwrap();
    assert_eq!(first.len(), 64);
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    drop(Server::start(dir.path(), &[], &[]));
    assert_eq!(std::fs::read_to_string(&key).unwrap(), first);
}
