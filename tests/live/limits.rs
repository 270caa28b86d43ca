//! The edges of a socket: where it comes from, who stops reading, and an instance that stops.

use std::time::{Duration, Instant};

use crea::live::Topic;
use futures_util::StreamExt as _;

use crate::{
    harness::{TestApp, both_dbs, eventually, one_db},
    tab::{Server, Tab, open_socket},
    talk::pair,
};

one_db!(a_socket_from_another_site_or_from_no_page_is_refused, |app| {
    let server = Server::start(&app).await;
    let (ana, ..) = pair(&app).await;
    let cookie = ana.client.cookie();
    let open = async |headers: &[(&'static str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([("cookie", cookie.as_str())]).collect();
        open_socket(server.address, "cursor=0", &headers).await.map(drop).map_err(|status| status.as_u16())
    };
    assert_eq!(open(&[("sec-fetch-site", "same-origin")]).await, Ok(()));
    assert_eq!(open(&[("origin", &format!("http://{}", server.address))]).await, Ok(()), "an older browser");
    for headers in [
        vec![],
        vec![("origin", "https://evil.example")],
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8080")],
    ] {
        assert_eq!(open(&headers).await, Err(403), "{headers:?}");
    }
});

both_dbs!(an_instance_that_stops_tells_each_tab_when_to_come_back_and_another_one_takes_them, |app| {
    let stopping = Server::start(&app).await;
    let other = Server::start(&app.second_instance().await).await;
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut tabs = Vec::new();
    for who in [&ana, &luis, &luis] {
        tabs.push(Tab::open(&stopping, &who.client, &format!("/chat/{talk}")).await);
    }
    stopping.app.live.stop();
    for tab in &mut tabs {
        assert_eq!(tab.until_closed().await, 1012);
        assert!(tab.retry.is_some_and(|ms| (200..=4_200).contains(&ms)), "{:?}", tab.retry);
    }
    stopping.app.live.drained(Duration::from_secs(5)).await;
    assert_eq!(stopping.app.live.hub().figures().0, 0);
    // Who comes too late for it is sent away in the same way.
    let mut late = Tab::load(&stopping, &ana.client, "/").await;
    late.dial(&stopping).await;
    assert_eq!(late.until_closed().await, 1012);
    let ana = crate::talk::Person { client: ana.client.on(&other.app), ..ana };
    let missed = ana.write(talk, "mientras tanto").await;
    for tab in &mut tabs {
        tab.connect(&other).await;
        tab.until("what was missed", |tab| tab.shows(missed)).await;
    }
});

/// An event that fills queues: nobody's page has a place for it.
async fn shout(app: &TestApp, topic: &Topic, bytes: usize) {
    let filler = "x".repeat(bytes);
    let mut tx = app.live.begin().await.unwrap();
    tx.append(topic.clone(), |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="textContent" { (filler) } });
    app.live.commit(tx).await.unwrap();
}

one_db!(a_tab_that_never_reads_is_cut_off_and_nobody_waits_for_it, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let topic = Topic::Campaign(campaign.id.0);
    let talk = ana.talk_to(&luis).await;
    let mut his = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
    let (cookie, site) = (ana.client.cookie(), "same-origin");
    let cursor = app.live.cursor().await.unwrap();
    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", site)];
    let mut deaf = open_socket(server.address, &format!("cursor={cursor}"), &headers).await.unwrap();
    let sockets = async |n: usize| (app.live.hub().figures().0 == n).then_some(());
    eventually("both are connected", || sockets(2)).await;
    deaf.next().await.unwrap().unwrap();

    let mut slowest = Duration::ZERO;
    for n in 0..40 {
        shout(&app, &topic, 512 * 1024).await;
        let since = Instant::now();
        let seen = ana.write(talk, &format!("palabra {n}")).await;
        his.until("the other is served at once", |tab| tab.shows(seen)).await;
        slowest = slowest.max(since.elapsed());
        if n % 19 == 18 {
            app.clock.advance(chrono::TimeDelta::seconds(61));
        }
    }
    assert!(slowest < Duration::from_secs(3), "a deaf tab delayed the other by {slowest:?}");
    eventually("the deaf tab is cut off", || sockets(1)).await;
    assert!(his.is_connected());
    // It finds a stream that ended, not one that goes on with a hole.
    let mut heard = Vec::new();
    while let Some(Ok(message)) = deaf.next().await {
        if let Ok(text) = message.into_text() {
            heard.extend(number_of(text.as_str()));
        }
    }
    assert!(heard.is_sorted(), "{heard:?}");
    let head = app.live.cursor().await.unwrap();
    assert!(heard.last().is_some_and(|last| *last < head), "it was not deaf at all");
});

one_db!(a_queue_that_is_full_closes_with_1013_and_the_tab_catches_up_by_its_cursor, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut tab = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
    let topic = Topic::Campaign(campaign.id.0);
    let mut tx = app.live.begin().await.unwrap();
    // More than the kernel and a queue hold while the tab does not read.
    let filler = "x".repeat(8 * 1024);
    for _ in 0..600 {
        tx.append(
            topic.clone(),
            |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="textContent" { (filler) } },
        );
    }
    app.live.commit(tx).await.unwrap();
    assert_eq!(tab.until_closed().await, 1013);
    tab.connect(&server).await;
    assert_eq!(tab.resets, 0);
    let head = app.live.cursor().await.unwrap();
    tab.until("the present", |tab| tab.seq() >= head).await;
    let next = ana.write(talk, "sigue").await;
    tab.until("live again", |tab| tab.shows(next)).await;
});

one_db!(a_commit_of_more_events_than_a_queue_holds_reaches_a_tab_that_reads, |app| {
    let server = Server::start(&app).await;
    let (ana, _, campaign) = pair(&app).await;
    let mut tab = Tab::open(&server, &ana.client, "/").await;
    let topic = Topic::Campaign(campaign.id.0);
    let mut tx = app.live.begin().await.unwrap();
    for _ in 0..1_500 {
        tx.append(topic.clone(), |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="textContent" { "x" } });
    }
    app.live.commit(tx).await.unwrap();
    let head = app.live.cursor().await.unwrap();
    tab.until("all of it", |tab| tab.seq() >= head).await;
    assert!(tab.is_connected());
});

fn number_of(frame: &str) -> Option<i64> {
    frame.split("seq=\"").nth(1)?.split('"').next()?.parse().ok()
}
