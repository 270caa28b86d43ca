//! Where files are kept, as operators set it, ask for it and move it.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crea::{
    auth::{Module, Role},
    sql,
    storage::Storage,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    harness::{
        TestApp, both_dbs, files,
        process::run,
        s3::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY},
        talk,
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

/// An instance that keeps files in a folder: a picture with its small one, a document and a photo are in it.
struct Bench {
    app: TestApp,
    server: S3Server,
    endpoint: String,
    folder: String,
    bucket: String,
}

impl Bench {
    async fn new(app: TestApp) -> Self {
        let server = S3Server::start();
        let folder = format!("file://{}", app.database.dir.path().join("files").display());
        let storage = Storage::open(&folder).await.unwrap();
        let router = crea::router(app.app.with_storage(storage));
        let own = app.campaign(Module::Core).await;
        let ana = app.user("ana").campaign(&own).insert().await;
        let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
        let hers = app.sign_in(&ana).await.through(router);
        let id = talk::open(&hers, &luz).await;
        for (name, content) in [("foto.png", &*files::png(800, 400)), ("acuerdo.pdf", files::PDF)] {
            assert_eq!(files::bring(&hers, &id, name, content).await.status, 200);
        }
        files::submit(&hers, "/account/photo", "photo", &files::png(96, 96)).await;
        let (endpoint, bucket) = (server.endpoint(), format!("s3://{BUCKET}/floor"));
        Self { app, server, endpoint, folder, bucket }
    }

    /// Runs `crea files …` on a place; answers its exit code, its lines and what the last one says.
    fn files(&self, url: &str, args: &[&str]) -> (i32, Vec<String>, Value) {
        let mut settings = store(&self.endpoint, url);
        settings
            .extend([("DATABASE_URL", &*self.app.database.url), ("SECRET_KEY", "a key that is long enough for it")]);
        let (code, out, err) = told(&run(self.app.database.dir.path(), &[&["files"], args].concat(), &settings, ""));
        let mut lines: Vec<String> = out.lines().map(str::to_owned).collect();
        let last = lines.pop().map_or(Value::Null, |last| serde_json::from_str(&last).unwrap());
        assert!(code != 0 || err.is_empty(), "{err}");
        (code, lines, last)
    }

    fn migrate(&self, from: &str, to: &str, more: &[&str]) -> (i32, Vec<String>, Value) {
        self.files(&self.folder, &[&["migrate", "--from", from, "--to", to], more].concat())
    }

    /// A file of the folder.
    fn path(&self, key: &str) -> PathBuf {
        self.app.database.dir.path().join("files").join(key)
    }

    /// A file of the bucket.
    fn object(&self, key: &str) -> PathBuf {
        self.server.file(&format!("floor/{key}"))
    }

    /// The document's key.
    async fn document(&self) -> String {
        let sql = sql!("select object_key from stored_file where content_type = 'application/pdf'");
        self.app.db.one::<(String,)>(sql).await.unwrap().0
    }
}

/// How many lines begin with this.
fn count(lines: &[String], word: &str) -> usize {
    lines.iter().filter(|line| line.starts_with(&format!("{word} "))).count()
}

both_dbs!(files_move_to_another_place_and_back_and_each_copy_is_compared, |app| {
    let bench = Bench::new(app).await;
    let (folder, bucket) = (bench.folder.clone(), bench.bucket.clone());
    let (code, planned, told) = bench.migrate(&folder, &bucket, &["--dry-run"]);
    assert_eq!((code, planned.len(), count(&planned, "copy")), (0, 4, 4), "{planned:?}");
    assert_eq!((&told["copied"], &told["dry_run"]), (&Value::from(4), &Value::from(true)));
    assert!(bench.server.objects().is_empty());
    let (code, copied, told) = bench.migrate(&folder, &bucket, &[]);
    assert_eq!((code, &copied), (0, &planned), "the same list");
    assert_eq!((&told["copied"], &told["skipped"], &told["errors"]), (&4.into(), &0.into(), &0.into()));
    assert_eq!(bench.server.objects().len(), 4);
    for line in &copied {
        let key = line.split(' ').nth(1).unwrap();
        assert_eq!(fs::read(bench.path(key)).unwrap(), fs::read(bench.object(key)).unwrap(), "{key}");
    }

    // It was broken off, and the bytes of one are not what they were: it goes on where it was.
    let (gone, key) = (copied[0].split(' ').nth(1).unwrap(), bench.document().await);
    fs::remove_file(bench.object(gone)).unwrap();
    fs::write(bench.object(&key), vec![b'x'; files::PDF.len()]).unwrap();
    let (code, lines, told) = bench.migrate(&folder, &bucket, &[]);
    assert_eq!((code, count(&lines, "copy"), count(&lines, "skip")), (0, 2, 2), "{lines:?}");
    assert_eq!(told["skipped"], 2);
    assert_eq!(fs::read(bench.object(&key)).unwrap(), files::PDF);
    assert_eq!(bench.migrate(&folder, &bucket, &[]).2["skipped"], 4);
    assert_eq!(bench.migrate(&folder, &bucket, &["--force"]).2["copied"], 4);
    let back = format!("{folder}-back");
    assert_eq!(bench.migrate(&bucket, &back, &[]).2["copied"], 4);
    assert_eq!(fs::read(bench.app.database.dir.path().join("files-back").join(&key)).unwrap(), files::PDF);

    // A row whose bytes never came names nothing that could be copied.
    let broken = sql!("update stored_file set stored_at = null where object_key <> $1", key.as_str());
    bench.app.db.exec(broken).await.unwrap();
    assert_eq!(bench.migrate(&folder, &bucket, &[]).1.len(), 2, "the document and the photo");
});

both_dbs!(a_damaged_source_a_missing_one_and_a_dead_store_are_told_and_spoil_nothing, |app| {
    let mut bench = Bench::new(app).await;
    let (folder, bucket) = (bench.folder.clone(), bench.bucket.clone());
    assert_eq!(bench.migrate(&folder, &bucket, &[]).0, 0);
    let key = bench.document().await;
    fs::write(bench.path(&key), vec![b'x'; files::PDF.len()]).unwrap();
    let (code, lines, told) = bench.migrate(&folder, &bucket, &["--force"]);
    assert_eq!((code, &told["copied"], &told["errors"]), (1, &3.into(), &1.into()), "{lines:?}");
    assert_eq!(fs::read(bench.object(&key)).unwrap(), files::PDF, "a good copy stays");
    fs::remove_file(bench.object(&key)).unwrap();
    for args in [&["--dry-run"][..], &[]] {
        let (code, lines, _) = bench.migrate(&folder, &bucket, args);
        let said = format!("error {key}: the source is not what the database says");
        assert_eq!((code, count(&lines, "skip")), (1, 3));
        assert!(lines.iter().any(|line| line.starts_with(&said)), "a look reads the sources too: {lines:?}");
        assert!(!bench.object(&key).exists(), "a bad copy does not stay");
    }
    fs::remove_file(bench.path(&key)).unwrap();
    let (code, lines, _) = bench.migrate(&folder, &bucket, &[]);
    assert_eq!(code, 1);
    assert!(lines.contains(&format!("error {key}: no object {key}")), "{lines:?}");
    bench.server.kill();
    let (code, lines, told) = bench.migrate(&folder, &bucket, &[]);
    assert_eq!((code, count(&lines, "error"), &told["errors"]), (1, 4, &4.into()), "{lines:?}");
    for (from, to) in [("ftp://x", &*bucket), (&*folder, "files"), (&*folder, &*folder)] {
        assert_eq!(bench.migrate(from, to, &[]).0, 2, "{from} {to}");
    }
});

both_dbs!(cleanup_takes_old_orphans_and_nothing_else, |app| {
    let bench = Bench::new(app).await;
    assert_eq!(bench.migrate(&bench.folder, &bench.bucket, &[]).0, 0);
    // Its bytes are about to come, or about to go: it is named all the same.
    bench.app.db.exec(sql!("update stored_file set stored_at = null")).await.unwrap();
    let stranger = format!("people/{}/photo", uuid::Uuid::now_v7());
    let orphans = ["chat/gone/1", "chat/small/2", "probe/3", &*stranger];
    for (url, root) in [(&bench.folder, bench.path("")), (&bench.bucket, bench.object(""))] {
        for name in orphans.into_iter().chain(["chat/gone/young", "Notes.txt"]) {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), "bytes").unwrap();
        }
        for path in tree(&root).iter().filter(|path| !path.ends_with("young")) {
            let long_ago = SystemTime::now() - Duration::from_secs(25 * 60 * 60);
            fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
        let before = tree(&root);
        assert_eq!(before.len(), 10);
        assert_eq!(bench.files(url, &["cleanup"]).0, 2, "it is to be said");
        let (code, planned, told) = bench.files(url, &["cleanup", "--dry-run"]);
        assert_eq!((code, &told["deleted"], &told["bytes"]), (0, &4.into(), &20.into()), "{planned:?}");
        assert_eq!(tree(&root), before);
        let mut other = store(&bench.endpoint, url);
        other.push(("DATABASE_URL", "sqlite://other.db"));
        let (code, out, err) = told_of(&bench, &["files", "cleanup", "--force"], &other);
        assert!(code == 1 && err.contains("is it the right one?") && !out.contains("delete "), "{out} {err}");
        assert_eq!(tree(&root), before, "somebody else's database deletes nothing");

        let (code, deleted, told) = bench.files(url, &["cleanup", "--force"]);
        assert_eq!((code, &deleted, &told["deleted"]), (0, &planned, &4.into()), "the same list");
        let left = tree(&root);
        assert_eq!(left.len(), 6);
        assert!(orphans.iter().all(|name| !left.contains(&root.join(name))), "{left:?}");
        assert_eq!(bench.files(url, &["cleanup", "--force"]).2["deleted"], 0);
    }
});

fn told_of(bench: &Bench, args: &[&str], settings: &[(&str, &str)]) -> (i32, String, String) {
    told(&run(bench.app.database.dir.path(), args, settings, ""))
}

/// Every file below a folder, sorted.
fn tree(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(tree(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
