//! Event streams and polls: the same frames, the same permissions and the same ends as the socket's.

use std::time::{Duration, Instant};

use axum::http::Method;
use chrono::TimeDelta;
use crea::{
    auth::{Module, Role},
    live::outbox,
};
use uuid::Uuid;

use crate::{
    harness::{Client, both_dbs, eventually, one_db},
    oracle::{Document, Dots, difference},
    stream::{Stream, cursor_of, poll},
    tab::{Server, Tab},
    talk::{mark, pair, person},
};

/// A revocation takes no longer than this anywhere.
const SOON: Duration = Duration::from_secs(5);

fn view(cursor: i64, talk: Uuid) -> String {
    format!("cursor={cursor}&page=7&topics=conversation:{talk}")
}

/// What a frame is about, without dots: they come when they come.
fn is_frame(text: &str) -> bool {
    !text.starts_with("<hx-presence")
}

/// Says something without a socket; the status.
pub async fn say(client: &Client, json: &str) -> u16 {
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    client.send_bytes(Method::POST, "/live/say", &headers, json.as_bytes().to_vec()).await.status.as_u16()
}

both_dbs!(all_three_transports_carry_the_same_frames, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut tab = Tab::load(&server, &luis.client, &format!("/chat/{talk}")).await;
    let cursor = tab.seq();
    for text in ["uno", "dos\ncon otra línea", "tres"] {
        ana.write(talk, text).await;
    }
    luis.read(talk, 1).await;
    let head = mark(&app).await;
    eventually("all is delivered", async || (app.live.hub().figures().1 >= head).then_some(())).await;
    tab.forge(&format!("conversation:{talk}"));
    tab.connect(&server).await;
    let socket: Vec<String> = tab.frames.iter().filter(|f| is_frame(f)).cloned().collect();
    assert!(socket.len() > 4, "{socket:#?}");

    let query = view(cursor, talk).replace("page=7", "page=0");
    let mut stream = Stream::open(&app, &luis.client, &query, None).await;
    stream.until(" shown=\"0\"").await;
    let events: Vec<_> = stream.events.iter().filter(|(_, data)| is_frame(data)).cloned().collect();
    assert_eq!(events.iter().map(|(_, data)| data.clone()).collect::<Vec<_>>(), socket);
    for (id, data) in &events {
        assert_eq!(*id, data.starts_with("<hx-live seq=").then(|| cursor_of(data)), "{data}");
    }
    assert_eq!(poll(&luis.client, &query).await.text, socket.concat());
});

both_dbs!(a_stream_goes_on_live_and_draws_what_a_reload_draws, |app| {
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let path = format!("/chat/{talk}");
    let cursor = app.live.cursor().await.unwrap();
    let mut document = Document::new(&luis.client.get(&path).await.text);
    let mut stream = Stream::open(&app, &luis.client, &view(cursor, talk), None).await;
    assert_eq!(stream.headers["content-type"], "text/event-stream");
    assert_eq!(stream.headers["x-accel-buffering"], "no");
    assert_eq!(stream.headers["cache-control"], "no-store, no-transform");
    assert!(!stream.headers.contains_key("content-encoding"), "compressed events wait for each other");
    stream.until(" shown=\"7\"").await;
    let written = ana.write(talk, "en vivo").await;
    let (id, _) = stream.until(&format!("msg-{written}")).await;
    assert!(id.is_some_and(|id| id > cursor));
    let head = mark(&app).await;
    stream.until(&format!("seq=\"{head}\"")).await;
    stream.events.iter().for_each(|(_, frame)| drop(document.apply(frame)));
    let fresh = Document::new(&luis.client.get(&path).await.text);
    assert_eq!(difference(document.root(), fresh.root(), Dots::Ignored), None);
    drop(stream);
    eventually("who left is forgotten", async || (app.live.hub().figures().0 == 0).then_some(())).await;
});

both_dbs!(the_last_event_id_wins_over_the_address, |app| {
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let first = app.live.cursor().await.unwrap();
    let applied = ana.write(talk, "aplicado").await;
    let cursor = mark(&app).await;
    let missed = ana.write(talk, "perdido").await;
    let mut stream = Stream::open(&app, &luis.client, &view(first, talk), Some(cursor)).await;
    stream.until(&missed.to_string()).await;
    assert!(!stream.was_sent(&applied.to_string()), "it was applied before");
});

both_dbs!(polls_go_on_where_the_last_one_ended, |app| {
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let first = ana.write(talk, "uno").await;
    let start = poll(&luis.client, &view(0, talk)).await.text;
    let second = ana.write(talk, "dos").await;
    let head = mark(&app).await;
    let next = eventually("the instance has delivered it", async || {
        let text = poll(&luis.client, &view(cursor_of(&start), talk)).await.text;
        (cursor_of(&text) >= head).then_some(text)
    })
    .await;
    assert!(next.contains(&second.to_string()) && !next.contains(&first.to_string()), "{next}");
    assert!(next.contains(" shown=\"7\"") && !next.contains("hx-presence"), "{next}");
    let nothing = poll(&luis.client, &view(cursor_of(&next), talk)).await.text;
    assert!(!nothing.contains("msg-") && cursor_of(&nothing) >= head, "{nothing}");
    let dots = poll(&luis.client, &format!("{}&dots=1", view(head, talk))).await.text;
    assert!(dots.contains("<hx-presence all="), "{dots}");
});

both_dbs!(a_cursor_older_than_what_is_kept_is_told_to_draw_anew, |app| {
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let cursor = app.live.cursor().await.unwrap();
    ana.write(talk, "podado").await;
    ana.write(talk, "podado también").await;
    outbox::prune(&app.db, app.now() + TimeDelta::hours(25)).await.unwrap();
    let head = mark(&app).await;
    eventually("all is delivered", async || (app.live.hub().figures().1 >= head).then_some(())).await;
    let mut stream = Stream::open(&app, &luis.client, &view(cursor, talk), None).await;
    assert!(stream.until(" shown=").await.1.contains(" reset>"));
    assert!(poll(&luis.client, &view(cursor, talk)).await.text.contains(" reset>"));
    assert!(!poll(&luis.client, &view(head, talk)).await.text.contains(" reset>"));
});

both_dbs!(a_poll_that_missed_too_much_draws_the_page_anew, |app| {
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let cursor = app.live.cursor().await.unwrap();
    let mut tx = app.live.begin().await.unwrap();
    for _ in 0..12 {
        let long = "x".repeat(100_000);
        tx.append(crea::live::Topic::Conversation(talk), |_| maud::html! { p { (long) } });
    }
    app.live.commit(tx).await.unwrap();
    let head = mark(&app).await;
    eventually("all is delivered", async || (app.live.hub().figures().1 >= head).then_some(())).await;
    let text = poll(&luis.client, &view(cursor, talk)).await.text;
    assert!(text.len() < 10_000 && text.contains(" reset>") && cursor_of(&text) >= head);
});

both_dbs!(nobody_hears_what_is_not_theirs, |app| {
    let (ana, luis, _) = pair(&app).await;
    let elsewhere = app.campaign(Module::Core).await;
    let eve = person(&app, "eve", Role::Asesor, &elsewhere).await;
    let talk = ana.talk_to(&luis).await;
    let forged = format!("cursor=0&page=7&topics=conversation:{talk}%20user:{}%20everyone", luis.id());
    let mut stream = Stream::open(&app, &eve.client, &forged, None).await;
    stream.until(" shown=").await;
    let secret = ana.write(talk, "secreto").await;
    let head = mark(&app).await;
    stream.until(&format!("seq=\"{head}\"")).await;
    assert!(!stream.was_sent(&secret.to_string()) && !stream.was_sent("secreto"));
    let text = poll(&eve.client, &forged).await.text;
    assert!(cursor_of(&text) >= head && !text.contains("secreto"), "{text}");
});

both_dbs!(a_session_that_ends_ends_its_streams_and_polls, |app| {
    let (ana, luis, _) = pair(&app).await;
    let there = app.second_instance().await;
    let query = format!("cursor={}", app.live.cursor().await.unwrap());
    let mut hers = vec![
        Stream::open(&app, &ana.client, &query, None).await,
        Stream::open(&app, &ana.client, &query, None).await,
        Stream::open(&there, &ana.client, &query, None).await,
    ];
    let mut his = Stream::open(&app, &luis.client, &query, None).await;
    for stream in hers.iter_mut().chain([&mut his]) {
        stream.until(" shown=").await;
    }
    let thief = ana.client.copy();
    let since = Instant::now();
    assert_eq!(ana.client.post("/sign-out", &[]).await.status, 303);
    for stream in &mut hers {
        stream.until("<hx-live revoked>").await;
        assert_eq!(stream.next().await, None, "nothing follows");
    }
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    assert_eq!(poll(&thief, &query).await.text, "<hx-live revoked></hx-live>");
    let mut late = Stream::open(&app, &thief, &query, None).await;
    assert_eq!(late.next().await, Some((None, "<hx-live revoked></hx-live>".to_owned())));
    assert_eq!(late.next().await, None);
    let head = mark(&app).await;
    his.until(&format!("seq=\"{head}\"")).await;
});

one_db!(who_is_not_signed_in_learns_it, |app| {
    let nobody = app.browser();
    assert_eq!(poll(&nobody, "cursor=0").await.text, "<hx-live revoked></hx-live>");
    let mut stream = Stream::open(&app, &nobody, "cursor=0", None).await;
    assert_eq!(stream.next().await, Some((None, "<hx-live revoked></hx-live>".to_owned())));
    assert_ne!(say(&nobody, "{\"idle\":true}").await, 204);
});

both_dbs!(an_instance_that_stops_tells_streams_when_to_come_back, |app| {
    let (ana, ..) = pair(&app).await;
    let query = format!("cursor={}", app.live.cursor().await.unwrap());
    let mut stream = Stream::open(&app, &ana.client, &query, None).await;
    stream.until(" shown=").await;
    app.live.stop();
    stream.until("<hx-live retry=").await;
    assert_eq!(stream.next().await, None);
    app.live.drained(SOON).await;
    assert_eq!(app.live.hub().figures().0, 0);
});

one_db!(a_browser_that_does_not_read_its_stream_is_let_go_and_catches_up, |app| {
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let cursor = app.live.cursor().await.unwrap();
    let mut stream = Stream::open(&app, &luis.client, &view(cursor, talk), None).await;
    stream.until(" shown=").await;
    for n in 0..4 {
        ana.write(talk, &format!("mensaje {n}")).await;
    }
    eventually("it is let go", async || (app.live.hub().figures().0 == 0).then_some(())).await;
    assert_eq!(app.live.hub().meters.totals().lagged, 1, "it is counted");
    while stream.next().await.is_some() {}
    let last = stream.events.iter().rev().find_map(|(id, _)| *id).unwrap();
    let head = mark(&app).await;
    let mut again = Stream::open(&app, &luis.client, &view(cursor, talk), Some(last)).await;
    again.until(&format!("seq=\"{head}\"")).await;
    for n in 0..4 {
        let text = format!("mensaje {n}");
        assert!(stream.was_sent(&text) || again.was_sent(&text), "{text}");
    }
});

both_dbs!(who_polls_is_there_until_a_minute_after, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let hers = ana.id();
    let mut colleague = Tab::open(&server, &luis.client, "/").await;
    poll(&ana.client, "cursor=0").await;
    colleague.until("she came", |tab| tab.dot(&hers).as_deref() == Some("available")).await;
    assert_eq!(app.live.hub().figures().0, 1, "a poll leaves nothing but that");
    app.clock.advance(TimeDelta::seconds(50));
    poll(&ana.client, "cursor=0").await;
    app.clock.advance(TimeDelta::seconds(50));
    app.live.hub().sweep(1, app.now());
    assert!(app.live.hub().connected().contains(&ana.user.id.0));
    app.clock.advance(TimeDelta::seconds(15));
    colleague.until("she went", |tab| tab.dot(&hers).as_deref() == Some("offline")).await;
});

both_dbs!(what_a_tab_without_a_socket_says_is_heard, |app| {
    let (ana, luis, _) = pair(&app).await;
    let elsewhere = app.campaign(Module::Core).await;
    let eve = person(&app, "eve", Role::Asesor, &elsewhere).await;
    let talk = ana.talk_to(&luis).await;
    let mut his = Stream::open(&app, &luis.client, &view(0, talk), None).await;
    his.until(" shown=").await;
    let typing = format!("{{\"typing\":\"{talk}\"}}");
    assert_eq!(say(&eve.client, &typing).await, 204, "heard, and not told to anybody");
    assert_eq!(say(&ana.client, &typing).await, 204);
    let (_, told) = his.until("<hx-typing").await;
    assert!(told.contains(&ana.id()) && !his.was_sent(&eve.id()), "{told}");
    let cross = [("sec-fetch-site", "cross-site")];
    assert_eq!(ana.client.send_bytes(Method::POST, "/live/say", &cross, typing.into_bytes()).await.status, 403);
    assert_eq!(say(&ana.client, "{garbage").await, 204);
    // Idle is of all screens of a person: another browser of hers is awake.
    poll(&ana.client, "cursor=0").await;
    let query = "cursor=0";
    let awake = app.sign_in(&ana.user).await;
    let mut other = Stream::open(&app, &awake, query, None).await;
    other.until(" shown=").await;
    assert!(!app.live.hub().set_idle_of(ana.user.id.0, Uuid::now_v7(), true));
    assert_eq!(say(&awake, "{\"idle\":true}").await, 204);
    assert!(app.live.hub().set_idle_of(ana.user.id.0, Uuid::now_v7(), true), "all of them are still");
});

one_db!(a_browser_that_says_too_much_is_refused, |app| {
    let (ana, luis, _) = pair(&app).await;
    let mut said = tokio::task::JoinSet::new();
    for _ in 0..90 {
        let client = ana.client.clone();
        said.spawn(async move { say(&client, "{}").await });
    }
    let answers = said.join_all().await;
    let refused = answers.iter().filter(|status| **status == 429).count();
    assert!((20..=60).contains(&refused), "{answers:?}");
    assert_eq!(say(&luis.client, "{}").await, 204, "others are not slowed");
});
