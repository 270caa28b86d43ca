//! Where files are kept, as operators set it, ask for it and move it.

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    harness::{
        process::run,
        s3::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY},
    },
    told,
};

/// The settings of a store, and of the place in it.
fn store<'a>(endpoint: &'a str, url: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("S3_ENDPOINT", endpoint), ("S3_ACCESS_KEY", ACCESS_KEY), ("S3_SECRET_KEY", SECRET_KEY), ("STORAGE_URL", url)]
}

#[test]
fn check_asks_the_object_store_and_config_keeps_its_keys() {
    let (dir, mut server) = (TempDir::new().unwrap(), S3Server::start());
    let (endpoint, url) = (server.endpoint(), format!("s3://{BUCKET}/floor"));
    let settings = store(&endpoint, &url);
    let (code, shown, _) = told(&run(dir.path(), &["config"], &settings, ""));
    assert_eq!(code, 0);
    assert!(shown.contains(&endpoint) && shown.contains("S3_SECRET_KEY=(set)") && shown.contains(&url), "{shown}");
    assert!(!shown.contains(SECRET_KEY) && !shown.contains(ACCESS_KEY), "{shown}");
    let (code, _, err) = told(&run(dir.path(), &["config"], &settings[..2], ""));
    assert_eq!((code, err.lines().count()), (2, 1), "{err}");
    assert!(err.starts_with("crea: S3_SECRET_KEY: is required"), "{err}");

    assert_eq!(told(&run(dir.path(), &["migrate"], &settings, "")).0, 0);
    let (code, out, _) = told(&run(dir.path(), &["check", "--json"], &settings, ""));
    assert_eq!(code, 0, "{out}");
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["storage"]["ok"], true);
    assert!(server.objects().is_empty(), "the probe leaves nothing");
    let mut wrong = settings.clone();
    wrong[2].1 = "hush-hush";
    server.kill();
    let (code, dead, _) = told(&run(dir.path(), &["check"], &settings, ""));
    assert_eq!(code, 1, "{dead}");
    server.restart();
    let (code, refused, _) = told(&run(dir.path(), &["check"], &wrong, ""));
    assert_eq!(code, 1, "{refused}");
    for (out, word) in [(&dead, "refused"), (&refused, "SignatureDoesNotMatch")] {
        let line = out.lines().find(|line| line.starts_with("storage: ")).unwrap();
        assert!(line.contains(word) && line.contains(&endpoint) && !line.contains("hush"), "{line}");
    }
    assert!(!dir.path().join("files").exists(), "no folder is made beside the database");
}
