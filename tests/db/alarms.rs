//! Alarms in the database: for whom they ring, when, once; what an acknowledgement, a snooze, another due time and a
//! clock that jumps do to them.

use chrono::{Duration, TimeDelta};
use crea::{
    features::alarms::{forget_old, run_once},
    ids::{AlarmId, UserId},
    sql,
};
use uuid::Uuid;

use crate::harness::{
    Client, TestApp, User,
    alarms::{call_back, cancel, escalating, hand_over, rung, set},
    both_dbs,
};

/// A person's row: whether it rang, whether it was acknowledged.
async fn row(app: &TestApp, id: AlarmId, user: UserId) -> Option<(bool, bool)> {
    let sql = sql!(
        "select rung_at is not null, acknowledged_at is not null from alarm_recipient \
         where alarm_id = $1 and user_id = $2",
        id,
        user
    );
    app.db.opt(sql).await.unwrap()
}

async fn count(app: &TestApp, table: &'static str) -> i64 {
    let (count,): (i64,) = app.db.one(sql!("select count(*) from ").push(table)).await.unwrap();
    count
}

async fn answer(client: &Client, id: AlarmId, what: &str) -> u16 {
    client.post_htmx(&format!("/alarms/{id}/{what}"), &[("minutes", "10")]).await.status.as_u16()
}

async fn three(app: &TestApp) -> [User; 3] {
    [app.user("ana").insert().await, app.user("luz").insert().await, app.user("eva").insert().await]
}

both_dbs!(an_alarm_rings_once_when_it_is_due_and_not_before, |app| {
    let [ana, ..] = three(&app).await;
    let id = set(&app, &call_back(Uuid::now_v7(), app.now() + Duration::seconds(10), &[ana.id])).await;
    assert_eq!(run_once(&app).await.unwrap(), 0);
    assert_eq!(row(&app, id, ana.id).await, Some((false, false)));
    app.clock.advance(Duration::seconds(10));
    assert_eq!((run_once(&app).await.unwrap(), run_once(&app).await.unwrap()), (1, 0));
    assert_eq!(row(&app, id, ana.id).await, Some((true, false)));
});

both_dbs!(a_clock_that_jumps_neither_loses_nor_doubles_one, |app| {
    let [ana, ..] = three(&app).await;
    set(&app, &call_back(Uuid::now_v7(), app.now() + Duration::minutes(30), &[ana.id])).await;
    app.clock.advance(Duration::hours(1));
    assert_eq!(run_once(&app).await.unwrap(), 1, "by the clock it is due");
    let next = set(&app, &call_back(Uuid::now_v7(), app.now() - Duration::minutes(50), &[ana.id])).await;
    app.clock.advance(Duration::hours(-1));
    assert_eq!(run_once(&app).await.unwrap(), 0, "set back, it does not ring again");
    assert_eq!(row(&app, next, ana.id).await, Some((false, false)), "nor is another one lost");
    app.clock.advance(Duration::minutes(31));
    assert_eq!(run_once(&app).await.unwrap(), 1, "it rings when its time comes");
});

both_dbs!(setting_it_again_changes_nothing_unless_people_or_the_due_time_do, |app| {
    let [ana, luz, eva] = three(&app).await;
    let (subject, due) = (Uuid::now_v7(), app.now() + Duration::minutes(5));
    let first = set(&app, &call_back(subject, due, &[ana.id, luz.id])).await;
    let mut other_words = call_back(subject, due, &[luz.id, eva.id]);
    other_words.args.insert("name".to_owned(), "Otra".to_owned());
    assert_eq!(set(&app, &other_words).await, first, "one stands for a subject");
    let before = app.live.cursor().await.unwrap();
    set(&app, &other_words).await;
    assert_eq!(app.live.cursor().await.unwrap(), before, "what is as it was is told to nobody");
    assert_eq!(row(&app, first, ana.id).await, None);
    app.clock.advance(Duration::minutes(5));
    assert_eq!(run_once(&app).await.unwrap(), 2);
    let (hers, evas) = (app.sign_in(&luz).await, app.sign_in(&eva).await);
    let page = hers.get("/").await.text;
    assert!(page.contains("Devolver la llamada a Otra"), "{page}");
    assert_eq!(answer(&hers, first, "acknowledge").await, 200);
    set(&app, &call_back(subject, due, &[luz.id, eva.id])).await;
    assert_eq!(run_once(&app).await.unwrap(), 0, "who has heard it hears it no more");
    let second = set(&app, &call_back(subject, due + Duration::minutes(1), &[luz.id, eva.id])).await;
    assert_ne!(second, first);
    assert_eq!((row(&app, first, luz.id).await, row(&app, first, eva.id).await), (Some((true, true)), None));
    assert!(!evas.get("/").await.text.contains("data-alarm"), "what was replaced rings no more");
    app.clock.advance(Duration::minutes(1));
    assert_eq!(run_once(&app).await.unwrap(), 2, "another due time rings for all");
    assert!(cancel(&app, subject).await && !cancel(&app, subject).await);
    assert!(!hers.get("/").await.text.contains("data-alarm"));
});

both_dbs!(what_nobody_acknowledges_rings_for_others_once_and_a_snooze_is_no_acknowledgement, |app| {
    let [ana, luz, eva] = three(&app).await;
    let new = |subject| escalating(call_back(subject, app.now(), &[ana.id, eva.id]), TimeDelta::minutes(15), &[luz.id]);
    let (ignored, known) = (set(&app, &new(Uuid::now_v7())).await, set(&app, &new(Uuid::now_v7())).await);
    let (hers, luzs) = (app.sign_in(&ana).await, app.sign_in(&luz).await);
    assert_eq!(answer(&hers, known, "acknowledge").await, 404, "before it rang");
    assert_eq!(run_once(&app).await.unwrap(), 4);
    assert_eq!(answer(&luzs, ignored, "acknowledge").await, 404, "not theirs yet");
    assert_eq!(answer(&hers, known, "acknowledge").await, 200);
    assert_eq!(answer(&hers, ignored, "snooze").await, 200);
    app.clock.advance(Duration::minutes(9));
    assert_eq!(run_once(&app).await.unwrap(), 0);
    app.clock.advance(Duration::minutes(1));
    assert_eq!(run_once(&app).await.unwrap(), 1, "the snooze is over");
    app.clock.advance(Duration::minutes(5));
    assert_eq!((run_once(&app).await.unwrap(), run_once(&app).await.unwrap()), (1, 0));
    assert_eq!((row(&app, ignored, luz.id).await, row(&app, known, luz.id).await), (Some((true, false)), None));
    let page = luzs.get("/").await.text;
    assert_eq!(page.matches("data-alarm=").count(), 1);
    assert!(page.contains("Nadie la ha atendido"));
    assert_eq!(answer(&luzs, ignored, "acknowledge").await, 200);
    assert_eq!(row(&app, ignored, ana.id).await, Some((true, false)), "each answers for themselves");
});

both_dbs!(handing_over_gives_on_what_is_not_acknowledged, |app| {
    let [ana, luz, eva] = three(&app).await;
    let (subject, other) = (Uuid::now_v7(), Uuid::now_v7());
    let later = call_back(subject, app.now() + Duration::hours(1), &[ana.id, eva.id]);
    let later = set(&app, &escalating(later, TimeDelta::minutes(10), &[luz.id])).await;
    let now =
        set(&app, &crea::features::alarms::NewAlarm { kind: "test.now", ..call_back(subject, app.now(), &[ana.id]) })
            .await;
    let foreign = set(&app, &call_back(other, app.now() + Duration::hours(2), &[ana.id])).await;
    assert_eq!(run_once(&app).await.unwrap(), 1);
    hand_over(&app, subject, ana.id, luz.id).await;
    for id in [later, now] {
        assert_eq!((row(&app, id, ana.id).await, row(&app, id, luz.id).await), (None, Some((false, false))));
    }
    assert_eq!(row(&app, foreign, ana.id).await, Some((false, false)), "another subject's stays");
    assert_eq!(run_once(&app).await.unwrap(), 1, "what rang rings for the other");
    app.clock.advance(Duration::hours(1));
    assert_eq!(run_once(&app).await.unwrap(), 2, "and so does what is due later, in its time");
});

both_dbs!(a_persons_alarms_are_listed_by_tab_and_page_and_each_sees_their_own, |app| {
    let [ana, luz, ..] = three(&app).await;
    for n in 0..52 {
        set(&app, &call_back(Uuid::now_v7(), app.now() + Duration::minutes(n / 2), &[ana.id])).await;
    }
    set(&app, &call_back(Uuid::now_v7(), app.now() + Duration::days(8), &[ana.id])).await;
    let (hers, others) = (app.sign_in(&ana).await, app.sign_in(&luz).await);
    let rows = |text: &str| text.matches("class=\"alarm-row\"").count();
    let walk = async |path: &str| {
        let (mut path, mut pages, mut seen) = (path.to_owned(), Vec::new(), 0);
        loop {
            let page = hers.get(&path).await.text;
            seen += rows(&page);
            pages.push(rows(&page));
            let Some((before, _)) = page.split_once("\" rel=\"next\"") else { break (pages, seen) };
            path = before.rsplit('"').next().unwrap().replace("&amp;", "&");
        }
    };
    assert_eq!(walk("/alarms?tab=coming").await, (vec![50, 2], 52), "a week ahead and no more");
    app.clock.advance(Duration::minutes(26));
    assert_eq!(run_once(&app).await.unwrap(), 52);
    assert_eq!(walk("/alarms").await, (vec![50, 2], 52));
    let ids: Vec<(AlarmId,)> =
        app.db.all(sql!("select alarm_id from alarm_recipient where rung_at is not null")).await.unwrap();
    for (id,) in &ids {
        assert_eq!(answer(&hers, *id, "acknowledge").await, 200);
    }
    assert_eq!(walk("/alarms?tab=done").await, (vec![50, 2], 52), "also of the same millisecond");
    assert_eq!(walk("/alarms").await, (vec![0], 0));
    for tab in ["", "?tab=coming", "?tab=done"] {
        assert_eq!(rows(&others.get(&format!("/alarms{tab}")).await.text), 0);
    }
});

both_dbs!(old_acknowledgements_go_once_a_day_and_what_rings_stays, |app| {
    let [ana, luz, ..] = three(&app).await;
    let (known, ignored) = (rung(&app, &[ana.id]).await, rung(&app, &[ana.id, luz.id]).await);
    let subject = Uuid::now_v7();
    set(&app, &call_back(subject, app.now(), &[ana.id])).await;
    cancel(&app, subject).await;
    let hers = app.sign_in(&ana).await;
    for id in [known, ignored] {
        assert_eq!(answer(&hers, id, "acknowledge").await, 200);
    }
    app.clock.advance(Duration::days(89));
    assert_eq!(forget_old(&app).await.unwrap(), Some(0));
    app.clock.advance(Duration::days(2));
    assert_eq!(forget_old(&app).await.unwrap(), Some(4), "two rows, and the alarms that nobody has");
    assert_eq!(forget_old(&app).await.unwrap(), None, "once a day");
    assert_eq!((count(&app, "alarm").await, count(&app, "alarm_recipient").await), (1, 1));
    assert_eq!(row(&app, ignored, luz.id).await, Some((true, false)), "nobody has answered it for her");
});
