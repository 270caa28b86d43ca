//! Alarms on screens: every tab and device of a person, no screen of another, one instance or two, in any order of what
//! happens to them.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use crea::{
    auth::{Module, Role},
    features::alarms::{keep, run_once},
    ids::AlarmId,
};
use futures_util::StreamExt as _;
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    harness::{
        PATIENCE, TestApp,
        alarms::{call_back, cancel, escalating, hand_over, set},
        both_dbs, with_redis,
    },
    oracle::Dots,
    random::Random,
    tab::{Server, Socket, Tab, open_socket},
    talk::{Person, mark, person},
};

fn rings(tab: &Tab, id: AlarmId) -> bool {
    tab.document.by_id(&format!("alarm-{id}")).is_some()
}

async fn answer(who: &Person, id: AlarmId, what: &str) {
    let answer = who.client.post_htmx(&format!("/alarms/{id}/{what}"), &[("minutes", "5")]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// Every tab equals a fresh page once all that happened is delivered.
async fn all_equal(app: &TestApp, tabs: &mut [&mut Tab], why: &str) {
    let head = mark(app).await;
    for tab in tabs {
        tab.until_seq(head).await;
        assert_eq!(tab.difference(Dots::Ignored).await, None, "{why}: {}", tab.path);
    }
}

async fn two(app: &TestApp) -> (Person, Person) {
    let own = app.campaign(Module::Core).await;
    (person(app, "ana", Role::Asesor, &own).await, person(app, "luz", Role::Supervisor, &own).await)
}

both_dbs!(it_rings_in_every_tab_and_is_acknowledged_in_all_of_them_at_once, |app| {
    let (ana, luz) = two(&app).await;
    let server = Server::start(&app).await;
    let mut one = Tab::open(&server, &ana.client, "/").await;
    let mut list = Tab::open(&server, &ana.client, "/alarms").await;
    let mut coming = Tab::open(&server, &ana.client, "/alarms?tab=coming").await;
    let mut device = Tab::open(&server, &app.sign_in(&ana.user).await, "/chat").await;
    let mut other = Tab::open(&server, &luz.client, "/").await;
    let new = call_back(Uuid::now_v7(), app.now() + TimeDelta::minutes(1), &[ana.user.id]);
    let id = set(&app, &escalating(new, TimeDelta::minutes(10), &[luz.user.id])).await;
    all_equal(&app, &mut [&mut one, &mut list, &mut coming, &mut device, &mut other], "set").await;
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(run_once(&app).await.unwrap(), 1);
    for tab in [&mut one, &mut list, &mut coming, &mut device] {
        tab.until("it rings", |tab| rings(tab, id)).await;
    }
    all_equal(&app, &mut [&mut one, &mut list, &mut coming, &mut device, &mut other], "rung").await;
    answer(&ana, id, "acknowledge").await;
    for tab in [&mut one, &mut list, &mut coming, &mut device] {
        tab.until("it is gone", |tab| !rings(tab, id)).await;
    }
    app.clock.advance(TimeDelta::minutes(10));
    assert_eq!(run_once(&app).await.unwrap(), 0, "and escalates to nobody");
    all_equal(&app, &mut [&mut one, &mut list, &mut coming, &mut device, &mut other], "acknowledged").await;
    assert!(!other.was_sent("Eva"), "what does not ring for somebody is not told to them");
});

both_dbs!(who_was_away_when_it_rang_has_it_after_coming_back, |app| {
    let (ana, _) = two(&app).await;
    let server = Server::start(&app).await;
    let mut tab = Tab::open(&server, &ana.client, "/").await;
    tab.disconnect();
    let id = set(&app, &call_back(Uuid::now_v7(), app.now(), &[ana.user.id])).await;
    assert_eq!(run_once(&app).await.unwrap(), 1);
    tab.connect(&server).await;
    tab.until("it rings", |tab| rings(tab, id)).await;
    all_equal(&app, &mut [&mut tab], "away").await;
});

with_redis!(of_two_instances_one_rings_each_and_both_have_it_on_their_screens, |app| {
    const ALARMS: usize = 400;
    let (ana, luz) = two(&app).await;
    let other = app.second_instance().await;
    let (server, far) = (Server::start(&app).await, Server::start(&other).await);
    let mut here = Tab::open(&server, &ana.client, "/").await;
    let mut there = Tab::open(&far, &ana.client, "/").await;
    for n in 0..ALARMS {
        let who = if n % 40 == 0 { &ana } else { &luz };
        set(&app, &call_back(Uuid::now_v7(), app.now(), &[who.user.id])).await;
    }
    let (one, two) = tokio::join!(run_once(&app), run_once(&other));
    // What one has in hands the other passes by, so that neither waits.
    let late = run_once(&app).await.unwrap();
    assert_eq!(one.unwrap() + two.unwrap() + late, ALARMS, "each once");
    let count = |tab: &Tab| tab.frames.iter().filter(|frame| frame.contains("data-alarm=")).count();
    let head = mark(&app).await;
    for tab in [&mut here, &mut there] {
        tab.until_seq(head).await;
        assert_eq!(count(tab), ALARMS / 40, "told once");
    }
    all_equal(&app, &mut [&mut here, &mut there], "two instances").await;
});

both_dbs!(the_loop_rings_within_a_second_of_the_due_time, |app| {
    let (ana, _) = two(&app).await;
    let server = Server::start(&app).await;
    let mut tab = Tab::open(&server, &ana.client, "/").await;
    let ringing = tokio::spawn(keep(app.app.clone()));
    let other = tokio::spawn(keep(app.app.clone()));
    for n in 0..5 {
        let id = set(&app, &call_back(Uuid::now_v7(), app.now() + TimeDelta::hours(1), &[ana.user.id])).await;
        app.clock.advance(TimeDelta::hours(1));
        let since = Instant::now();
        tab.until("it rings", |tab| rings(tab, id)).await;
        assert!(since.elapsed() < Duration::from_secs(1), "{n}: {:?}", since.elapsed());
    }
    ringing.abort();
    other.abort();
    all_equal(&app, &mut [&mut tab], "the loop").await;
});

both_dbs!(after_anything_that_happens_to_alarms_every_screen_equals_a_fresh_page, |app| {
    let own = app.campaign(Module::Core).await;
    let (ana, luz) = two(&app).await;
    let eva = person(&app, "eva", Role::Asesor, &own).await;
    let people = [&ana, &luz, &eva];
    let server = Server::start(&app).await;
    let mut random = Random::new();
    println!("CREA_TEST_SEED={}", random.seed);
    let subjects: Vec<Uuid> = (0..6).map(|_| Uuid::now_v7()).collect();
    let mut ids: Vec<AlarmId> = Vec::new();
    let mut due_of = HashMap::new();
    let mut tabs = Vec::new();
    for (who, path) in [
        (&ana, "/"),
        (&ana, "/alarms?tab=done"),
        (&luz, "/alarms"),
        (&luz, "/chat"),
        (&eva, "/alarms?tab=coming"),
        (&eva, "/"),
    ] {
        tabs.push(Tab::open(&server, &who.client, path).await);
    }
    for step in 0..90 {
        let (subject, who, to) = (*random.pick(&subjects), *random.pick(&people), *random.pick(&people));
        match random.below(12) {
            0..4 => {
                let due_at = app.now() + TimeDelta::minutes(*random.pick(&[-1, 0, 1, 5]));
                let mut new = call_back(subject, due_at, &[who.user.id, to.user.id]);
                new.args.insert("name".to_owned(), (*random.pick(&["Marta", "Jairo"])).to_owned());
                // Often the same due time again, with other people or words.
                let before = due_of.entry(subject).or_insert(due_at);
                if random.below(2) == 0 {
                    new.due_at = *before
                } else {
                    *before = due_at
                }
                let after = TimeDelta::minutes(*random.pick(&[0, 2]));
                ids.push(set(&app, &escalating(new, after, &[random.pick(&people).user.id])).await);
            }
            4 => drop(cancel(&app, subject).await),
            5 => hand_over(&app, subject, who.user.id, to.user.id).await,
            6..9 if !ids.is_empty() => {
                // Whatever it is: theirs, another's, gone.
                let what = *random.pick(&["acknowledge", "snooze"]);
                let path = format!("/alarms/{}/{what}", random.pick(&ids));
                let status = who.client.post_htmx(&path, &[("minutes", "5")]).await.status.as_u16();
                assert!([200, 404].contains(&status), "{status}");
            }
            9 => {
                let n = random.below(tabs.len());
                tabs[n].disconnect();
                run_once(&app).await.unwrap();
                tabs[n].connect(&server).await;
            }
            _ => {
                app.clock.advance(TimeDelta::seconds(*random.pick(&[30, 90, 200])));
                run_once(&app).await.unwrap();
            }
        }
        if step % 30 == 29 {
            let why = format!("seed {}, step {step}", random.seed);
            all_equal(&app, &mut tabs.iter_mut().collect::<Vec<_>>(), &why).await;
        }
    }
});

/// Reads until so many alarms have rung on a screen, and not one more.
async fn hear(mut socket: Socket, count: usize) -> Instant {
    let mut rung = 0;
    while rung < count {
        let message = timeout(PATIENCE, socket.next()).await.expect("in time").expect("open").expect("a frame");
        rung += message.into_text().unwrap().matches("data-alarm=").count();
    }
    assert_eq!(rung, count, "told once");
    Instant::now()
}

both_dbs!(a_thousand_due_at_once_are_told_once_and_more_than_a_page_holds_are_equal_too, |app| {
    const PEOPLE: usize = 10;
    const EACH: usize = 100;
    let own = app.campaign(Module::Core).await;
    let server = Server::start(&app).await;
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        people.push(person(&app, "ana", Role::Asesor, &own).await);
    }
    for who in &people {
        for _ in 0..EACH {
            set(&app, &call_back(Uuid::now_v7(), app.now() + TimeDelta::hours(1), &[who.user.id])).await;
        }
    }
    let query = format!("cursor={}", app.live.cursor().await.unwrap());
    let mut screens = Vec::new();
    for who in &people {
        let cookie = who.client.cookie();
        let headers = [("cookie", &*cookie), ("sec-fetch-site", "same-origin")];
        screens.push(open_socket(server.address, &query, &headers).await.unwrap());
    }
    let mut tab = Tab::open(&server, &people[0].client, "/account").await;
    let since = Instant::now();
    app.clock.advance(TimeDelta::hours(1));
    let loops = [tokio::spawn(keep(app.app.clone())), tokio::spawn(keep(app.app.clone()))];
    let screens: Vec<_> = screens.into_iter().map(|socket| tokio::spawn(hear(socket, EACH))).collect();
    let mut last = since;
    for screen in screens {
        last = last.max(screen.await.unwrap());
    }
    println!("{} alarms due at once: on all screens after {:?}", PEOPLE * EACH, last - since);
    loops.iter().for_each(tokio::task::JoinHandle::abort);
    all_equal(&app, &mut [&mut tab], "more than a page holds").await;
});
