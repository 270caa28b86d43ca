//! All places behave alike.

use std::{collections::HashSet, io, time::SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;

use super::{
    Key, LINK_TTL, Listed, Shown, Storage, StorageError,
    server::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY},
};
use crate::config::S3Settings;

/// The keys of a test's own store.
pub(super) fn keys(server: &S3Server) -> S3Settings {
    S3Settings {
        endpoint: server.endpoint(),
        region: "us-east-1".to_owned(),
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        gives_links: true,
    }
}

/// A place in it.
pub(super) async fn in_s3(server: &S3Server) -> Storage {
    let url = format!("s3://{BUCKET}/floor");
    Storage::open_with(&url, Some(&keys(server))).await.expect("nothing is asked")
}

/// What the places stand on.
struct Ground {
    dir: TempDir,
    server: S3Server,
}

async fn all() -> (Ground, [Storage; 3]) {
    let ground = Ground { dir: TempDir::new().expect("a folder"), server: S3Server::start() };
    let disk = Storage::open(&format!("file://{}", ground.dir.path().join("files").display())).await.expect("opened");
    let s3 = in_s3(&ground.server).await;
    (ground, [disk, Storage::memory(), s3])
}

async fn everything(storage: &Storage, prefix: &str) -> Vec<Listed> {
    let (mut listing, mut found) = (storage.list(prefix), Vec::new());
    loop {
        match listing.next().await.expect("listed") {
            page if page.is_empty() => return found,
            page => {
                assert!(page.len() <= 1_000);
                found.extend(page);
            }
        }
    }
}

#[tokio::test]
async fn what_was_put_comes_back_whole_in_parts_and_not_after_deletion() {
    let (_ground, places) = all().await;
    for storage in places {
        let key = Key::of(&["chat", "a", "b"]);
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        let stored = storage.put(&key, &bytes[..], 1_000_000).await.expect("stored");
        assert_eq!(stored.size_bytes, 200_000);
        assert_eq!(stored.sha256.len(), 64);
        assert_eq!(storage.read(&key, 1_000_000).await.expect("read"), bytes);
        assert_eq!(storage.size(&key).await.expect("size"), 200_000);
        assert_eq!(storage.measure(&key).await.expect("read"), stored);
        for (range, expected) in [(10..20, 10..20), (199_990..300_000, 199_990..200_000), (5..5, 5..5)] {
            let mut part = Vec::new();
            let object = storage.get(&key, Some(range)).await.expect("opened");
            assert_eq!(object.size_bytes, 200_000);
            { object.reader }.read_to_end(&mut part).await.expect("read");
            assert_eq!(part, bytes[expected]);
        }
        storage.put(&key, &b"other"[..], 10).await.expect("replaced");
        assert_eq!(storage.read(&key, 10).await.expect("read"), b"other");
        for _ in 0..2 {
            storage.delete(&key).await.expect("deleted, or gone already");
            assert!(matches!(storage.get(&key, None).await.err(), Some(StorageError::NotFound(_))));
        }
        storage.probe().await.expect("works");
        assert!(storage.is_up().await);
        assert!(everything(&storage, "").await.is_empty(), "the probe leaves nothing");
    }
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let (_ground, places) = all().await;
    for storage in places {
        let key = Key::of(&["chat", "empty"]);
        storage.put(&key, &b""[..], 10).await.expect("stored");
        assert_eq!(storage.size(&key).await.expect("size"), 0);
        for range in [None, Some(0..0), Some(0..10), Some(5..10)] {
            let mut object = storage.get(&key, range).await.expect("opened");
            let mut bytes = Vec::new();
            object.reader.read_to_end(&mut bytes).await.expect("read");
            assert_eq!((object.size_bytes, bytes), (0, Vec::new()));
        }
    }
}

#[tokio::test]
async fn a_listing_tells_what_is_below_a_prefix() {
    let (_ground, places) = all().await;
    let began = DateTime::<Utc>::from(SystemTime::now()) - TimeDelta::seconds(2);
    for storage in places {
        let names = ["chat/a/1", "chat/a/2", "chat/b/1", "chat-old/1", "people/1/photo"];
        for (at, name) in names.into_iter().enumerate() {
            storage.put(&Key::parse(name).expect("a key"), &vec![0; at][..], 10).await.expect("stored");
        }
        for (prefix, expected) in
            [("", &names[..]), ("chat/", &names[..3]), ("chat/a/", &names[..2]), ("chat", &names[..4]), ("x/", &[])]
        {
            let mut found = everything(&storage, prefix).await;
            found.sort_by_key(|one| one.size_bytes);
            let keys: Vec<_> = found.iter().map(|one| one.key.as_str()).collect();
            assert_eq!(keys, expected, "{prefix} of {storage:?}");
            assert!(found.iter().all(|one| one.written_at >= began && one.written_at <= began + TimeDelta::minutes(5)));
        }
    }
}

#[tokio::test]
async fn a_long_listing_comes_in_pages_and_names_each_object_once() {
    let (Ground { dir, server }, [disk, _, s3]) = all().await;
    for folder in [dir.path().join("files"), server.file("floor")] {
        std::fs::create_dir_all(folder.join("chat")).expect("made");
        // What is no object of ours: half-written, typed by a hand, a folder's link to itself.
        std::fs::write(folder.join("chat/.half"), "").expect("written");
        std::fs::write(folder.join("chat/Note to self.txt"), "").expect("written");
        std::os::unix::fs::symlink(&folder, folder.join("around")).expect("linked");
        for n in 0..2_050 {
            std::fs::write(folder.join(format!("chat/{n}")), "x").expect("written");
        }
    }
    std::fs::remove_file(server.file("floor/around")).expect("a store in a bucket knows no links");
    std::fs::write(server.file("another-server"), "").expect("beside our prefix");
    for storage in [disk, s3] {
        let found = everything(&storage, "").await;
        assert_eq!(found.len(), 2_050, "{storage:?}");
        assert_eq!(found.iter().map(|one| &one.key).collect::<HashSet<_>>().len(), 2_050);
    }
}

#[tokio::test]
async fn only_a_store_answers_links() {
    let (_ground, [disk, memory, _]) = all().await;
    for storage in [disk, memory] {
        let shown = Shown { content_type: "text/plain", disposition: "inline" };
        let link = storage.signed_url(&Key::of(&["chat", "a"]), shown, LINK_TTL, Utc::now()).await;
        assert_eq!(link.expect("no failure"), None);
    }
}

#[tokio::test]
async fn what_is_too_large_or_breaks_off_leaves_nothing() {
    let (ground, places) = all().await;
    for storage in places {
        let key = Key::of(&["chat", "c"]);
        let refused = storage.put(&key, &[0_u8; 100_001][..], 100_000).await;
        assert!(matches!(refused, Err(StorageError::TooLarge(100_000))), "{refused:?}");
        let broken = tokio_util::io::StreamReader::new(futures_util::stream::iter([
            Ok(&b"half"[..]),
            Err(io::Error::other("the line is cut")),
        ]));
        let refused = storage.put(&key, broken, 100).await;
        assert!(matches!(refused, Err(StorageError::Source(_))), "{refused:?}");
        assert!(matches!(storage.get(&key, None).await.err(), Some(StorageError::NotFound(_))));
        assert!(matches!(storage.read(&key, 1).await, Err(StorageError::NotFound(_))));
        storage.put(&key, &[0_u8; 100][..], 100).await.expect("the limit itself is allowed");
        assert!(matches!(storage.read(&key, 99).await, Err(StorageError::TooLarge(99))));
    }
    let left: Vec<_> = std::fs::read_dir(ground.dir.path().join("files/chat")).expect("folder").flatten().collect();
    assert_eq!(left.len(), 1, "no temporary file stays: {left:?}");
    assert_eq!((ground.server.objects(), ground.server.unfinished()), (vec!["floor/chat/c".to_owned()], 0));
}

#[tokio::test]
async fn a_place_that_is_gone_says_so() {
    let (Ground { dir, .. }, [disk, ..]) = all().await;
    std::fs::remove_dir_all(dir.path().join("files")).expect("removed");
    std::fs::write(dir.path().join("files"), "a file where the folder was").expect("written");
    let refused = disk.put(&Key::of(&["chat", "a"]), &b"x"[..], 10).await;
    assert!(matches!(refused, Err(StorageError::Unavailable(_))), "{refused:?}");
    assert!(disk.probe().await.is_err() && !disk.is_up().await);
    assert!(disk.list("").next().await.is_err(), "a place that is gone is not empty");
    assert!(Storage::open(&format!("file://{}/files/below", dir.path().display())).await.is_err());
}

#[test]
fn a_key_never_leaves_its_folder() {
    for bad in
        ["", "/etc/passwd", "a/../b", "..", "a//b", "a/", "a/.hidden", "A", "a b", "a\\b", "a/\u{0}", "ñ", "a%2f"]
    {
        assert!(Key::parse(bad).is_err(), "{bad:?}");
    }
    for good in ["a", "chat/01935c3e-7a00/x.jpg", "people/1/photo"] {
        assert_eq!(Key::parse(good).map(|k| k.to_string()).as_deref(), Ok(good));
    }
    for parts in [["..", "x"], ["a/b", "../../etc"], ["", "."], ["Ñ", "C:\\x"]] {
        let key = Key::of(&parts);
        assert_eq!(Key::parse(key.as_str()), Ok(key.clone()), "{key}");
        assert_eq!(key.as_str().split('/').count(), 2, "{key}");
    }
}
