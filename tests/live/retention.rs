//! Forgetting old messages: counts, screens, search and everything that hangs on a message go with them.

use chrono::{Duration, Months};
use crea::{features::chat, sql};

use crate::{
    harness::{both_dbs, talk as routes},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{mark, pair},
};

both_dbs!(old_messages_go_once_a_day_with_all_that_hangs_on_them, |app| {
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let old = ana.write(talk, "antiguo uno").await;
    ana.write(talk, "antiguo dos").await;
    let insert = sql!(
        "insert into reaction (message_id, user_id, kind, created_at) values ($1, $2, 'like', $3)",
        old,
        luis.user.id,
        app.clock.now()
    );
    app.db.exec(insert).await.unwrap();
    let year = app.clock.now().checked_add_months(Months::new(12)).unwrap() - app.clock.now();
    app.clock.advance(year - Duration::minutes(10));
    let (hers, his) = (app.sign_in(&ana.user).await, app.sign_in(&luis.user).await);
    let answer = routes::say(&hers, &talk.to_string(), "reciente").await.1;
    assert_eq!(answer.status, 200, "{}", answer.text);
    app.db.exec(sql!("update message set quoted_id = $1 where number = 3", old)).await.unwrap();
    assert_eq!(chat::forget_old_messages(&app).await.unwrap(), Some(0), "a year is not over");
    app.clock.advance(Duration::minutes(20));
    assert_eq!(chat::forget_old_messages(&app).await.unwrap(), None, "once a day");

    // The night comes after the session's end; the tab is to see it.
    app.db.exec(sql!("update session set expires_at = $1", app.clock.now() + Duration::days(2))).await.unwrap();
    let server = Server::start(&app).await;
    let mut tab = Tab::open(&server, &his, &format!("/chat/{talk}")).await;
    assert_eq!((tab.count(&format!("u-{talk}")), tab.count("unread-total")), (Some(3), Some(3)));
    app.clock.advance(Duration::hours(11));
    app.clock.advance(Duration::hours(13));
    let (one, other) = tokio::join!(chat::forget_old_messages(&app), chat::forget_old_messages(&app));
    let done = [one.unwrap(), other.unwrap()];
    assert!(done.contains(&Some(2)) && done.contains(&None), "by one of two: {done:?}");

    let bodies: Vec<(String,)> = app.db.all(sql!("select body from message order by number")).await.unwrap();
    assert_eq!(bodies, [("reciente".to_owned(),)]);
    let (left,): (i64,) = app
        .db
        .one(sql!(
            "select (select count(*) from reaction) + (select count(*) from message where quoted_id is not null)"
        ))
        .await
        .unwrap();
    assert_eq!(left, 0);
    let (entries,): (i64,) = app.db.one(sql!("select count(*) from search_entry")).await.unwrap();
    assert_eq!(entries, 1);
    let (told,): (i64,) =
        app.db.one(sql!("select count(*) from audit_log where action = 'message.retention'")).await.unwrap();
    assert_eq!(told, 1);
    let head = mark(&app).await;
    tab.client = app.sign_in(&luis.user).await.on(&app);
    tab.until_seq(head).await;
    assert_eq!((tab.count(&format!("u-{talk}")), tab.count("unread-total")), (Some(1), Some(1)));
    assert_eq!(tab.difference(Dots::Ignored).await, None, "the screen lost them too");
});
