//! What people do with a message: edit, delete, quote, react, name. Who may, until when, and what is never shown.

use chrono::Duration;
use crea::{
    auth::{Module, Role},
    sql,
};
use uuid::Uuid;
use views::text::{Locale, t};

use crate::harness::{Answer, Client, TestApp, User, both_dbs, one_db, talk};

struct Talk {
    ana: User,
    luz: User,
    hers: Client,
    boss: Client,
    stranger: Client,
    id: String,
}

async fn two(app: &TestApp) -> Talk {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let pia = app.user("pia").campaign(&own).insert().await;
    let (hers, boss, stranger) = (app.sign_in(&ana).await, app.sign_in(&luz).await, app.sign_in(&pia).await);
    let id = talk::open(&hers, &luz).await;
    Talk { ana, luz, hers, boss, stranger, id }
}

impl Talk {
    async fn say(&self, body: &str) -> String {
        let (message, answer) = talk::say(&self.hers, &self.id, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        message
    }

    fn path(&self, message: &str, what: &str) -> String {
        format!("/chat/{}/messages/{message}{what}", self.id)
    }

    async fn edit(&self, who: &Client, message: &str, body: &str) -> Answer {
        who.post_htmx(&self.path(message, ""), &[("body", body)]).await
    }

    async fn delete(&self, who: &Client, message: &str) -> Answer {
        who.post_htmx(&self.path(message, "/delete"), &[]).await
    }

    async fn react(&self, who: &Client, message: &str, kind: &str) -> Answer {
        who.post_htmx(&self.path(message, "/reactions"), &[("kind", kind)]).await
    }

    async fn answer(&self, quoted: &str, body: &str) -> Answer {
        let id = Uuid::now_v7().to_string();
        let form = [("id", &*id), ("body", body), ("quoted_id", quoted)];
        self.boss.post_htmx(&format!("/chat/{}/messages", self.id), &form).await
    }

    async fn page(&self, who: &Client) -> Answer {
        who.get(&format!("/chat/{}", self.id)).await
    }
}

fn says(answer: &Answer, key: &str) -> bool {
    answer.text.contains(t(Locale::Es, key))
}

both_dbs!(one_edits_ones_own_message_for_five_minutes, |app| {
    let f = two(&app).await;
    let message = f.say("La meta es de 18").await;
    assert_eq!(f.edit(&f.boss, &message, "otra").await.status, 403, "another's");
    assert_eq!(f.edit(&f.stranger, &message, "otra").await.status, 404, "a conversation of others");
    assert_eq!(f.edit(&f.hers, &message, "  ").await.status, 422);
    app.clock.advance(Duration::minutes(5));
    assert_eq!(f.edit(&f.hers, &message, "La meta es de 20").await.status, 204, "at the last moment");
    for browser in [&f.hers, &f.boss] {
        let page = f.page(browser).await;
        assert_eq!(page.texts(&format!("#msg-{message} [data-body]")), ["La meta es de 20"]);
        assert_eq!(page.texts(&format!("#msg-{message} .msg-edited")), [t(Locale::Es, "message.edited")]);
        assert!(page.texts(".conv-last").iter().any(|line| line.contains("La meta es de 20")), "lists follow");
    }
    app.clock.advance(Duration::seconds(1));
    let late = f.edit(&f.hers, &message, "tarde").await;
    assert!(late.status == 422 && says(&late, "chat.error.too_late"), "{}", late.text);
    let kept: Vec<(i64, String)> = app.db.all(sql!("select number, body from message_revision")).await.unwrap();
    assert_eq!(kept, [(1, "La meta es de 18".to_owned())], "what it said is kept");
});

both_dbs!(a_deleted_message_is_said_to_be_one_and_says_nothing_more, |app| {
    let f = two(&app).await;
    let message = f.say("Clave del cliente: caballo @Luz Ruiz").await;
    assert_eq!(f.answer(&message, "Recibido").await.status, 200);
    let last = f.say("Otra clave: perro").await;
    assert_eq!(f.react(&f.boss, &message, "like").await.status, 204);
    assert_eq!(f.delete(&f.boss, &message).await.status, 403, "nobody deletes another's");
    assert_eq!(f.delete(&f.stranger, &message).await.status, 404);
    app.clock.advance(Duration::hours(1));
    for id in [&message, &message, &last] {
        assert_eq!(f.delete(&f.hers, id).await.status, 204, "at any time, and again");
    }
    let deleted = t(Locale::Es, "message.deleted");
    for browser in [&f.hers, &f.boss] {
        for path in [format!("/chat/{}", f.id), "/chat".into(), "/".into(), f.path(&message, "")] {
            let page = browser.get(&path).await;
            assert!(!page.text.contains("caballo") && !page.text.contains("perro"), "{path}");
            assert!(page.text.contains(deleted), "{path}: {}", page.text);
        }
        let page = f.page(browser).await;
        assert_eq!(page.texts(".msgs .msg-quote-line"), [deleted], "what quotes it");
        assert_eq!(page.count(&format!("#msg-{message} .react")), 0);
        let found = browser.get("/chat/search?q=caballo").await;
        assert!(!found.text.contains("#msg-") && found.count(&format!("[href*='{message}']")) == 0);
    }
    assert_eq!(f.edit(&f.hers, &last, "de vuelta").await.status, 422, "gone is gone");
    assert_eq!(f.react(&f.hers, &last, "like").await.status, 422);
    assert_eq!(f.answer(&last, "¿qué decía?").await.status, 422, "nor is it quoted any more");
    let bodies: Vec<(String,)> =
        app.db.all(sql!("select body from message where deleted_at is not null")).await.unwrap();
    assert!(bodies.iter().all(|(body,)| body.is_empty()), "no statement that shows messages can show it");
});

both_dbs!(a_reaction_is_one_of_the_set_and_goes_by_the_second_press, |app| {
    let f = two(&app).await;
    let message = f.say("Listo").await;
    assert_eq!(f.react(&f.hers, &message, "like").await.status, 204);
    assert_eq!(f.react(&f.boss, &message, "like").await.status, 204);
    assert_eq!(f.react(&f.boss, &message, "done").await.status, 204);
    let page = f.page(&f.hers).await;
    let ids = page.attrs(".react[value=like]", "data-reactors").join("");
    assert_eq!(ids, format!("{} {}", f.ana.id, f.luz.id), "in the order in which they came, told apart by /me.css");
    assert_eq!(page.texts(".react .num"), ["2", "1"]);
    assert!(page.texts(".react .visually-hidden")[0].contains(&f.luz.name), "who is readable");
    assert_eq!(f.react(&f.boss, &message, "like").await.status, 204);
    assert_eq!(f.page(&f.hers).await.texts(".react .num"), ["1", "1"]);
    assert_eq!(f.react(&f.boss, &message, "<b>").await.status, 422);
    assert_eq!(f.react(&f.stranger, &message, "like").await.status, 404);
    let plain = f.boss.post(&f.path(&message, "/reactions"), &[("kind", "eyes")]).await;
    assert_eq!((plain.status.as_u16(), plain.location()), (303, &*format!("/chat/{}?at=1", f.id)), "without scripts");
});

both_dbs!(only_what_one_may_see_of_the_same_conversation_is_quoted, |app| {
    let f = two(&app).await;
    let message = f.say("¿Qué descuento aplica?\nEl del 30").await;
    let answer = f.answer(&message, "El del 20").await;
    assert_eq!(answer.texts(".msg-quote-name"), std::slice::from_ref(&f.ana.name));
    assert_eq!(answer.texts(".msg-quote-line"), ["¿Qué descuento aplica? El del 30"], "on one line");
    assert_eq!(answer.attrs(".msg-quote", "href"), [format!("/chat/{}?at=1", f.id)]);
    let elsewhere = talk::open(&f.stranger, &f.luz).await;
    let (foreign, _) = talk::say(&f.stranger, &elsewhere, "de otra").await;
    for bad in [&*foreign, &Uuid::now_v7().to_string(), "no id"] {
        let refused = f.answer(bad, "x").await;
        assert!(refused.status == 422 && says(&refused, "chat.error.quote"), "{bad}: {}", refused.text);
    }
    app.db.exec(sql!("update participant set first_number = 2 where user_id = $1", f.luz.id)).await.unwrap();
    assert_eq!(f.answer(&message, "x").await.status, 422, "from before they came");
    assert_eq!(f.react(&f.boss, &message, "like").await.status, 404, "nor may they react");
});

both_dbs!(the_same_id_with_another_quote_or_other_files_is_a_conflict, |app| {
    let f = two(&app).await;
    let (one, other) = (f.say("uno").await, f.say("dos").await);
    let (id, path) = (Uuid::now_v7().to_string(), format!("/chat/{}/messages", f.id));
    let send = async |body: &str, quoted: &str, files: &str| {
        let form = [("id", &*id), ("body", body), ("quoted_id", quoted), ("files", files)];
        f.boss.post_htmx(&path, &form).await.status.as_u16()
    };
    assert_eq!(send("va", &one, "").await, 200);
    assert_eq!(send("va", &one, "").await, 200, "a repeat");
    assert_eq!(send("va", &other, "").await, 409);
    assert_eq!(send("va", "", "").await, 409);
    assert_eq!(send(&format!("va{one}"), "", "").await, 409);
    assert_eq!(send("va", &one, &Uuid::now_v7().to_string()).await, 409);
});

both_dbs!(who_is_there_is_named_and_nobody_else, |app| {
    let f = two(&app).await;
    let message = f.say(&format!("@{} mire, @{} también, @Nadie Más no", f.luz.name, f.luz.name.to_uppercase())).await;
    let page = f.page(&f.boss).await;
    let names = page.attrs(&format!("#msg-{message} .mention"), "data-mentions");
    assert_eq!(names, [f.luz.id.to_string(), f.luz.id.to_string()]);
    assert!(f.boss.get("/me.css").await.text.contains(&format!("[data-mentions~=\"{}\"]", f.luz.id)));
    let stored: Vec<(Uuid,)> = app.db.all(sql!("select user_id from mention")).await.unwrap();
    assert_eq!(stored, [(f.luz.id.0,)], "once");
    f.edit(&f.hers, &message, "ya no").await;
    assert_eq!(app.db.one::<(i64,)>(sql!("select count(*) from mention")).await.unwrap().0, 0);
    let names = f.hers.get_partial(&format!("/chat/{}/names", f.id)).await;
    assert_eq!(names.attrs("[role=option]", "data-name"), std::slice::from_ref(&f.luz.name), "oneself is not offered");
    assert_eq!(f.stranger.get_partial(&format!("/chat/{}/names", f.id)).await.status, 404);
});

one_db!(what_hangs_on_a_message_is_text, |app| {
    let own = app.campaign(Module::Core).await;
    let evil = "<img src=x onerror=alert(1)>\"'&";
    let ana = app.user("ana").last_name(evil).campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let (hers, boss) = (app.sign_in(&ana).await, app.sign_in(&luz).await);
    let id = talk::open(&boss, &ana).await;
    let (message, _) = talk::say(&hers, &id, evil).await;
    let form =
        [("id", &*Uuid::now_v7().to_string()), ("body", &*format!("@{} {evil}", ana.name)), ("quoted_id", &*message)]
            .map(|(name, value)| (name, value.to_owned()));
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = boss.post_htmx(&format!("/chat/{id}/messages"), &form).await;
    hers.post_htmx(&format!("/chat/{id}/messages/{message}/reactions"), &[("kind", "wow")]).await;
    hers.post_htmx(&format!("/chat/{id}/messages/{message}"), &[("body", &format!("{evil} 2"))]).await;
    talk::read(&hers, &id, 2).await;
    for path in [format!("/chat/{id}"), format!("/chat/{id}/messages/{message}"), "/chat".into()] {
        let page = boss.get(&path).await;
        assert_eq!(page.count("img[src=x]") + page.count("[onerror]"), 0, "{path}");
    }
    let page = boss.get(&format!("/chat/{id}")).await;
    assert_eq!(page.texts(".mention"), [format!("@{}", ana.name)], "{}", sent.text);
    assert_eq!(page.texts(".msgs .msg-quote-line"), [format!("{evil} 2")]);
    let names = boss.get_partial(&format!("/chat/{id}/names")).await;
    assert_eq!((names.count("img"), names.attrs("li", "data-name")), (0, vec![ana.name.clone()]));
    let events: Vec<(String,)> =
        app.db.all(sql!("select html_es from events where html_es is not null")).await.unwrap();
    assert!(events.iter().all(|(html,)| !html.contains("<img src=x")), "the events are escaped too");
});

both_dbs!(the_sender_of_the_last_message_learns_who_has_read_it, |app| {
    let f = two(&app).await;
    f.say("¿Me lee?").await;
    let seen = |page: &Answer| page.texts(".seen").join(" ");
    let sent = t(Locale::Es, "message.sent");
    assert_eq!(seen(&f.page(&f.hers).await), sent);
    app.clock.advance(Duration::minutes(3));
    talk::read(&f.boss, &f.id, 1).await;
    assert!(seen(&f.page(&f.hers).await).starts_with(t(Locale::Es, "message.read")), "with the time");
    assert_eq!(seen(&f.page(&f.boss).await), sent, "drawn as for everyone; /me.css shows it to its sender alone");
    f.answer("", "Sí").await;
    assert_eq!(f.page(&f.hers).await.attrs(".seen", "data-sender"), [f.luz.id.to_string()]);
    assert_eq!(seen(&f.page(&f.boss).await), sent, "the last one counts");
});

both_dbs!(changing_too_much_within_a_minute_is_refused, |app| {
    let f = two(&app).await;
    let message = f.say("0").await;
    for n in 1..=20 {
        assert_eq!(f.edit(&f.hers, &message, &n.to_string()).await.status, 204);
    }
    let refused = f.edit(&f.hers, &message, "21").await;
    assert!(refused.status == 429 && says(&refused, "chat.error.rate_edits"), "{}", refused.text);
    assert_eq!(f.edit(&f.hers, &message, "20").await.status, 204, "what changes nothing is no change");
    app.clock.advance(Duration::seconds(61));
    assert_eq!(f.edit(&f.hers, &message, "21").await.status, 204);
    let mut messages = Vec::new();
    for n in 0..3 {
        messages.push(f.say(&n.to_string()).await);
    }
    let kinds = views::chat::REACTIONS.map(|(kind, _)| kind);
    let all: Vec<_> = messages.iter().flat_map(|m| kinds.map(|kind| (m, kind))).collect();
    for (message, kind) in &all[..20] {
        assert_eq!(f.react(&f.boss, message, kind).await.status, 204);
    }
    let refused = f.react(&f.boss, all[20].0, all[20].1).await;
    assert!(refused.status == 429 && says(&refused, "chat.error.rate_reactions"), "{}", refused.text);
    assert_eq!(f.react(&f.boss, all[0].0, all[0].1).await.status, 429, "nor is one taken back");
    app.clock.advance(Duration::seconds(61));
    assert_eq!(f.react(&f.boss, all[0].0, all[0].1).await.status, 204);
});

one_db!(without_scripts_a_message_has_a_page_with_all_that_one_may_do, |app| {
    let f = two(&app).await;
    let message = f.say("hola").await;
    let link = f.page(&f.hers).await.attrs(&format!("#msg-{message} a.msg-more"), "href");
    let forms = async |who: &Client| who.get(&link[0]).await.attrs(".message-page form", "action");
    let all = [
        f.path(&message, "/reactions"),
        format!("/chat/{}/messages", f.id),
        f.path(&message, ""),
        f.path(&message, "/delete"),
    ];
    assert_eq!(forms(&f.hers).await, all);
    assert_eq!(forms(&f.boss).await, all[..2], "another's is neither edited nor deleted");
    assert_eq!(f.stranger.get(&link[0]).await.status, 404);
    app.clock.advance(Duration::minutes(6));
    assert_eq!(forms(&f.hers).await, [all[0].clone(), all[1].clone(), all[3].clone()], "no longer edited");
    let deleted = f.hers.post(&all[3], &[]).await;
    assert_eq!(deleted.status, 303);
    assert!(forms(&f.hers).await.is_empty());
});
