//! The clock of a machine is set an hour forward, then back: screens stay, nothing is lost, shown twice or out of order,
//! and no figure takes the jump for a delay.

use std::time::Duration;

use chrono::TimeDelta;
use crea::{live::outbox, sql};
use uuid::Uuid;

use crate::{
    harness::both_dbs,
    oracle::Dots,
    tab::{Server, Tab},
    talk::{mark, pair},
};

const HOUR: Duration = Duration::from_secs(3_600);

both_dbs!(an_hour_forward_and_an_hour_back_change_nothing_on_the_screens, |app| {
    let server = Server::start(&app).await;
    let other = Server::start(&app.second_instance().await).await;
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let path = format!("/chat/{talk}");
    let mut hers = Tab::open(&server, &ana.client, &path).await;
    let mut his = Tab::open(&other, &luis.client, &path).await;
    let mut sent = Vec::new();
    for hours in [1, -1, -1, 1] {
        app.clock.advance(TimeDelta::hours(hours));
        for who in [&ana, &luis] {
            let id = who.write(talk, &format!("tras {hours}")).await;
            sent.push(id);
            for tab in [&mut hers, &mut his] {
                tab.until("it shows on both", |tab| tab.shows(id)).await;
            }
        }
        // What is kept is told by age: a clock that jumped must not throw away what tabs still need.
        outbox::prune(&app.db, app.now()).await.unwrap();
        his.disconnect();
        sent.push(ana.write(talk, "mientras tanto").await);
        his.connect(&other).await;
        for server in [&server, &other] {
            assert_eq!(server.app.browser().get("/readyz").await.status, 200);
            assert!(server.app.live.hub().meters.take_lag(0).longest < HOUR / 2, "the jump is no lag");
        }
    }
    let stored: Vec<(Uuid,)> = app.db.all(sql!("select id from message order by number")).await.unwrap();
    assert_eq!(stored.into_iter().map(|row| row.0).collect::<Vec<_>>(), sent);
    let head = mark(&app).await;
    for tab in [&mut hers, &mut his] {
        tab.until_seq(head).await;
        assert_eq!((tab.closed, tab.resets), (None, 0), "nobody was sent away");
        assert_ne!(tab.delayed, Some(true), "nor told of a delay");
        assert_eq!(tab.difference(Dots::Ignored).await, None);
    }
});

both_dbs!(who_polls_is_not_there_for_an_hour_more_because_the_clock_was_set_back, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let hers = ana.id();
    let mut colleague = Tab::open(&server, &luis.client, "/").await;
    assert_eq!(ana.client.get("/live/poll?cursor=0").await.status, 200);
    colleague.until("she came", |tab| tab.dot(&hers).as_deref() == Some("available")).await;
    app.clock.advance(TimeDelta::hours(-1));
    app.live.hub().sweep(1, app.now());
    assert!(app.live.hub().connected().contains(&ana.user.id.0), "she asked a moment ago");
    app.clock.advance(TimeDelta::seconds(61));
    colleague.until("she went", |tab| tab.dot(&hers).as_deref() == Some("offline")).await;
});
