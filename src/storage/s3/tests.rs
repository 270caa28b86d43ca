//! What only an object store does: parts, links, and a network between it and us.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{io::AsyncReadExt as _, net::TcpListener};

use super::upload::PART_BYTES;
use crate::{
    config::S3Settings,
    storage::{
        Key, LINK_TTL, LONGEST_LINK_TTL, Shown, Storage, StorageError,
        server::{BUCKET, S3Server, fetch},
        tests::{in_s3, keys},
    },
};

/// A part that is under way ends within 21 s and a call without a body within 6 ([`super::client::limits`]).
const SOON: Duration = Duration::from_secs(27);

fn key() -> Key {
    Key::of(&["chat", "call"])
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

/// Waits for what is thrown away behind our back.
async fn settles(server: &S3Server) {
    let since = Instant::now();
    while server.unfinished() > 0 {
        assert!(since.elapsed() < SOON, "{} parts stay", server.unfinished());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn what_needs_parts_comes_back_as_one() {
    let server = S3Server::start();
    let storage = in_s3(&server).await;
    for length in [PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 70_000] {
        let bytes = bytes(length);
        let stored = storage.put(&key(), &bytes[..], u64::MAX).await.expect("stored");
        assert_eq!(stored.size_bytes, length as i64);
        assert_eq!(storage.size(&key()).await.expect("size"), length as u64);
        assert!(storage.read(&key(), u64::MAX).await.expect("read") == bytes, "{length}");
        let border = PART_BYTES as u64 - 3..PART_BYTES as u64 + 3;
        let mut part = Vec::new();
        let object = storage.get(&key(), Some(border)).await.expect("opened");
        { object.reader }.read_to_end(&mut part).await.expect("read");
        assert_eq!(part, bytes[PART_BYTES - 3..(PART_BYTES + 3).min(length)]);
        assert_eq!(server.unfinished(), 0);
    }
}

#[tokio::test]
async fn a_large_one_that_is_refused_breaks_off_or_is_given_up_leaves_no_part() {
    let server = S3Server::start();
    let storage = in_s3(&server).await;
    let (first, large) = (bytes(PART_BYTES), bytes(2 * PART_BYTES));
    let refused = storage.put(&key(), &large[..], PART_BYTES as u64 + 1).await;
    assert!(matches!(refused, Err(StorageError::TooLarge(_))), "{refused:?}");
    settles(&server).await;
    let cut = tokio_util::io::StreamReader::new(futures_util::stream::iter([
        Ok(&first[..]),
        Err(std::io::Error::other("the line is cut")),
    ]));
    let refused = storage.put(&key(), cut, u64::MAX).await;
    assert!(matches!(refused, Err(StorageError::Source(_))), "{refused:?}");
    settles(&server).await;
    // The one who brings it goes away: the request's future is dropped, be it while a part is on its way or while it waits
    // for more of them.
    let key = key();
    for later in [0, 20, 40, 80, 160, 320].map(Duration::from_millis) {
        let (mut theirs, ours) = tokio::io::duplex(PART_BYTES);
        tokio::io::AsyncWriteExt::write_all(&mut theirs, &first).await.expect("taken");
        let put = storage.put(&key, ours, u64::MAX);
        let begun = async {
            while server.unfinished() == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            tokio::time::sleep(later).await;
        };
        tokio::select! {
            done = put => panic!("it is not whole yet: {done:?}"),
            () = begun => {}
        }
        settles(&server).await;
    }
    assert!(server.objects().is_empty());
}

#[tokio::test]
async fn a_link_opens_one_object_for_a_while_and_nothing_else() {
    let server = S3Server::start();
    let storage = in_s3(&server).await;
    storage.put(&key(), &b"hola"[..], 10).await.expect("stored");
    storage.put(&Key::of(&["chat", "other"]), &b"not yours"[..], 10).await.expect("stored");
    let now = Utc::now();
    let link = async |ttl: Duration, at: DateTime<Utc>| {
        let shown = Shown { content_type: "text/plain", disposition: "attachment; filename=\"a.txt\"" };
        storage.signed_url(&key(), shown, ttl, at).await.expect("signed").expect("a store answers links")
    };
    let url = link(LINK_TTL, now).await;
    assert!(url.starts_with(&format!("{}/{BUCKET}/floor/chat/call?", server.endpoint())), "{url}");
    assert!(url.contains("X-Amz-Expires=900&"), "{url}");
    assert_eq!(fetch(&url).await, (200, b"hola".to_vec()));
    assert!(link(LONGEST_LINK_TTL * 24, now).await.contains("X-Amz-Expires=3600&"), "an hour at most");

    assert_eq!(fetch(&link(LINK_TTL, now - TimeDelta::minutes(14)).await).await.0, 200, "still good");
    assert_eq!(fetch(&link(LINK_TTL, now - TimeDelta::minutes(16)).await).await.0, 403, "expired");
    let (front, signature) = url.split_once("X-Amz-Signature=").expect("signed");
    let flipped: String = signature.chars().map(|c| if c == '0' { '1' } else { '0' }).collect();
    let tampered = [
        format!("{front}X-Amz-Signature={flipped}"),
        url.replace("X-Amz-Expires=900&", "X-Amz-Expires=90000&"),
        url.replace("/chat/call?", "/chat/other?"),
    ];
    for url in tampered {
        let (status, body) = fetch(&url).await;
        assert_eq!(status, 403, "{url}");
        assert!(!String::from_utf8_lossy(&body).contains("yours"));
    }
    let bare = url.split_once('?').expect("signed").0;
    assert_eq!(fetch(bare).await.0, 403, "nobody in particular");
}

#[tokio::test]
async fn wrong_keys_and_a_missing_bucket_are_told_and_no_secret_is() {
    let server = S3Server::start();
    let another = "hush-hush".to_owned();
    let wrong = S3Settings { secret_key: another, ..keys(&server) };
    for (url, keys, word) in [
        (format!("s3://{BUCKET}"), &wrong, "SignatureDoesNotMatch"),
        ("s3://no-such-bucket".to_owned(), &keys(&server), "NoSuchBucket"),
    ] {
        let storage = Storage::open_with(&url, Some(keys)).await.expect("opened");
        // A listing: this server makes a missing bucket for who writes to it.
        let error = storage.list("").next().await.expect_err("refused").to_string();
        assert!(error.contains(word) && error.contains(&server.endpoint()) && error.contains(&url), "{error}");
        assert!(!error.contains("hush") && !error.contains("Signature="), "{error}");
        assert!(!storage.is_up().await);
    }
    let storage = Storage::open_with(&format!("s3://{BUCKET}"), Some(&wrong)).await.expect("opened");
    assert!(matches!(storage.probe().await, Err(StorageError::Unavailable(_))));
    for refused in [Storage::open("s3://crea-files").await, Storage::open_with("s3://x", Some(&wrong)).await] {
        assert!(refused.is_err());
    }
}

#[tokio::test]
async fn a_store_that_is_down_says_so_at_once_and_works_again_when_it_is_back() {
    let mut server = S3Server::start();
    let storage = in_s3(&server).await;
    storage.put(&key(), &b"hola"[..], 10).await.expect("stored");
    server.kill();
    let since = Instant::now();
    assert!(matches!(storage.put(&key(), &b"x"[..], 10).await, Err(StorageError::Unavailable(_))));
    assert!(matches!(storage.get(&key(), None).await.err(), Some(StorageError::Unavailable(_))));
    assert!(matches!(storage.delete(&key()).await, Err(StorageError::Unavailable(_))));
    assert!(matches!(storage.size(&key()).await, Err(StorageError::Unavailable(_))));
    let error = storage.probe().await.expect_err("dead").to_string();
    assert!(error.contains("refused"), "{error}");
    assert!(!storage.is_up().await);
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    server.restart();
    assert_eq!(storage.read(&key(), 10).await.expect("read"), b"hola");
}

#[tokio::test]
async fn a_store_that_hangs_is_given_up_within_seconds() {
    // Takes connections, as a frozen process does, and never says a word.
    let frozen = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let endpoint = format!("http://{}", frozen.local_addr().expect("bound"));
    let keys = S3Settings { endpoint, ..keys(&S3Server::start()) };
    let storage = Storage::open_with("s3://crea-files", Some(&keys)).await.expect("opened");
    let since = Instant::now();
    assert!(!storage.is_up().await && !storage.is_up().await);
    assert!(since.elapsed() < Duration::from_secs(2), "asked once, for a second: {:?}", since.elapsed());
    let since = Instant::now();
    let (key, large) = (key(), bytes(PART_BYTES));
    let mut listing = storage.list("");
    let (small, large, got, listed, deleted) = tokio::join!(
        storage.put(&key, &b"x"[..], 10),
        storage.put(&key, &large[..], u64::MAX),
        storage.get(&key, None),
        listing.next(),
        storage.delete(&key),
    );
    for error in [small.err(), large.err(), got.err(), listed.err(), deleted.err()] {
        let error = error.expect("it is frozen").to_string();
        assert!(error.contains("does not answer"), "{error}");
    }
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
}
