//! Numbers of events: without gaps, and in the order of commits.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crea::live::{Topic, outbox};

use crate::harness::{TestApp, both_dbs};

const WRITERS: i64 = 16;
const WRITES: i64 = 30;

both_dbs!(numbers_have_no_holes_for_any_reader_while_sixteen_write_and_some_roll_back, |app| {
    let start = app.live.cursor().await.unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3).map(|_| tokio::spawn(read(app.clone(), start, Arc::clone(&done)))).collect();
    let writers: Vec<_> = (0..WRITERS).map(|n| tokio::spawn(write(app.clone(), n))).collect();
    let mut committed = 0;
    for writer in writers {
        committed += writer.await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        let seen = reader.await.unwrap();
        assert_eq!(seen, committed, "a reader that never looks back misses an event");
    }
    assert_eq!(app.live.cursor().await.unwrap(), start + committed);
    let rolled_back = outbox::list_after_for(&app.db, &[Topic::Tray("rolled back".into())], start, i64::MAX).await;
    assert!(rolled_back.unwrap().is_empty());
});

/// Commits, or drops what it began: one, two or three events at a time. Answers how many it committed.
async fn write(app: TestApp, writer: i64) -> i64 {
    let mut committed = 0;
    for n in 0..WRITES {
        let events = 1 + (writer + n) % 3;
        let rolls_back = (writer * 7 + n) % 5 == 0;
        let mut tx = app.live.begin().await.unwrap();
        let topic = if rolls_back { "rolled back" } else { "kept" };
        for _ in 0..events {
            tx.append(Topic::Tray(topic.into()), |_| maud::html! { "x" });
        }
        if rolls_back {
            // As a handler that failed, or a client that hung up.
            drop(tx);
        } else {
            app.live.commit(tx).await.unwrap();
            committed += events;
        }
    }
    committed
}

/// Follows the outbox as delivery does: whatever it sees next must be the next number.
async fn read(app: TestApp, start: i64, done: Arc<AtomicBool>) -> i64 {
    let mut last = start;
    loop {
        let was_done = done.load(Ordering::Relaxed);
        let head = outbox::head(&app.db).await.unwrap();
        let events = outbox::list_after(&app.db, last, i64::MAX).await.unwrap();
        assert!(events.last().map_or(last, |e| e.seq) >= head, "the counter is ahead of the rows that it counts");
        for event in &events {
            assert_eq!(event.seq, last + 1, "a hole was visible");
            last = event.seq;
        }
        if was_done && events.is_empty() {
            return last - start;
        }
        tokio::task::yield_now().await;
    }
}

both_dbs!(an_instance_delivers_every_event_once_and_in_order, |app| {
    let user = app.user("ana").insert().await;
    let browser = app.sign_in(&user).await;
    let server = crate::tab::Server::start(&app).await;
    let mut tab = crate::tab::Tab::open(&server, &browser, "/").await;
    let topic = || Topic::User(user.id.0);
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (app, topic) = (app.clone(), topic());
            tokio::spawn(async move {
                for _ in 0..20 {
                    let mut tx = app.live.begin().await.unwrap();
                    tx.append(topic.clone(), |_| maud::html! { hx-partial hx-target="#none" hx-swap="delete" {} });
                    app.live.commit(tx).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let head = app.live.cursor().await.unwrap();
    tab.until_seq(head).await;
    let numbers: Vec<i64> = tab.frames.iter().filter(|f| f.contains("#none")).map(|f| number_of(f)).collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), 160);
    assert_eq!(numbers.len(), 160);
});

fn number_of(frame: &str) -> i64 {
    frame.split("seq=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
}
