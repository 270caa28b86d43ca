//! Sending a message: once, within limits, as text.

use chrono::Duration;
use crea::{
    auth::{Module, Role},
    sql,
};
use uuid::Uuid;
use views::text::{Locale, t};

use crate::harness::{Client, TestApp, both_dbs, one_db, talk};

/// An agent and a supervisor of one campaign, signed in, with a conversation.
async fn two(app: &TestApp) -> (Client, Client, String) {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let (hers, boss) = (app.sign_in(&ana).await, app.sign_in(&luz).await);
    let id = talk::open(&hers, &luz).await;
    (hers, boss, id)
}

async fn stored(app: &TestApp) -> i64 {
    app.db.one::<(i64,)>(sql!("select count(*) from message")).await.unwrap().0
}

async fn events(app: &TestApp) -> i64 {
    app.db.one::<(i64,)>(sql!("select n from counter where name = 'events'")).await.unwrap().0
}

both_dbs!(the_same_message_sent_again_is_stored_and_told_once, |app| {
    let (hers, _, id) = two(&app).await;
    let (message, first) = talk::say(&hers, &id, "hola").await;
    let told = events(&app).await;
    app.clock.advance(Duration::minutes(30));
    for _ in 0..2 {
        let again = talk::send_as(&hers, &id, &message, "hola").await;
        assert_eq!((again.status.as_u16(), &again.text), (200, &first.text), "the same answer");
    }
    assert_eq!((stored(&app).await, events(&app).await), (1, told));
    let (last,): (i64,) = app.db.one(sql!("select last_number from conversation")).await.unwrap();
    assert_eq!(last, 1);
});

both_dbs!(a_retry_that_overtakes_the_first_try_stores_once, |app| {
    let (hers, _, id) = two(&app).await;
    let message = Uuid::now_v7().to_string();
    let tries: Vec<_> = (0..4)
        .map(|_| {
            let (hers, id, message) = (hers.clone(), id.clone(), message.clone());
            tokio::spawn(async move { talk::send_as(&hers, &id, &message, "hola").await })
        })
        .collect();
    let mut texts = Vec::new();
    for answer in tries {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        texts.push(answer.text);
    }
    assert!(texts.iter().all(|text| *text == texts[0]));
    assert_eq!(stored(&app).await, 1);
});

both_dbs!(a_repeat_is_answered_whatever_became_of_the_message, |app| {
    let (hers, _, id) = two(&app).await;
    let (message, _) = talk::say(&hers, &id, "hola").await;
    let path = format!("/chat/{id}/messages/{message}");
    assert_eq!(hers.post_htmx(&path, &[("body", "hola, Luz")]).await.status, 204);
    let edited = talk::send_as(&hers, &id, &message, "hola").await;
    assert_eq!((edited.status.as_u16(), edited.texts("[data-body]")), (200, vec!["hola, Luz".to_owned()]));
    assert_eq!(talk::send_as(&hers, &id, &message, "hola, Luz").await.status, 409, "that is not what was sent");
    assert_eq!(hers.post_htmx(&format!("{path}/delete"), &[]).await.status, 204);
    for _ in 1..20 {
        talk::say(&hers, &id, "más").await;
    }
    assert_eq!(talk::say(&hers, &id, "demasiado").await.1.status, 429);
    let deleted = talk::send_as(&hers, &id, &message, "hola").await;
    assert_eq!(deleted.status, 200, "a repeat is no further message");
    assert!(!deleted.text.contains("hola"), "{}", deleted.text);
    let elsewhere = Uuid::now_v7().to_string();
    assert_eq!(talk::send_as(&hers, &elsewhere, &message, "hola").await.status, 409, "another conversation");
    assert_eq!(stored(&app).await, 20);
});

both_dbs!(an_id_that_was_used_for_another_text_or_by_another_is_a_conflict, |app| {
    let (hers, boss, id) = two(&app).await;
    let (message, _) = talk::say(&hers, &id, "hola").await;
    let other = talk::send_as(&hers, &id, &message, "adiós").await;
    assert_eq!(other.status, 409);
    assert!(other.text.contains(t(Locale::Es, "chat.error.conflict")), "{}", other.text);
    assert_eq!(talk::send_as(&boss, &id, &message, "hola").await.status, 409, "the id of somebody else's message");
    assert_eq!(stored(&app).await, 1);
    assert_eq!(talk::say(&boss, &id, "hola").await.1.status, 200, "and goes on");
});

one_db!(what_cannot_be_a_message_is_refused_with_its_reason, |app| {
    let (hers, _, id) = two(&app).await;
    for (body, key) in [
        (String::new(), "chat.error.empty"),
        (" \r\n\t\u{7} ".to_owned(), "chat.error.empty"),
        ("ñ".repeat(4_001), "chat.error.too_long"),
    ] {
        let answer = talk::say(&hers, &id, &body).await.1;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains(t(Locale::Es, key)), "{}", answer.text);
        assert_eq!(answer.attrs("hx-partial", "hx-target"), ["#toasts"], "the panel stays");
    }
    assert_eq!(stored(&app).await, 0);
    assert_eq!(talk::say(&hers, &id, &"ñ".repeat(4_000)).await.1.status, 200, "characters are counted, not bytes");
    let path = format!("/chat/{id}/messages");
    assert_eq!(hers.post_htmx(&path, &[("id", "no id"), ("body", "hola")]).await.status, 400);
    assert_eq!(hers.post_htmx(&path, &[("body", "hola")]).await.status, 400);
});

both_dbs!(the_twenty_first_message_within_a_minute_is_refused_and_later_taken, |app| {
    let (hers, boss, id) = two(&app).await;
    for n in 0..20 {
        assert_eq!(talk::say(&hers, &id, &n.to_string()).await.1.status, 200);
        app.clock.advance(Duration::seconds(1));
    }
    let message = Uuid::now_v7().to_string();
    let refused = talk::send_as(&hers, &id, &message, "la 21").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "60"));
    assert!(refused.text.contains(t(Locale::Es, "chat.error.rate")), "{}", refused.text);
    assert_eq!(stored(&app).await, 20);
    assert_eq!(talk::say(&boss, &id, "a tiempo").await.1.status, 200, "the other's limit is the other's");
    app.clock.advance(Duration::seconds(40));
    assert_eq!(talk::send_as(&hers, &id, &message, "la 21").await.status, 200, "the same id, by Reintentar");
});

one_db!(a_body_is_shown_as_text_on_page_list_and_answer, |app| {
    let (hers, boss, id) = two(&app).await;
    let evil = "<img src=x onerror=\"alert('crea')\"> & <hx-partial hx-target=\"#main\">";
    let (message, answer) = talk::say(&hers, &id, evil).await;
    assert_eq!(answer.texts("[data-body]"), [evil]);
    for browser in [&hers, &boss] {
        for path in [format!("/chat/{id}"), "/chat".to_owned(), "/".to_owned()] {
            let page = browser.get(&path).await;
            assert_eq!(page.count("img[src=x]") + page.count("hx-partial"), 0, "{path}");
            assert!(page.texts(".conv-last").iter().any(|line| line.contains("<img src=x")), "{path}");
        }
        let page = browser.get(&format!("/chat/{id}")).await;
        assert_eq!(page.texts(&format!("#msg-{message} [data-body]")), [evil]);
    }
    let (html,): (String,) = app.db.one(sql!("select html_es from events order by seq desc limit 1")).await.unwrap();
    assert!(html.contains("&lt;img src=x") && !html.contains("<img src=x"), "the event is escaped too");
});

one_db!(addresses_in_a_text_lead_out_without_a_trace, |app| {
    let (hers, _, id) = two(&app).await;
    let body = "vea https://crea.example/a?b=1&c=\"2 y javascript:alert(1) <https://x.example>";
    let answer = talk::say(&hers, &id, body).await.1;
    let links = answer.attrs("[data-body] a", "href");
    assert!(links.iter().any(|l| l.starts_with("https://crea.example/a")), "{links:?}");
    assert!(links.iter().all(|l| l.starts_with("https://")), "{links:?}");
    for rel in answer.attrs("[data-body] a", "rel") {
        assert!(rel.contains("noopener") && rel.contains("noreferrer"), "{rel}");
    }
    assert_eq!(answer.texts("[data-body]"), [body], "the text is as it was written");
});

one_db!(a_browser_without_scripts_sends_and_reads_by_reload, |app| {
    let (hers, boss, id) = two(&app).await;
    let page = hers.get(&format!("/chat/{id}")).await;
    let message = page.attrs("form.composer input[name=id]", "value");
    let action = page.attrs("form.composer", "action");
    let sent = hers.post(&action[0], &[("id", &message[0]), ("body", "línea uno\r\nlínea dos")]).await;
    assert_eq!((sent.status.as_u16(), sent.location()), (303, &*format!("/chat/{id}")));
    let page = boss.get(&format!("/chat/{id}")).await;
    assert_eq!(page.texts(".msgs [data-body]"), ["línea uno\nlínea dos"]);
    assert_eq!(page.attrs(".talk", "data-last-read"), ["0"]);
    let read = boss.post(&format!("/chat/{id}/read"), &[("number", "1")]).await;
    assert_eq!((read.status.as_u16(), read.location()), (303, &*format!("/chat/{id}")));
    assert_eq!(boss.get(&format!("/chat/{id}")).await.attrs(".talk", "data-last-read"), ["1"]);
});

both_dbs!(an_event_tells_both_people_and_carries_what_the_answer_does, |app| {
    let (hers, _, id) = two(&app).await;
    let (_, answer) = talk::say(&hers, &id, "hola").await;
    let (topic, html): (String, String) =
        app.db.one(sql!("select topic, html_es from events order by seq desc limit 1")).await.unwrap();
    assert_eq!(topic, format!("conversation:{id}"));
    assert!(html.starts_with(&answer.text), "one markup for answer and event");
});
