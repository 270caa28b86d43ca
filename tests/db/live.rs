//! The outbox's numbers, and who is connected, as rows.

use std::collections::HashSet;

use chrono::Duration;
use crea::{
    live::{Control, Topic, outbox, presence::write_table},
    sql,
};
use maud::html;
use uuid::Uuid;

use crate::harness::{Backend, TestApp, both_dbs, eventually};

/// Commits one fragment of this text.
async fn say(app: &TestApp, topic: Topic, text: &str) {
    let mut tx = app.live.begin().await.unwrap();
    tx.append(topic, |l| html! { p { (l.code()) " " (text) } });
    app.live.commit(tx).await.unwrap();
}

async fn seqs(app: &TestApp) -> Vec<i64> {
    outbox::list_after(&app.db, 0, i64::MAX).await.unwrap().iter().map(|e| e.seq).collect()
}

both_dbs!(events_are_numbered_from_one_without_gaps_and_a_rollback_leaves_none, |app| {
    assert_eq!(outbox::extent(&app.db).await.unwrap(), (0, None));
    say(&app, Topic::Everyone, "one").await;
    let mut lost = app.live.begin().await.unwrap();
    lost.append(Topic::Everyone, |_| html! { "lost" });
    drop(lost);
    let mut tx = app.live.begin().await.unwrap();
    tx.append(Topic::Everyone, |_| html! { "two" });
    tx.control(Topic::Everyone, Control::Presence { user: Uuid::nil() });
    app.live.commit(tx).await.unwrap();
    assert_eq!(seqs(&app).await, [1, 2, 3]);
    assert_eq!(outbox::extent(&app.db).await.unwrap(), (3, Some(1)));
    assert_eq!(app.live.cursor().await.unwrap(), 3);
});

both_dbs!(a_commit_without_events_takes_no_number, |app| {
    let tx = app.live.begin().await.unwrap();
    app.live.commit(tx).await.unwrap();
    assert_eq!(outbox::head(&app.db).await.unwrap(), 0);
});

both_dbs!(writers_at_once_get_gapless_numbers_in_the_order_of_their_commits, |app| {
    let two = app.second_instance().await;
    let write = |app: TestApp, n: usize| async move {
        for k in 0..10 {
            say(&app, Topic::Everyone, &format!("{n} {k}")).await;
            // No smaller number may become visible after a larger one.
            let seen = seqs(&app).await;
            let whole: Vec<i64> = (1..=i64::try_from(seen.len()).unwrap()).collect();
            assert_eq!(seen, whole);
        }
    };
    let tasks: Vec<_> =
        (0..6).map(|n| tokio::spawn(write(if n % 2 == 0 { app.clone() } else { two.clone() }, n))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(seqs(&app).await, (1..=60).collect::<Vec<i64>>());
});

both_dbs!(a_reader_gets_the_events_of_its_topics_after_its_cursor, |app| {
    let (mine, other) = (Topic::User(Uuid::now_v7()), Topic::User(Uuid::now_v7()));
    for (topic, text) in [(&mine, "a"), (&other, "b"), (&mine, "c"), (&Topic::Everyone, "d"), (&mine, "e")] {
        say(&app, topic.clone(), text).await;
    }
    let read = |topics: Vec<Topic>, after, up_to| {
        let db = app.db.clone();
        async move {
            let events = outbox::list_after_for(&db, &topics, after, up_to).await.unwrap();
            events.iter().map(|e| e.seq).collect::<Vec<_>>()
        }
    };
    assert_eq!(read(vec![mine.clone(), Topic::Everyone], 0, 9).await, [1, 3, 4, 5]);
    assert_eq!(read(vec![mine.clone()], 1, 4).await, [3], "after the cursor, up to the end");
    assert_eq!(read(vec![other], 2, 9).await, [0; 0]);
    assert_eq!(read(vec![], 0, 9).await, [0; 0], "no topic hears nothing");
    let events = outbox::list_after(&app.db, 2, 3).await.unwrap();
    assert_eq!(events[0].topic, mine);
    let frame = events[0].frame(views::text::Locale::Es).unwrap();
    assert_eq!(frame.as_str(), "<hx-live seq=\"3\"></hx-live><p>es c</p>");
});

both_dbs!(a_long_absence_is_read_page_by_page, |app| {
    let mut tx = app.live.begin().await.unwrap();
    for _ in 0..outbox::PAGE + 1 {
        tx.append(Topic::Everyone, |_| html! { "x" });
    }
    app.live.commit(tx).await.unwrap();
    let first = outbox::list_after(&app.db, 0, i64::MAX).await.unwrap();
    assert_eq!(i64::try_from(first.len()).unwrap(), outbox::PAGE);
    let rest = outbox::list_after(&app.db, outbox::PAGE, i64::MAX).await.unwrap();
    assert_eq!(rest.iter().map(|e| e.seq).collect::<Vec<_>>(), [outbox::PAGE + 1]);
});

both_dbs!(events_are_kept_for_a_day_and_the_newest_hundred_thousand, |app| {
    say(&app, Topic::Everyone, "old").await;
    app.clock.advance(Duration::hours(23));
    say(&app, Topic::Everyone, "new").await;
    assert_eq!(outbox::prune(&app.db, app.now()).await.unwrap(), 0);
    app.clock.advance(Duration::hours(2));
    assert_eq!(outbox::prune(&app.db, app.now()).await.unwrap(), 1);
    assert_eq!(outbox::extent(&app.db).await.unwrap().1, Some(2));
    app.db.exec(sql!("update counter set n = 100001 where name = 'events'")).await.unwrap();
    assert_eq!(outbox::prune(&app.db, app.now()).await.unwrap(), 0);
    app.db.exec(sql!("update counter set n = 100002 where name = 'events'")).await.unwrap();
    assert_eq!(outbox::prune(&app.db, app.now()).await.unwrap(), 1);
});

both_dbs!(delivery_catches_up_with_every_commit, |app| {
    let two = app.second_instance().await;
    for n in 0..20 {
        say(&app, Topic::Everyone, &n.to_string()).await;
    }
    for instance in [&app, &two] {
        eventually("no event is left to deliver", || async {
            (instance.live.health().await.unwrap().lag == 0).then_some(())
        })
        .await;
    }
});

both_dbs!(who_is_connected_replaces_the_instance_s_rows_and_dead_instances_fade, |app| {
    let (ana, luis) = (app.user("ana").insert().await.id.0, app.user("luis").insert().await.id.0);
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    // The application's own instance writes too, of nobody.
    let rows = || async {
        let sql = sql!("select instance_id, user_id from presence order by instance_id, user_id");
        app.db.all::<(Uuid, Uuid)>(sql).await.unwrap()
    };
    write_table(&app.db, one, &HashSet::from([ana, luis]), app.now()).await.unwrap();
    write_table(&app.db, two, &HashSet::from([luis]), app.now()).await.unwrap();
    assert_eq!(rows().await.len(), 3);
    write_table(&app.db, one, &HashSet::from([ana]), app.now()).await.unwrap();
    assert_eq!(rows().await, [(one, ana), (two, luis)]);
    app.clock.advance(Duration::seconds(61));
    write_table(&app.db, one, &HashSet::new(), app.now()).await.unwrap();
    assert_eq!(rows().await, [], "the other instance stopped writing a minute ago");
    if app.backend() == Backend::Postgres {
        write_table(&app.db, two, &HashSet::from([luis]), app.now()).await.unwrap();
        // An earlier look may still show both; the next one does not.
        let directory = app.live.directory();
        eventually("another instance's person is seen, and who left is not", || async {
            (directory.is_online(luis) && !directory.is_online(ana)).then_some(())
        })
        .await;
    }
});
