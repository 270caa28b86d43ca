//! Several instances on one database: the same on each, with Redis at once and without it soon.

use std::time::{Duration, Instant};

use crate::{
    harness::{TestApp, both_dbs, eventually, with_redis},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{Person, mark, pair},
};

/// What is written on either instance shows on the other; answers how long the slowest took.
async fn talk_across(app: &TestApp, other: &TestApp, rounds: i64) -> Duration {
    let (here, there) = (Server::start(app).await, Server::start(other).await);
    let (ana, luis, _) = pair(app).await;
    let luis = Person { client: luis.client.on(other), ..luis };
    let talk = ana.talk_to(&luis).await;
    let path = format!("/chat/{talk}");
    let mut hers = Tab::open(&here, &ana.client, &path).await;
    let mut his = Tab::open(&there, &luis.client, &path).await;
    let mut slowest = Duration::ZERO;
    for n in 0..rounds {
        let since = Instant::now();
        let one = ana.write(talk, &format!("de Ana {n}")).await;
        his.until("hers shows", |tab| tab.shows(one)).await;
        let two = luis.write(talk, &format!("de Luis {n}")).await;
        hers.until("his shows", |tab| tab.shows(two)).await;
        his.until("and is counted", |tab| tab.count("unread-total") == Some(1)).await;
        luis.read(talk, 2 * n + 1).await;
        his.until("and read", |tab| tab.count("unread-total") == Some(0)).await;
        slowest = slowest.max(since.elapsed());
    }
    let head = mark(app).await;
    for tab in [&mut hers, &mut his] {
        tab.until_seq(head).await;
        assert_eq!(tab.difference(Dots::Ignored).await, None);
    }
    slowest
}

with_redis!(redis_carries_events_to_the_other_instance_and_the_page_says_nothing_of_delays, |app| {
    let other = app.second_instance().await;
    let up = async || (!app.live.is_delayed() && !other.live.is_delayed()).then_some(());
    eventually("both hear Redis", up).await;
    talk_across(&app, &other, 8).await;
    let health = other.live.health().await.unwrap();
    assert_eq!((health.redis, health.lag), (Some(true), 0));
});

both_dbs!(without_redis_the_outbox_alone_carries_events_within_seconds, |app| {
    let other = app.second_instance().await;
    let slowest = talk_across(&app, &other, 2).await;
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    assert_eq!(other.live.health().await.unwrap().redis, None);
});

with_redis!(an_instance_that_cannot_reach_redis_still_hears_the_others, |app| {
    let nowhere = |config: &mut crea::config::Config| config.redis_url = Some("redis://127.0.0.1:1/".to_owned());
    let alone = app.instance_with(nowhere).await;
    assert!(alone.live.is_delayed());
    let slowest = talk_across(&app, &alone, 2).await;
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    assert_eq!(alone.live.health().await.unwrap().redis, Some(false));
});

both_dbs!(every_screen_is_told_when_events_may_be_late_and_when_no_longer, |app| {
    let server = Server::start(&app).await;
    let (ana, ..) = pair(&app).await;
    let mut tab = Tab::open(&server, &ana.client, "/").await;
    tab.until("it begins without delay", |tab| tab.delayed == Some(false)).await;
    app.live.hub().set_delayed(true);
    tab.until("told at once", |tab| tab.delayed == Some(true)).await;
    let mut late = Tab::open(&server, &ana.client, "/").await;
    late.until("also who comes later", |tab| tab.delayed == Some(true)).await;
    app.live.hub().set_delayed(false);
    for tab in [&mut tab, &mut late] {
        tab.until("and when it is over", |tab| tab.delayed == Some(false)).await;
    }
});
