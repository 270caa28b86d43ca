//! What a tab missed: after a disconnect, between a page and its socket, behind another page, and what is kept no more.

use chrono::TimeDelta;
use crea::live::outbox;

use crate::{
    harness::{both_dbs, eventually},
    oracle::Dots,
    tab::{Server, Tab},
    talk::pair,
};

both_dbs!(what_was_missed_while_disconnected_is_replayed_by_another_instance, |app| {
    let (ana, luis, _) = pair(&app).await;
    let first = Server::start(&app).await;
    let second = Server::start(&app.second_instance().await).await;
    let talk = ana.talk_to(&luis).await;
    let path = format!("/chat/{talk}");
    let mut tab = Tab::open(&first, &luis.client, &path).await;
    let before = ana.write(talk, "antes").await;
    tab.until("live at first", |tab| tab.shows(before)).await;
    // What `tab` has, the other instance has as well.
    eventually("both are there", async || (second.app.live.hub().figures().1 >= tab.seq()).then_some(())).await;
    tab.disconnect();
    let mut missed = Vec::new();
    for n in 0..5 {
        missed.push(ana.write(talk, &format!("perdido {n}")).await);
    }
    luis.read(talk, 3).await;
    tab.frames.clear();
    tab.connect(&second).await;
    tab.until("all that was missed", |tab| missed.iter().all(|id| tab.shows(*id))).await;
    tab.until("the count is that of now", |tab| tab.count("unread-total") == Some(3)).await;
    assert!(!tab.was_sent(&before.to_string()), "what was applied is not sent again");
    assert_eq!(tab.resets, 0);
    let after = ana.write(talk, "después").await;
    tab.until("live again", |tab| tab.shows(after)).await;
    tab.until("and counted", |tab| tab.count("unread-total") == Some(4)).await;
    assert_eq!(tab.difference(Dots::Ignored).await, None);
});

both_dbs!(an_event_between_page_and_socket_arrives, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut tab = Tab::load(&server, &luis.client, &format!("/chat/{talk}")).await;
    let between = ana.write(talk, "entre página y conexión").await;
    assert!(!tab.shows(between));
    tab.connect(&server).await;
    tab.until("what happened in between", |tab| tab.shows(between)).await;
    tab.until("and is counted", |tab| tab.count("unread-total") == Some(1)).await;
    assert_eq!(tab.difference(Dots::Ignored).await, None);
});

both_dbs!(a_page_shown_later_gets_what_happened_since_it_was_drawn, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    ana.write(talk, "uno").await;
    let mut tab = Tab::open(&server, &luis.client, "/").await;
    // The page is fetched, then something happens, then the tab says that it shows the page.
    let drawn = tab.fetch(&format!("/chat/{talk}")).await;
    let since = ana.write(talk, "dos").await;
    tab.until("the socket is past the event", |tab| tab.was_sent(&since.to_string())).await;
    assert!(!tab.shows(since), "the page that is open has no place for it");
    tab.show(&drawn).await;
    assert!(!tab.shows(since), "the page was drawn before it");
    let head = app.live.cursor().await.unwrap();
    tab.until_seq(head).await;
    assert!(tab.shows(since), "replayed before the server says that it hears the page");
    tab.until("counted", |tab| tab.count(&format!("u-{talk}")) == Some(2)).await;
    assert_eq!(tab.difference(Dots::Ignored).await, None);
});

both_dbs!(navigation_while_disconnected_is_told_after_the_reconnect, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut tab = Tab::open(&server, &luis.client, "/chat").await;
    tab.disconnect();
    let missed = ana.write(talk, "uno").await;
    tab.navigate(&format!("/chat/{talk}")).await;
    let later = ana.write(talk, "dos").await;
    assert!(tab.shows(missed) && !tab.shows(later));
    tab.connect(&server).await;
    tab.until("what came after the page was drawn", |tab| tab.shows(later)).await;
    assert_eq!(tab.difference(Dots::Ignored).await, None);
});

both_dbs!(a_cursor_older_than_what_is_kept_resets_the_page, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut tab = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
    let mut fresh = Tab::open(&server, &ana.client, "/chat").await;
    tab.disconnect();
    let mut missed = Vec::new();
    for n in 0..3 {
        missed.push(ana.write(talk, &format!("perdido {n}")).await);
    }
    let removed = outbox::prune(&app.db, app.now() + TimeDelta::hours(25)).await.unwrap();
    assert!(removed > 3);
    let kept = ana.write(talk, "guardado").await;
    fresh.until("one who was there needs no reset", |tab| tab.was_sent("guardado")).await;
    tab.connect(&server).await;
    assert_eq!((tab.resets, fresh.resets), (1, 0));
    assert!(missed.iter().all(|id| tab.shows(*id)) && tab.shows(kept), "the page was drawn anew");
    tab.until("counts too", |tab| tab.count("unread-total") == Some(4)).await;
    assert_eq!(tab.difference(Dots::Ignored).await, None);
    // And from then on it is live again.
    let after = ana.write(talk, "después").await;
    tab.until("live again", |tab| tab.shows(after)).await;
});

both_dbs!(the_oldest_cursor_that_is_still_kept_needs_no_reset, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    ana.write(talk, "uno").await;
    let mut tab = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
    tab.disconnect();
    // All up to its cursor is pruned, nothing after it.
    outbox::prune(&app.db, app.now() + TimeDelta::hours(25)).await.unwrap();
    let missed = ana.write(talk, "dos").await;
    tab.connect(&server).await;
    tab.until("what was missed", |tab| tab.shows(missed)).await;
    assert_eq!(tab.resets, 0);
});

both_dbs!(a_cursor_ahead_of_the_database_resets_the_page, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut tab = Tab::load(&server, &luis.client, &format!("/chat/{talk}")).await;
    let unseen = ana.write(talk, "de otra vida").await;
    tab.cursor = (app.live.cursor().await.unwrap() + 1_000).to_string();
    tab.connect(&server).await;
    assert_eq!(tab.resets, 1);
    assert!(tab.shows(unseen));
    let head = app.live.cursor().await.unwrap();
    tab.until("the present", |tab| tab.seq() == head).await;
});

both_dbs!(an_instance_that_slept_past_what_is_kept_sends_its_tabs_to_the_database, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut tab = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
    // Events that this instance never saw, and they are gone already.
    outbox::prune(&app.db, app.now() + TimeDelta::hours(25)).await.unwrap();
    let after = skip_ahead(app.db.begin().await.unwrap(), 500).await;
    assert_eq!(tab.until_closed().await, 1013, "it cannot know what it missed");
    tab.connect(&server).await;
    assert_eq!(tab.resets, 1);
    tab.until("the present", |tab| tab.seq() >= after).await;
    let next = ana.write(talk, "sigue").await;
    tab.until("delivery goes on", |tab| tab.shows(next)).await;
});

/// Moves the counter as if others had written, and pruning had removed what they wrote.
async fn skip_ahead(mut tx: crea::db::Tx, by: i64) -> i64 {
    let (n,): (i64,) =
        tx.one(crea::sql!("update counter set n = n + $1 where name = 'events' returning n", by)).await.unwrap();
    tx.commit().await.unwrap();
    n
}
