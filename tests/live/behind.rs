//! An instance that has not delivered yet what its database holds: whoever comes to it has rights, counts and a page of
//! a later moment than its own.

use chrono::TimeDelta;
use crea::{
    auth::{Module, Role},
    live::outbox,
};

use crate::{
    colleagues::edit,
    harness::both_dbs,
    oracle::Dots,
    stream::{Stream, poll},
    tab::{Server, Tab},
    talk::{mark, pair, person},
};

/// Without Redis an instance hears of the others' commits once a second: most of these rounds find it behind.
const ROUNDS: usize = 4;

both_dbs!(who_comes_to_an_instance_that_is_behind_is_not_told_what_the_page_shows, |app| {
    let there = Server::start(&app.second_instance().await).await;
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let path = format!("/chat/{talk}");
    for n in 0..ROUNDS {
        let id = ana.write(talk, &format!("mensaje {n}")).await;
        let mut tab = Tab::open(&there, &luis.client, &path).await;
        assert!(tab.shows(id), "the page is of now");
        let head = mark(&app).await;
        tab.until_seq(head).await;
        assert!(!tab.was_sent(&id.to_string()), "{n}");
        assert_eq!((tab.count("unread-total"), tab.difference(Dots::Ignored).await), (Some(n as i64 + 1), None), "{n}");
    }
});

both_dbs!(what_a_group_said_before_somebody_joined_is_not_theirs_on_an_instance_that_is_behind, |app| {
    let there = Server::start(&app.second_instance().await).await;
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Supervisor, &campaign).await;
    for n in 0..ROUNDS {
        let group = luis.make_group(&campaign, &format!("Grupo {n}"), &[&eva]).await;
        let mut tab = Tab::load(&there, &ana.client, "/chat").await;
        let mut moving = Tab::open(&there, &ana.client, "/chat").await;
        let cursor = tab.seq();
        let before = luis.write(group, "antes").await.to_string();
        luis.add_to_group(group, &ana).await;
        let after = luis.write(group, "después").await.to_string();
        // One connects, one shows another page, one streams, one polls.
        tab.connect(&there).await;
        moving.navigate(&format!("/chat/{group}")).await;
        let query = format!("cursor={cursor}&page=1&topics=");
        let client = ana.client.on(&there.app);
        let mut stream = Stream::open(&there.app, &client, &query, Some(cursor)).await;
        let polled = poll(&client, &query).await.text;
        let head = mark(&app).await;
        tab.until_seq(head).await;
        moving.until_seq(head).await;
        stream.until(&format!("seq=\"{head}\"")).await;
        assert!(tab.was_sent(&after) && stream.was_sent(&after) && polled.contains(&after), "{n}: what came after is");
        assert!(!tab.was_sent(&before) && !stream.was_sent(&before) && !polled.contains(&before), "{n}");
        assert!(!moving.was_sent(&before), "{n}: also not to who opens it");
        for tab in [tab, moving] {
            assert_eq!(tab.difference(Dots::Ignored).await, None, "{n}: {}", tab.path);
        }
    }
});

both_dbs!(what_an_instance_slept_through_is_read_anew, |app| {
    let there = Server::start(&app.second_instance().await).await;
    let (ana, luis, _) = pair(&app).await;
    let (hers, talk) = (ana.id(), ana.talk_to(&luis).await);
    // She polls: nothing of hers is closed and comes back.
    poll(&ana.client.on(&there.app), "cursor=0").await;
    let mut his = Tab::open(&there, &luis.client, "/").await;
    his.until("she is there", |tab| tab.dot(&hers).as_deref() == Some("available")).await;
    let (mut said, mut state) = (0, "available");
    // It may look right between the change and the pruning: then it has missed nothing, and the next one is tried.
    while his.closed.is_none() && said < 10 {
        state = if state == "available" { "on_call" } else { "available" };
        ana.choose(state, "").await;
        ana.write(talk, "mientras dormía").await;
        said += 1;
        outbox::prune(&app.db, app.now() + TimeDelta::hours(25)).await.unwrap();
        let head = mark(&app).await;
        his.until("the present, or a close", |tab| tab.closed.is_some() || tab.is_at(head)).await;
    }
    assert_eq!(his.closed, Some(1013));
    let greeted = his.frames.len();
    his.connect(&there).await;
    let is_dots = |frame: &String| frame.contains("<hx-presence all=");
    his.until("all dots", |tab| tab.frames[greeted..].iter().any(is_dots)).await;
    his.until("her state", |tab| tab.dot(&hers).as_deref() == Some(state)).await;
    his.until("all counted", |tab| tab.count("unread-total") == Some(said)).await;
    assert_eq!((his.resets, his.difference(Dots::Compared).await), (1, None));
});

both_dbs!(who_has_new_rights_is_not_sent_away_by_an_instance_that_is_behind, |app| {
    let there = Server::start(&app.second_instance().await).await;
    let campaign = app.campaign(Module::Telefonica).await;
    let ana = person(&app, "ana", Role::Asesor, &campaign).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    for n in 0..ROUNDS {
        let role = ["backoffice", "asesor"][n % 2];
        let mut before = Tab::open(&there, &ana.client, "/").await;
        edit(&boss.client, &ana, "Ruiz", role, Some(&campaign)).await;
        let mut tab = Tab::open(&there, &ana.client, "/").await;
        assert_eq!(before.until_closed().await, 4403, "{n}: what was there before is");
        let head = mark(&app).await;
        tab.until_seq(head).await;
        assert_eq!(tab.closed, None, "{n}");
    }
});
