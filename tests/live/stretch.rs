//! A conversation opened at an old message: pushes pass it by, changes of what it shows do not.

use crate::{
    harness::both_dbs,
    oracle::Dots,
    tab::{Server, Tab},
    talk::{mark, pair},
};

both_dbs!(what_is_pushed_enters_the_end_of_a_conversation_and_no_stretch_further_up, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    for n in 1..=90 {
        ana.write(talk, &format!("mensaje {n}")).await;
        app.clock.advance(chrono::Duration::seconds(4));
    }
    let mut up = Tab::open(&server, &luis.client, &format!("/chat/{talk}?at=30")).await;
    let mut end = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
    let text = |tab: &Tab, id: String| tab.document.by_id(&id).map(crate::oracle::dom::Element::text);
    assert!(text(&up, format!("mw-{talk}")).unwrap().contains("mensaje 30"));

    ana.write(talk, "recién escrito").await;
    let head = mark(&app).await;
    up.until_seq(head).await;
    end.until_seq(head).await;
    assert!(text(&end, format!("m-{talk}")).unwrap().contains("recién escrito"), "the end has it");
    assert!(!text(&up, format!("mw-{talk}")).unwrap().contains("recién escrito"));
    assert_eq!(up.count(&format!("u-{talk}")), Some(91), "its counter is what says that there is more");
    assert_eq!(up.difference(Dots::Ignored).await, None, "and a reload shows the same");
    assert_eq!(text(&up, format!("m-{talk}")), None);
});
