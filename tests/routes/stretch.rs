//! A conversation opened at a message: what is drawn, and how one goes on from there.

use crea::{
    auth::{Module, Role},
    features::chat::{self, NewMessage, Said},
    ids::{ConversationId, MessageId},
};

use crate::harness::{Answer, Client, TestApp, User, both_dbs, one_db, talk};

/// A conversation of so many messages, seen by one of its people.
async fn long(app: &TestApp, count: i64) -> (Client, String, User) {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let hers = app.sign_in(&ana).await;
    let id = talk::open(&hers, &luz).await;
    let conversation = ConversationId(id.parse().unwrap());
    let mut tx = app.db.begin().await.unwrap();
    for n in 1..=count {
        let line = format!("mensaje {n}");
        let said = Said { by: luz.id, line: &line, notice: None, at: app.now() };
        let numbered = chat::number_next(&mut tx, conversation, &said).await.unwrap();
        let message = NewMessage {
            id: MessageId::new(),
            conversation,
            number: numbered.number,
            sender: luz.id,
            body: line.clone(),
            quoted: None,
            starts_group: true,
            starts_day: None,
            at: app.now(),
        };
        chat::insert_message(&mut tx, &message).await.unwrap();
    }
    tx.commit().await.unwrap();
    (hers, id, luz)
}

fn numbers(answer: &Answer) -> Vec<i64> {
    answer.attrs(".msgs .msg, hx-partial .msg", "data-sort").iter().map(|n| n.parse().unwrap()).collect()
}

both_dbs!(a_message_is_shown_among_those_around_it, |app| {
    let (hers, id, _) = long(&app, 300).await;
    for (at, expected, is_live) in [
        (100, 75..=125, false),
        (1, 1..=26, false),
        (-7, 1..=26, false),
        (250, 225..=275, false),
        (251, 251..=300, true),
        (300, 251..=300, true),
        (999, 251..=300, true),
    ] {
        let page = hers.get(&format!("/chat/{id}?at={at}")).await;
        assert_eq!(numbers(&page), expected.collect::<Vec<_>>(), "{at}");
        assert_eq!(page.count(&format!("#m-{id}")), usize::from(is_live), "the live list is that of the end: {at}");
        assert_eq!(page.count(&format!("#mw-{id}")), usize::from(!is_live), "{at}");
        assert_eq!(page.count(&format!("a[data-end-pill][href='/chat/{id}']")), usize::from(!is_live), "{at}");
    }
});

one_db!(reading_on_from_a_message_meets_every_later_one_once_and_ends_live, |app| {
    let (hers, id, _) = long(&app, 230).await;
    let page = hers.get(&format!("/chat/{id}?at=40")).await;
    let mut seen = numbers(&page);
    let mut link = page.attrs(&format!("#newer-{id} a"), "hx-get").remove(0);
    while link.contains("after=") {
        let more = hers.get_partial(&link).await;
        assert_eq!(more.attrs("hx-partial", "hx-target")[0], format!("#mw-{id}"), "never into the live list");
        seen.extend(numbers(&more));
        link = more.attrs(&format!("#newer-{id} a"), "hx-get").remove(0);
    }
    assert_eq!(link, format!("/chat/{id}?from={}", seen[seen.len() - 1]));
    let end = hers.get(&link).await;
    assert_eq!(end.count(&format!("#m-{id}")), 1);
    let rest = numbers(&end);
    assert!(rest.contains(&seen[seen.len() - 1]), "the end holds the message that one had come to");
    seen.extend(rest.into_iter().filter(|n| *n > 200).collect::<Vec<_>>());
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, (15..=230).collect::<Vec<_>>());
    // Without scripts the same links open pages.
    let plain = hers.get(&format!("/chat/{id}/messages?after=65")).await;
    assert_eq!(plain.location(), format!("/chat/{id}?from=65"));
});

one_db!(older_messages_of_a_stretch_go_into_its_own_list, |app| {
    let (hers, id, _) = long(&app, 200).await;
    let page = hers.get(&format!("/chat/{id}?at=100")).await;
    let link = page.attrs(&format!("#older-{id} a"), "hx-get").remove(0);
    let older = hers.get_partial(&link).await;
    assert_eq!(older.attrs("hx-partial", "hx-target")[0], format!("#mw-{id}"));
    assert_eq!(numbers(&older), (25..=74).collect::<Vec<_>>());
    let live = hers.get(&format!("/chat/{id}")).await;
    let link = live.attrs(&format!("#older-{id} a"), "hx-get").remove(0);
    assert_eq!(hers.get_partial(&link).await.attrs("hx-partial", "hx-target")[0], format!("#m-{id}"));
});
