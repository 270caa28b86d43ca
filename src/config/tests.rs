//! Settings as operators write them.

use super::{Config, S3Place, without_password};

fn read(vars: &[(&'static str, &str)]) -> Result<Config, Vec<super::ConfigError>> {
    Config::read(|name| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
}

#[test]
fn nothing_set_is_a_working_embedded_server() {
    let config = read(&[]).expect("defaults are valid");
    assert_eq!(config.public_url, "http://127.0.0.1:8080");
    assert_eq!(config.sqlite_path(), Some("crea.db".into()));
    assert!(!config.is_https());
}

#[test]
fn every_bad_value_is_named() {
    let bad = [
        ("BIND", "nowhere"),
        ("PUBLIC_URL", "ftp://x"),
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", "http://x"),
        ("STORAGE_URL", "s3://b"),
        ("SECRET_KEY", "short"),
        ("SESSION_HOURS", "0"),
        ("SOCKETS_PER_ADDRESS", "0"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("MAIL_FROM", "nobody"),
    ];
    for (name, value) in bad {
        let errors = read(&[(name, value)]).expect_err(name);
        assert_eq!(errors.iter().map(|e| e.name).collect::<Vec<_>>(), [name]);
    }
    assert_eq!(read(&bad).expect_err("all bad").len(), bad.len());
}

#[test]
fn postgres_requires_a_secret_key() {
    let errors = read(&[("DATABASE_URL", "postgres://h/db")]).expect_err("no key");
    assert_eq!(errors[0].name, "SECRET_KEY");
}

#[test]
fn mail_needs_a_server_and_a_sender() {
    let from = ("MAIL_FROM", "CREA <crea@crea.example>");
    type Case<'a> = (&'a [(&'static str, &'a str)], &'a [&'a str]);
    let cases: [Case<'_>; 4] = [
        (&[("SMTP_URL", "smtps://u:p@mail.example"), from], &[]),
        (&[from], &[]),
        (&[("SMTP_URL", "smtp://mail.example")], &["MAIL_FROM"]),
        (&[("SMTP_URL", "http://mail.example"), from], &["SMTP_URL"]),
    ];
    for (vars, expected) in cases {
        let names: Vec<_> = read(vars).err().unwrap_or_default().iter().map(|e| e.name).collect();
        assert_eq!(names, expected, "{vars:?}");
    }
}

#[test]
fn files_are_kept_beside_the_database() {
    for (database, expected) in [
        ("sqlite://crea.db", "file://files"),
        ("sqlite:///data/crea.db", "file:///data/files"),
        ("postgres://h/db", "file://files"),
    ] {
        let key = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");
        assert_eq!(read(&[("DATABASE_URL", database), key]).expect("valid").storage_url(), expected);
    }
    let set = read(&[("STORAGE_URL", "file:///srv/files")]).expect("valid");
    assert_eq!(set.storage_url(), "file:///srv/files");
}

#[test]
fn secrets_do_not_show() {
    let secret = "0123456789abcdef0123456789abcdef";
    let url = "postgres://u:p4ss@h:5/db";
    let config = read(&[("DATABASE_URL", url), ("SECRET_KEY", secret), ("METRICS_TOKEN", "t0ken")]).expect("valid");
    let shown = format!("{config:?}");
    for hidden in [secret, "p4ss", "t0ken"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
    assert_eq!(without_password(url), "postgres://u:***@h:5/db");
}

#[test]
fn an_object_store_needs_its_place_and_its_keys() {
    let keys = [("S3_ENDPOINT", "https://s3.example"), ("S3_ACCESS_KEY", "AK"), ("S3_SECRET_KEY", "hush-hush")];
    let url = ("STORAGE_URL", "s3://crea-files/floor/one");
    let config = read(&[url, keys[0], keys[1], keys[2]]).expect("valid");
    let shown = format!("{config:?} {:?}", config.s3);
    assert!(shown.contains("https://s3.example") && shown.contains("us-east-1") && !shown.contains("hush"), "{shown}");
    for missing in 0..keys.len() {
        for url in [url, ("STORAGE_URL", "")] {
            let given: Vec<_> = keys.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, key)| *key).collect();
            let errors = read(&[&given[..], &[url]].concat()).expect_err(keys[missing].0);
            assert_eq!(errors.iter().map(|e| e.name).collect::<Vec<_>>(), [keys[missing].0]);
        }
    }
    assert_eq!(read(&[url]).expect_err("no key").len(), 3, "each is named");
    assert!(read(&[]).expect("valid").s3.is_none());
    let links = |value| read(&[url, keys[0], keys[1], keys[2], ("S3_LINKS", value)]);
    assert!(links("1").expect("valid").s3.is_some_and(|s3| s3.gives_links), "only where it is asked for");
    assert!(!config.s3.is_some_and(|s3| s3.gives_links));
    assert_eq!(links("yes").expect_err("no word")[0].name, "S3_LINKS");
    let alone = read(&keys).expect("for a migration to it");
    assert!(alone.s3.is_some() && alone.storage_url() == "file://files");
    for endpoint in ["s3.example", "https://s3.example/path", "http://user@s3.example"] {
        let errors = read(&[url, ("S3_ENDPOINT", endpoint), keys[1], keys[2]]).expect_err(endpoint);
        assert_eq!(errors[0].name, "S3_ENDPOINT");
    }
}

#[test]
fn a_bucket_and_a_prefix_are_told_apart() {
    let parsed = |url: &str| S3Place::parse(url).map(|place| (place.bucket, place.prefix));
    assert_eq!(parsed("s3://crea-files"), Some(("crea-files".into(), "".into())));
    assert_eq!(parsed("s3://crea-files/"), Some(("crea-files".into(), "".into())));
    assert_eq!(parsed("s3://crea.files/floor/1/"), Some(("crea.files".into(), "floor/1/".into())));
    for bad in
        ["s3://", "s3://ab", "s3://Crea", "s3://crea_files", "s3://crea/../x", "s3://crea//x", "s3:crea", "file://x"]
    {
        assert_eq!(parsed(bad), None, "{bad}");
    }
}
