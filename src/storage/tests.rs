//! Both places behave alike.

use std::io;

use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;

use super::{Key, Storage, StorageError};

async fn both() -> (TempDir, [Storage; 2]) {
    let dir = TempDir::new().expect("a folder");
    let disk = Storage::open(&format!("file://{}", dir.path().join("files").display())).await.expect("opened");
    (dir, [disk, Storage::memory()])
}

#[tokio::test]
async fn what_was_put_comes_back_whole_in_parts_and_not_after_deletion() {
    let (_dir, places) = both().await;
    for storage in places {
        let key = Key::of(&["chat", "a", "b"]);
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        let stored = storage.put(&key, &bytes[..], 1_000_000).await.expect("stored");
        assert_eq!(stored.size_bytes, 200_000);
        assert_eq!(stored.sha256.len(), 64);
        assert_eq!(storage.read(&key, 1_000_000).await.expect("read"), bytes);
        assert_eq!(storage.size(&key).await.expect("size"), 200_000);
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
    }
}

#[tokio::test]
async fn what_is_too_large_or_breaks_off_leaves_nothing() {
    let (dir, places) = both().await;
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
    let left: Vec<_> = std::fs::read_dir(dir.path().join("files/chat")).expect("folder").flatten().collect();
    assert_eq!(left.len(), 1, "no temporary file stays: {left:?}");
}

#[tokio::test]
async fn a_place_that_is_gone_says_so() {
    let (dir, [disk, _]) = both().await;
    std::fs::remove_dir_all(dir.path().join("files")).expect("removed");
    std::fs::write(dir.path().join("files"), "a file where the folder was").expect("written");
    let refused = disk.put(&Key::of(&["chat", "a"]), &b"x"[..], 10).await;
    assert!(matches!(refused, Err(StorageError::Unavailable(_))), "{refused:?}");
    assert!(disk.probe().await.is_err());
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
