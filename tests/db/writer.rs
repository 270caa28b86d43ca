//! SQLite's writer: transactions that wait for each other become lasting together, and none of them is told so, or
//! taken along, wrongly.

use std::{future::poll_fn, pin::pin, task::Poll};

use crea::{
    db::{Db, DbResult, Tx, barrier},
    sql,
};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::harness::{TestApp, eventually, one_db};

/// Writes one row within the transaction.
async fn write(tx: &mut Tx, key: &str, app: &TestApp) -> DbResult<u64> {
    let value = serde_json::json!({ "of": key });
    tx.exec(sql!("insert into setting (key, value, updated_at) values ($1, $2, $3)", key, value, app.clock.now())).await
}

/// Writes more than there is room for.
async fn fill(tx: &mut Tx, app: &TestApp) -> DbResult<u64> {
    let (id, big) = (Uuid::now_v7().to_string(), serde_json::json!({ "of": "x".repeat(1 << 20) }));
    tx.exec(sql!("insert into setting (key, value, updated_at) values ($1, $2, $3)", id, big, app.clock.now())).await
}

/// The keys that are committed.
async fn lasting(app: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> =
        app.db.all(sql!("select key from setting where key like 'writer.%' order by key")).await.unwrap();
    rows.into_iter().map(|(key,)| key).collect()
}

/// A transaction that has written.
async fn first_of(app: &TestApp) -> Tx {
    let mut first = app.db.begin().await.unwrap();
    write(&mut first, "writer.first", app).await.unwrap();
    first
}

/// Two transactions of one group: the first is done and waits, the second may write.
async fn pair_of(app: &TestApp) -> (JoinHandle<DbResult<()>>, Tx) {
    beside(first_of(app).await, app).await
}

async fn beside(first: Tx, app: &TestApp) -> (JoinHandle<DbResult<()>>, Tx) {
    let mut second = pin!(app.db.begin());
    let in_line = poll_fn(|context| Poll::Ready(second.as_mut().poll(context).is_pending())).await;
    assert!(in_line, "one writes at a time");
    (tokio::spawn(first.commit()), second.await.unwrap())
}

one_db!(one_who_waits_shares_the_commit, |app| {
    let (first, mut second) = pair_of(&app).await;
    write(&mut second, "writer.second", &app).await.unwrap();
    assert!(!first.is_finished(), "nobody is told before it lasts");
    assert!(lasting(&app).await.is_empty());
    second.commit().await.unwrap();
    first.await.unwrap().unwrap();
    assert_eq!(lasting(&app).await, ["writer.first", "writer.second"]);
});

one_db!(one_who_rolls_back_takes_nobody_along, |app| {
    let (first, mut second) = pair_of(&app).await;
    write(&mut second, "writer.second", &app).await.unwrap();
    drop(second);
    first.await.unwrap().unwrap();
    assert_eq!(lasting(&app).await, ["writer.first"]);
    app.db.exec(sql!("delete from setting where key = 'writer.first'")).await.unwrap();
});

one_db!(one_who_rolls_back_alone_leaves_the_writer_free, |app| {
    let mut tx = app.db.begin().await.unwrap();
    write(&mut tx, "writer.first", &app).await.unwrap();
    drop(tx);
    let mut tx = app.db.begin().await.unwrap();
    write(&mut tx, "writer.second", &app).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(lasting(&app).await, ["writer.second"]);
});

one_db!(a_group_that_has_no_room_left_is_lost_and_told_so, |app| {
    let Db::Sqlite { write: writer, .. } = &app.db else { panic!("SQLite was asked for") };
    sqlx::query("pragma max_page_count = 1").execute(writer.pool()).await.unwrap();
    let (first, mut second) = pair_of(&app).await;
    fill(&mut second, &app).await.unwrap_err();
    drop(second);
    assert!(first.await.unwrap().is_err(), "what is gone is not called lasting");
    assert!(lasting(&app).await.is_empty());
    sqlx::query("pragma max_page_count = 1073741823").execute(writer.pool()).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    write(&mut tx, "writer.third", &app).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(lasting(&app).await, ["writer.third"]);
});

one_db!(one_who_goes_away_while_it_waits_leaves_nothing_open, |app| {
    let (first, second) = pair_of(&app).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    drop(second);
    eventually("what was done lasts", async || (lasting(&app).await == ["writer.first"]).then_some(())).await;
});

one_db!(a_request_that_saw_what_does_not_last_yet_waits_for_it, |app| {
    let first = first_of(&app).await;
    let request = async {
        let (_, mut second) = beside(first, &app).await;
        let again = write(&mut second, "writer.first", &app).await;
        assert!(again.is_err(), "it is there already");
        drop(second);
        lasting(&app).await
    };
    assert_eq!(barrier::lasting(request).await, (vec!["writer.first".to_owned()], true), "a later look shows it");

    app.db.exec(sql!("delete from setting where key = 'writer.first'")).await.unwrap();
    let first = first_of(&app).await;
    let request = async { drop(beside(first, &app).await) };
    assert!(barrier::lasting(request).await.1);
    assert_eq!(lasting(&app).await, ["writer.first"], "so does whoever is told of it");
});

one_db!(a_request_that_saw_what_was_lost_is_told_so, |app| {
    let Db::Sqlite { write: writer, .. } = &app.db else { panic!("SQLite was asked for") };
    sqlx::query("pragma max_page_count = 1").execute(writer.pool()).await.unwrap();
    let first = first_of(&app).await;
    let request = async {
        let (first, mut second) = beside(first, &app).await;
        fill(&mut second, &app).await.unwrap_err();
        drop(second);
        assert!(first.await.unwrap().is_err());
        app.db.all::<(String,)>(sql!("select key from setting")).await.is_err()
    };
    assert_eq!(barrier::lasting(request).await, (true, false));
    assert!(barrier::lasting(async { lasting(&app).await }).await.1, "the next one knows nothing of it");
});

one_db!(many_writers_lose_and_double_nothing, |app| {
    let writers = (0..32).map(|writer| {
        let db = app.db.clone();
        tokio::spawn(async move {
            let mut kept = 0;
            for turn in 0..20 {
                let mut tx = db.begin().await.unwrap();
                tx.exec(sql!("update counter set n = n + 1 where name = 'events'")).await.unwrap();
                // Every fifth takes back what it wrote.
                if (writer + turn) % 5 != 0 {
                    tx.commit().await.unwrap();
                    kept += 1;
                }
            }
            kept
        })
    });
    let before = crea::live::outbox::head(&app.db).await.unwrap();
    let mut kept = 0;
    for writer in writers.collect::<Vec<_>>() {
        kept += writer.await.unwrap();
    }
    assert_eq!(crea::live::outbox::head(&app.db).await.unwrap() - before, kept);
});
