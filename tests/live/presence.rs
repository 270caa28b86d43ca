//! Dots: who is there, on any instance, for those who may see it.

use std::collections::HashSet;

use chrono::TimeDelta;
use crea::{
    auth::{Module, Role},
    live::presence::write_table,
    sql,
};
use uuid::Uuid;

use crate::{
    harness::{TestApp, both_dbs, with_redis},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{Person, pair, person},
};

/// Ana comes, is on a call, goes: her colleague on another instance sees each, a stranger none.
async fn follow(app: TestApp) {
    let here = Server::start(&app).await;
    let there = Server::start(&app.second_instance().await).await;
    let (ana, luis, _) = pair(&app).await;
    let elsewhere = app.campaign(Module::Core).await;
    let marta = person(&app, "marta", Role::Supervisor, &elsewhere).await;
    let raul = person(&app, "raul", Role::Asesor, &elsewhere).await;
    let (hers, his) = (ana.id(), raul.id());

    let mut colleague = Tab::open(&there, &luis.client, "/").await;
    let mut stranger = Tab::open(&there, &marta.client, "/").await;
    colleague.until("nobody is there yet", |tab| tab.dot(&hers).as_deref() == Some("offline")).await;
    let mut tab = Tab::open(&here, &ana.client, "/").await;
    colleague.until("she came", |tab| tab.dot(&hers).as_deref() == Some("available")).await;
    ana.choose("on_call", "").await;
    colleague.until("she is on a call", |tab| tab.dot(&hers).as_deref() == Some("on_call")).await;
    tab.until("her own menu says so", |tab| {
        tab.document.by_id("agent-state").unwrap().find(&|e| e.name == "summary").unwrap().text().contains("En llamada")
    })
    .await;
    // The same of his own people: the stranger would have seen her by now.
    let own = Tab::open(&here, &raul.client, "/").await;
    raul.choose("break", "lunch").await;
    stranger.until("his own agent's pause", |tab| tab.dot(&his).as_deref() == Some("break")).await;
    assert!(!stranger.was_sent(&hers), "a stranger was told of her");
    tab.disconnect();
    drop(own);
    colleague.until("she went", |tab| tab.dot(&hers).as_deref() == Some("offline")).await;
    stranger.until("he went", |tab| tab.dot(&his).as_deref() == Some("offline")).await;
    assert!(!stranger.was_sent(&hers));
    assert_eq!(colleague.difference(Dots::Compared).await, None);
}

with_redis!(people_come_change_and_go_on_another_instance, |app| {
    follow(app).await;
});

/// One process has the file; the other engine's instances find each other through the table, without Redis.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_come_change_and_go_on_another_instance_without_redis() {
    let name = "people_come_change_and_go_on_another_instance_without_redis";
    crate::harness::run(name, crate::harness::Backend::Postgres, false, follow).await;
}

both_dbs!(a_row_from_an_instance_that_does_not_know_yet_who_is_there_leaves_the_dot_right, |app| {
    let here = Server::start(&app).await;
    let behind = app.second_instance().await;
    let (ana, luis, _) = pair(&app).await;
    let (hers, talk) = (ana.id(), ana.talk_to(&luis).await);
    luis.write(talk, "uno").await;
    let mut his = Tab::open(&here, &luis.client, "/chat").await;
    his.until("she is not there", |tab| tab.dot(&hers).as_deref() == Some("offline")).await;
    let _tab = Tab::open(&here, &ana.client, "/").await;
    his.until("she came", |tab| tab.dot(&hers).as_deref() == Some("available")).await;
    let from_behind = Person { client: luis.client.on(&behind), ..luis };
    from_behind.write(talk, "dos").await;
    his.until("its row", |tab| tab.was_sent("dos")).await;
    assert_eq!(his.dot(&hers).as_deref(), Some("available"));
});

/// Instances that share a table believe each other's rows by the clock.
async fn set_the_clock_back(app: TestApp) {
    let (here, there) = (Server::start(&app).await, Server::start(&app.second_instance().await).await);
    let (ana, luis, campaign) = pair(&app).await;
    let leo = person(&app, "leo", Role::Asesor, &campaign).await;
    let (hers, lost) = (ana.id(), leo.id());
    let mut colleague = Tab::open(&there, &luis.client, "/").await;
    let _tab = Tab::open(&here, &ana.client, "/").await;
    // Leo's instance wrote this, and was killed.
    write_table(&app.db, Uuid::now_v7(), &HashSet::from([leo.user.id.0]), app.now()).await.unwrap();
    let shows = |tab: &Tab, user: &str, state: &str| tab.dot(user).as_deref() == Some(state);
    colleague.until("both", |tab| shows(tab, &hers, "available") && shows(tab, &lost, "available")).await;
    app.clock.advance(TimeDelta::hours(-1));
    colleague.until("his instance writes no more", |tab| shows(tab, &lost, "offline")).await;
    colleague.until("hers does", |tab| shows(tab, &hers, "available")).await;
    let rows = |user: Uuid| sql!("select count(*) from presence where user_id = $1", user);
    let written = async |user: Uuid| app.db.one::<(i64,)>(rows(user)).await.unwrap().0;
    assert_eq!((written(leo.user.id.0).await, written(ana.user.id.0).await), (0, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_lost_with_an_instance_is_not_there_for_an_hour_more_because_the_clock_was_set_back() {
    let name = "who_was_lost_with_an_instance_is_not_there_for_an_hour_more_because_the_clock_was_set_back";
    crate::harness::run(name, crate::harness::Backend::Postgres, false, set_the_clock_back).await;
}

both_dbs!(people_come_change_and_go_on_one_instance, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let hers = ana.id();
    let mut colleague = Tab::open(&server, &luis.client, "/").await;
    let mut tab = Tab::open(&server, &ana.client, "/").await;
    colleague.until("she came", |tab| tab.dot(&hers).as_deref() == Some("available")).await;
    ana.choose("break", "lunch").await;
    colleague.until("her pause", |tab| tab.dot(&hers).as_deref() == Some("break")).await;
    tab.disconnect();
    colleague.until("she went", |tab| tab.dot(&hers).as_deref() == Some("offline")).await;
    let mut late = Tab::open(&server, &luis.client, "/chat/new").await;
    tab.connect(&server).await;
    late.until("a tab that opened later sees her come back", |tab| tab.was_sent(&hers)).await;
});

both_dbs!(a_person_is_away_when_all_tabs_are_still_and_back_when_one_moves, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let hers = ana.id();
    let mut colleague = Tab::open(&server, &luis.client, "/").await;
    let mut one = Tab::open(&server, &ana.client, "/").await;
    let mut other = Tab::open(&server, &ana.client, "/chat").await;
    colleague.until("she came", |tab| tab.dot(&hers).as_deref() == Some("available")).await;
    one.send("{\"idle\":true}").await;
    ana.choose("available", "").await;
    app.clock.advance(TimeDelta::minutes(1));
    other.send("{\"idle\":true}").await;
    colleague.until("away", |tab| tab.dot(&hers).as_deref() == Some("away")).await;
    other.send("{\"idle\":false}").await;
    colleague.until("back", |tab| tab.dot(&hers).as_deref() == Some("available")).await;
});
