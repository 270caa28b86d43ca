//! Who may write to whom, and whose conversations one may open (domain: chat, sections 3.1 and 6).

use axum::http::Method;
use crea::{
    auth::{Module, Role},
    sql,
};
use uuid::Uuid;
use views::text::{Locale, t};

use crate::harness::{TestApp, User, both_dbs, one_db, talk};

async fn count(app: &TestApp, table: &str) -> i64 {
    let sql = match table {
        "conversation" => sql!("select count(*) from conversation"),
        "message" => sql!("select count(*) from message"),
        _ => sql!("select count(*) from events"),
    };
    app.db.one::<(i64,)>(sql).await.unwrap().0
}

async fn direct(app: &TestApp, from: &User, to: &str) -> u16 {
    app.sign_in(from).await.post("/chat/direct", &[("user_id", to)]).await.status.as_u16()
}

both_dbs!(each_role_opens_conversations_with_whom_the_table_names, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let mut near = Vec::new();
    let mut far = Vec::new();
    for role in Role::ALL {
        near.push(app.user("near").role(role).campaign(&own).insert().await);
        far.push(app.user("far").role(role).campaign(&other).insert().await);
    }
    // asesor, backoffice, supervisor, calidad, administrador: in the same campaign, and in another one.
    let table = [
        (Role::Asesor, [false, true, true, false, true], [false; 5]),
        (Role::Backoffice, [true, false, true, false, true], [false; 5]),
        (Role::Supervisor, [true; 5], [false, false, true, false, true]),
        (Role::Calidad, [false, false, true, false, true], [false, false, true, false, true]),
        (Role::Administrador, [true; 5], [true; 5]),
    ];
    for (role, in_same, in_other) in table {
        let sender = app.user("sender").role(role).campaign(&own).insert().await;
        let browser = app.sign_in(&sender).await;
        let listed = browser.get("/chat/new").await.attrs("[name=user_id]", "value");
        for (people, row) in [(&near, in_same), (&far, in_other)] {
            for (person, may) in people.iter().zip(row) {
                let before = count(&app, "conversation").await;
                let answer = browser.post("/chat/direct", &[("user_id", &person.id.to_string())]).await;
                let expected = if may { 303 } else { 404 };
                let why = format!("{role:?} → {} {:?}", person.name, person.role);
                assert_eq!(answer.status.as_u16(), expected, "{why}");
                assert_eq!(count(&app, "conversation").await - before, i64::from(may), "{why}");
                assert_eq!(listed.contains(&person.id.to_string()), may, "the list agrees: {why}");
            }
        }
    }
});

both_dbs!(an_agent_does_not_reach_an_agent_of_another_campaign_and_nothing_is_stored, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Telefonica).await);
    let ana = app.user("ana").campaign(&own).insert().await;
    let luis = app.user("luis").campaign(&other).insert().await;
    let boss = app.user("boss").role(Role::Supervisor).campaign(&other).insert().await;
    assert_eq!(direct(&app, &boss, &luis.id.to_string()).await, 303, "somebody reaches him");
    let before = (count(&app, "conversation").await, count(&app, "events").await);
    assert_eq!(direct(&app, &ana, &luis.id.to_string()).await, 404);
    assert_eq!((count(&app, "conversation").await, count(&app, "events").await), before);
});

one_db!(strangers_closed_accounts_and_oneself_look_the_same, |app| {
    let own = app.campaign(Module::Core).await;
    let zoe = app.user("zoe").role(Role::Administrador).insert().await;
    let gone = app.user("gone").campaign(&own).inactive().insert().await;
    for (to, why) in [
        (Uuid::now_v7().to_string(), "nobody"),
        (gone.id.to_string(), "a closed account"),
        (zoe.id.to_string(), "oneself"),
    ] {
        assert_eq!(direct(&app, &zoe, &to).await, 404, "{why}");
    }
    assert_eq!(count(&app, "conversation").await, 0);
    assert_eq!(direct(&app, &zoe, "no id").await, 400);
});

one_db!(the_conversation_of_others_is_nowhere, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let (hers, boss) = (app.sign_in(&ana).await, app.sign_in(&luz).await);
    let id = talk::open(&hers, &luz).await;
    talk::say(&hers, &id, "entre nosotras").await;
    let zoe = app.user("zoe").role(Role::Administrador).campaign(&own).superuser().insert().await;
    let outsider = app.sign_in(&zoe).await;
    let message = Uuid::now_v7().to_string();
    let form = [("id", &*message), ("body", "hola"), ("number", "1")];
    let paths = [
        (Method::GET, format!("/chat/{id}")),
        (Method::GET, format!("/chat/{id}/messages?before=9")),
        (Method::POST, format!("/chat/{id}/messages")),
        (Method::POST, format!("/chat/{id}/read")),
    ];
    for (method, path) in paths {
        let kind = [("hx-request-type", "partial"), ("sec-fetch-site", "same-origin")];
        let refused = outsider.send(method.clone(), &path, &kind, &form).await;
        assert_eq!(refused.status, 404, "{method} {path}");
        assert!(!refused.text.contains("entre nosotras"));
        let seen = boss.send(method.clone(), &path, &kind, &form).await;
        assert!(seen.status.is_success(), "{method} {path} as a participant: {}", seen.status);
    }
    assert_eq!(count(&app, "message").await, 2, "the participant's alone was stored");
    assert!(boss.get("/chat").await.text.contains("hola"));
    assert!(!outsider.get("/chat").await.text.contains("hola"), "nor in the list");
});

one_db!(who_was_written_to_may_answer_beyond_the_table, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let ana = app.user("ana").campaign(&own).insert().await;
    let zoe = app.user("zoe").role(Role::Administrador).campaign(&other).insert().await;
    let (hers, admin) = (app.sign_in(&ana).await, app.sign_in(&zoe).await);
    let id = talk::open(&admin, &ana).await;
    let early = talk::say(&hers, &id, "¿hola?").await.1;
    assert_eq!(early.status, 422, "opened, but not written to yet");
    assert!(early.text.contains(t(Locale::Es, "chat.error.not_allowed")), "{}", early.text);
    assert_eq!(talk::say(&admin, &id, "hola").await.1.status, 200);
    assert_eq!(talk::say(&hers, &id, "hola").await.1.status, 200);
    assert_eq!(hers.get(&format!("/chat/{id}")).await.count("form.composer"), 1);
});

one_db!(a_conversation_with_a_closed_account_can_be_read_and_not_continued, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let hers = app.sign_in(&ana).await;
    let id = talk::open(&hers, &luz).await;
    assert_eq!(talk::say(&hers, &id, "hola").await.1.status, 200);
    app.db.exec(sql!("update app_user set is_active = false where id = $1", luz.id)).await.unwrap();
    assert_eq!(talk::say(&hers, &id, "¿sigue?").await.1.status, 422);
    let page = hers.get(&format!("/chat/{id}")).await;
    assert!(page.text.contains("hola") && page.text.contains(t(Locale::Es, "chat.closed")));
    assert_eq!(page.count("form.composer"), 0);
    assert_eq!(count(&app, "message").await, 1);
});

one_db!(an_agent_who_left_the_campaign_no_longer_writes_first, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let hers = app.sign_in(&ana).await;
    let id = talk::open(&hers, &luz).await;
    assert_eq!(talk::say(&hers, &id, "hola").await.1.status, 200);
    app.db.exec(sql!("delete from membership where user_id = $1", ana.id)).await.unwrap();
    assert_eq!(talk::say(&hers, &id, "otra vez").await.1.status, 422, "nobody answered her yet");
});

one_db!(the_search_finds_whom_one_may_write_to_and_nobody_else, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let ana = app.user("ana").campaign(&own).insert().await;
    app.user("Luz").last_name("Peña").role(Role::Supervisor).campaign(&own).insert().await;
    app.user("Lucas").last_name("Peña").role(Role::Supervisor).campaign(&other).insert().await;
    let hers = app.sign_in(&ana).await;
    let zoe = app.user("zoe").role(Role::Administrador).insert().await;
    let admin = app.sign_in(&zoe).await;
    let everyone = admin.get_partial("/search?q=pena").await;
    assert!(everyone.text.contains("Luz Peña") && everyone.text.contains("Lucas Peña"));
    for path in ["/search?q=pena", "/chat/new?q=pena"] {
        let found = hers.get_partial(path).await;
        assert!(!found.text.contains("<html"), "a fragment");
        assert!(found.text.contains("Luz Peña") && !found.text.contains("Lucas"), "{path}: {}", found.text);
        let page = hers.get(path).await;
        assert!(
            page.text.contains("<html") && page.text.contains("Luz Peña") && !page.text.contains("Lucas"),
            "{path}"
        );
    }
    assert_eq!(hers.get("/search?q=%3Cscript%3E").await.count("script:not([src])"), 0, "what was typed is text");
});
