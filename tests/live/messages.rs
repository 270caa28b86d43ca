//! Messages that change after they were sent: on every screen that shows them, on any instance, and nowhere else.

use std::time::Duration;

use crea::auth::Role;
use uuid::Uuid;

use crate::{
    harness::{both_dbs, eventually, one_db, with_redis},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{Person, mark, pair, person},
};

/// A message says this on a screen.
fn says(tab: &Tab, message: Uuid, words: &str) -> bool {
    tab.document.by_id(&format!("msg-{message}")).is_some_and(|el| el.text().contains(words))
}

with_redis!(what_happens_to_a_message_shows_on_the_other_instance_and_equals_a_reload, |app| {
    let other = app.second_instance().await;
    let up = async || (!app.live.is_delayed() && !other.live.is_delayed()).then_some(());
    eventually("both hear Redis", up).await;
    let (here, there) = (Server::start(&app).await, Server::start(&other).await);
    let (ana, luis, _) = pair(&app).await;
    let luis = Person { client: luis.client.on(&other), ..luis };
    let talk = ana.talk_to(&luis).await;
    let path = format!("/chat/{talk}");
    let (mut hers, mut his) =
        (Tab::open(&here, &ana.client, &path).await, Tab::open(&there, &luis.client, &path).await);
    let mut list = Tab::open(&there, &luis.client, "/chat").await;

    let first = ana.write(talk, "el primero").await;
    let answer = luis.answer(talk, first, "lo cito").await;
    let last = ana.write(talk, "el último").await;
    his.until("all are there", |tab| tab.shows(last) && tab.shows(answer)).await;
    ana.edit(talk, first, "el primero, corregido").await;
    his.until("the edit shows", |tab| says(tab, first, "corregido")).await;
    his.until("its quote too", |tab| says(tab, answer, "corregido")).await;
    luis.react(talk, last, "like").await;
    hers.until("the reaction shows", |tab| says(tab, last, "1")).await;
    luis.read(talk, 3).await;
    let seen = format!("seen-{talk}");
    let words = |tab: &Tab| tab.document.by_id(&seen).map(|el| el.text()).unwrap_or_default();
    hers.until("she sees that it was read", |tab| words(tab).contains("Leído")).await;
    assert!(words(&his).contains("Enviado"), "he is not told: {}", words(&his));
    ana.delete(talk, last).await;
    for tab in [&mut his, &mut list] {
        tab.until("the list says so", |tab| {
            tab.document.by_id(&format!("c-{talk}-line")).is_some_and(|el| el.text() == "Mensaje eliminado")
        })
        .await;
    }
    ana.delete(talk, first).await;
    his.until("the quote too", |tab| says(tab, answer, "Mensaje eliminado")).await;
    let head = mark(&app).await;
    for tab in [&mut hers, &mut his, &mut list] {
        tab.until_seq(head).await;
        assert_eq!(tab.difference(Dots::Ignored).await, None, "{}", tab.path);
    }
});

both_dbs!(a_message_that_a_screen_does_not_hold_is_not_put_into_it, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let old = ana.write(talk, "la vieja").await;
    for n in 0..60 {
        if n % 15 == 0 {
            app.clock.advance(chrono::Duration::seconds(61));
        }
        ana.write(talk, &n.to_string()).await;
    }
    let mut his = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
    assert!(!his.shows(old));
    luis.react(talk, old, "eyes").await;
    ana.delete(talk, old).await;
    let head = mark(&app).await;
    his.until_seq(head).await;
    assert!(his.was_sent(&old.to_string()) && !his.shows(old));
    assert_eq!(his.difference(Dots::Ignored).await, None);
});

both_dbs!(who_takes_no_part_hears_of_no_change, |app| {
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Supervisor, &campaign).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let message = ana.write(talk, "entre dos").await;
    let mut hers = Tab::open(&server, &eva.client, "/chat").await;
    let mut his = Tab::open(&server, &luis.client, "/chat").await;
    ana.edit(talk, message, "siempre entre dos").await;
    luis.react(talk, message, "like").await;
    luis.read(talk, 1).await;
    let head = mark(&app).await;
    for tab in [&mut hers, &mut his] {
        tab.until_seq(head).await;
    }
    assert!(his.was_sent("siempre entre dos") && !hers.was_sent("entre dos"));
    assert!(!hers.was_sent(&talk.to_string()));
});

with_redis!(who_types_is_heard_by_the_others_of_the_conversation_on_any_instance, |app| {
    let other = app.second_instance().await;
    let up = async || (!app.live.is_delayed() && !other.live.is_delayed()).then_some(());
    eventually("both hear Redis", up).await;
    let (here, there) = (Server::start(&app).await, Server::start(&other).await);
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Supervisor, &campaign).await;
    let talk = ana.talk_to(&luis).await;
    let path = format!("/chat/{talk}");
    let mut hers = Tab::open(&here, &ana.client, &path).await;
    let mut his = Tab::open(&there, &luis.client.on(&other), &path).await;
    let mut foreign = Tab::open(&there, &eva.client.on(&other), "/chat").await;
    hers.send(&format!("{{\"typing\":\"{talk}\"}}")).await;
    his.until("he hears it", |tab| tab.was_sent("<hx-typing")).await;
    assert!(his.was_sent(&format!("by=\"{}\"", ana.id())));
    // Somebody who takes no part is neither heard nor hears.
    foreign.send(&format!("{{\"typing\":\"{talk}\"}}")).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    foreign.drain().await;
    his.drain().await;
    assert!(!foreign.was_sent("<hx-typing") && !his.was_sent(&format!("by=\"{}\"", eva.id())));
    assert_eq!(his.difference(Dots::Ignored).await, None, "it leaves no trace that a reload would lack");
});

one_db!(a_mass_message_tells_nobody_who_types, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let make = crea::sql!("update conversation set kind = 'broadcast' where id = $1", talk);
    app.db.exec(make).await.unwrap();
    let mut hers = Tab::open(&server, &ana.client, "/").await;
    let mut his = Tab::open(&server, &luis.client, "/").await;
    hers.send(&format!("{{\"typing\":\"{talk}\"}}")).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    his.drain().await;
    assert!(!his.was_sent("<hx-typing"));
});
