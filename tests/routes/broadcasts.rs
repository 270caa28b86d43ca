//! Mass messages by their forms: who may, what is kept, what is foreign.

use chrono::Duration;
use crea::{
    app::App,
    auth::{Module, Role},
    db::statements::{StatementCount, counted},
    features::broadcasts::run_once,
    sql,
};
use uuid::Uuid;
use views::text::{Locale, t};

use crate::harness::{Campaign, Client, TestApp, User, both_dbs, one_db};

/// A supervisor with a browser, two agents, and their campaign.
struct Floor {
    app: App,
    own: Campaign,
    boss: Client,
    ana: User,
    eva: User,
}

async fn floor(app: &TestApp) -> Floor {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let eva = app.user("eva").campaign(&own).insert().await;
    Floor { app: App::clone(app), boss: app.sign_in(&luz).await, own, ana, eva }
}

impl Floor {
    /// Sends to the agents of the campaign; where the answer leads.
    async fn send(&self, importance: &str, body: &str) -> String {
        let (key, campaign) = (Uuid::now_v7().to_string(), self.own.id.to_string());
        let form =
            [("key", &*key), ("body", body), ("importance", importance), ("campaign", &campaign), ("role", "asesor")];
        let answer = self.boss.post("/broadcasts", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(run_once(&self.app).await.unwrap(), 1, "it goes out at once");
        answer.location().trim_start_matches("/broadcasts/").to_owned()
    }
}

one_db!(the_form_says_whom_it_reaches_and_asks_again_before_sending, |app| {
    let floor = floor(&app).await;
    let page = floor.boss.get("/broadcasts/new").await;
    assert_eq!(
        page.attrs("input[name=campaign][checked]", "value"),
        [floor.own.id.to_string()],
        "the only one is chosen"
    );
    assert_eq!(page.attrs("input[name=role]", "value"), ["asesor", "backoffice"]);
    assert_eq!(page.count("input[name=everyone]"), 0);
    let key = page.attrs("input[name=key]", "value").remove(0);
    let campaign = floor.own.id.to_string();
    let form =
        [("key", &*key), ("body", "Hola"), ("importance", "critical"), ("campaign", &campaign), ("role", "asesor")];
    let preview = floor.boss.post_htmx("/broadcasts/preview", &form).await;
    assert!(
        preview.text.contains("Se enviará a 2 usuarios") && preview.text.contains(&floor.ana.name),
        "{}",
        preview.text
    );
    let review = floor.boss.post("/broadcasts/review", &form).await;
    assert_eq!(review.status, 200);
    assert_eq!(review.attrs("form[action='/broadcasts'] input[name=key]", "value"), std::slice::from_ref(&key));
    assert_eq!(app.db.one::<(i64,)>(sql!("select count(*) from broadcast")).await.unwrap().0, 0, "nothing is sent yet");
    let sent = floor.boss.post("/broadcasts", &form).await;
    let again = floor.boss.post("/broadcasts", &form).await;
    assert_eq!((sent.status.as_u16(), sent.location()), (303, again.location()), "a repeated form stores once");
    let edited = [form[0], ("body", "Otra cosa"), form[2], form[3], form[4]];
    assert_eq!(floor.boss.post("/broadcasts", &edited).await.status, 409);
    let waits = floor.boss.get(sent.location()).await;
    assert!(waits.text.contains(t(Locale::Es, "broadcasts.sending")), "{}", waits.text);
    assert_eq!(waits.count("form[action$='/cancel']"), 0, "what goes out now is not taken back");
    assert_eq!(run_once(&app).await.unwrap(), 1);
    assert!(!floor.boss.get(sent.location()).await.text.contains(t(Locale::Es, "broadcasts.sending")));
});

one_db!(what_is_refused_keeps_everything_that_was_typed, |app| {
    let floor = floor(&app).await;
    let (key, ana) = (Uuid::now_v7().to_string(), floor.ana.id.to_string());
    let form = [
        ("key", &*key),
        ("body", " "),
        ("importance", "important"),
        ("role", "backoffice"),
        ("person", &ana),
        ("due", "2020-01-01T08:00"),
        ("expires", "mañana"),
        ("asks", "1"),
    ];
    for path in ["/broadcasts/review", "/broadcasts"] {
        let page = floor.boss.post(path, &form).await;
        assert_eq!(page.status, 422);
        for text in ["broadcasts.error.empty", "broadcasts.error.due", "broadcasts.error.expires"] {
            assert!(page.text.contains(t(Locale::Es, text)), "{path}: {text}");
        }
        assert_eq!(page.attrs("input[name=due]", "value"), ["2020-01-01T08:00"]);
        assert_eq!(page.attrs("input[name=importance][checked]", "value"), ["important"]);
        assert_eq!(page.attrs("input[name=role][checked]", "value"), ["backoffice"]);
        assert_eq!(page.attrs("input[name=person][checked]", "value"), std::slice::from_ref(&ana));
        assert_eq!(page.attrs("input[name=key]", "value"), std::slice::from_ref(&key));
        assert_eq!(page.count("input[name=asks][checked]"), 1);
    }
    let search = [form[0], ("body", "Hola"), ("q", "eva"), ("step", "search"), ("person", &ana)];
    let found = floor.boss.post("/broadcasts/review", &search).await;
    assert_eq!(found.attrs("input[name=person]", "value"), [ana, floor.eva.id.to_string()], "works without scripts");
});

both_dbs!(who_is_no_recipient_finds_nothing_and_recipients_see_no_roll_call, |app| {
    let floor = floor(&app).await;
    let id = floor.send("critical", "Solo para ustedes").await;
    let hers = app.sign_in(&floor.ana).await;
    let other = app.campaign(Module::Core).await;
    let teo = app.user("teo").campaign(&other).insert().await;
    let rival = app.user("rival").role(Role::Supervisor).campaign(&other).insert().await;
    let card = hers.get(&format!("/chat/{id}")).await;
    assert!(card.status == 200 && card.text.contains("Solo para ustedes"), "{}", card.text);
    assert!(!card.text.contains(&floor.eva.name), "recipients do not see each other");
    assert_eq!(hers.get(&format!("/broadcasts/{id}")).await.status, 403);
    assert_eq!(
        hers.post(&format!("/chat/{id}/messages"), &[("id", &Uuid::now_v7().to_string()), ("body", "x")]).await.status,
        422
    );
    for stranger in [app.sign_in(&teo).await, app.sign_in(&rival).await, floor.boss.clone()] {
        assert_eq!(stranger.get(&format!("/chat/{id}")).await.status, 404, "a foreign copy");
        for act in ["confirm", "reply"] {
            assert_eq!(stranger.post(&format!("/broadcasts/{id}/{act}"), &[]).await.status, 404);
        }
    }
    let rival = app.sign_in(&rival).await;
    for act in ["", "/export"] {
        assert_eq!(rival.get(&format!("/broadcasts/{id}{act}")).await.status, 404, "a foreign roll-call");
    }
    for act in ["remind", "cancel"] {
        assert_eq!(rival.post(&format!("/broadcasts/{id}/{act}"), &[]).await.status, 404);
    }
    let zoe = app.user("zoe").role(Role::Administrador).insert().await;
    let page = app.sign_in(&zoe).await.get(&format!("/broadcasts/{id}")).await;
    assert!(page.status == 200 && page.text.contains(&floor.eva.name), "administrators see every roll-call");
});

one_db!(a_recipient_can_neither_mark_nor_change_nor_quote_it, |app| {
    let floor = floor(&app).await;
    let id = floor.send("normal", "Mañana hay simulacro").await;
    let message = sql!("select id from message where conversation_id = $1", Uuid::parse_str(&id).unwrap());
    let (message,): (Uuid,) = app.db.one(message).await.unwrap();
    let hers = app.sign_in(&floor.ana).await;
    let path = format!("/chat/{id}/messages/{message}");
    for client in [&hers, &floor.boss] {
        assert_eq!(client.get(&path).await.status, 404, "it has no menu");
        assert_eq!(client.post(&path, &[("body", "Otra cosa")]).await.status, 404);
        assert_eq!(client.post(&format!("{path}/delete"), &[]).await.status, 404);
        assert_eq!(client.post(&format!("{path}/reactions"), &[("kind", "like")]).await.status, 404);
    }
    let reply = hers.post(&format!("/broadcasts/{id}/reply"), &[]).await;
    let (key, quoted) = (Uuid::now_v7().to_string(), message.to_string());
    let form = [("id", &*key), ("body", "Enterada"), ("quoted_id", &*quoted)];
    let answer = hers.post(&format!("{}/messages", reply.location()), &form).await;
    assert_eq!(answer.status, 422, "nor is it quoted where the sender is answered");
    assert!(hers.get(&format!("/chat/{id}")).await.text.contains("Mañana hay simulacro"));
});

both_dbs!(confirming_counts_and_answering_opens_the_direct_conversation, |app| {
    let floor = floor(&app).await;
    let id = floor.send("critical", "Confirmen").await;
    let hers = app.sign_in(&floor.ana).await;
    let home = hers.get("/").await;
    assert_eq!(home.count(&format!("#critical #crit-{id}")), 1, "who signs in later gets it");
    assert_eq!(home.attrs("#critical", "data-unreceived"), std::slice::from_ref(&id));
    for _ in 0..2 {
        let answer = hers.post(&format!("/broadcasts/{id}/confirm"), &[]).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, &*format!("/chat/{id}")));
    }
    let home = hers.get("/").await;
    assert_eq!((home.count("#critical article"), home.attrs("#unread-total", "data-count")), (0, vec!["0".to_owned()]));
    let tab = |name: &'static str| {
        let (boss, path) = (floor.boss.clone(), format!("/broadcasts/{id}?tab={name}"));
        async move { boss.get(&path).await.texts(".roll-call-rows strong") }
    };
    assert_eq!(tab("confirmed").await, std::slice::from_ref(&floor.ana.name));
    assert_eq!(tab("pending").await, std::slice::from_ref(&floor.eva.name));
    let reply = hers.post(&format!("/broadcasts/{id}/reply"), &[]).await;
    let talk = reply.location().trim_start_matches("/chat/").to_owned();
    let said = crate::harness::talk::say(&hers, &talk, "Recibido").await.1;
    assert_eq!(said.status, 200, "{}", said.text);
});

one_db!(who_was_written_to_from_out_of_reach_may_answer, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let zoe = app.user("zoe").role(Role::Administrador).campaign(&other).insert().await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let (boss, hers) = (app.sign_in(&zoe).await, app.sign_in(&ana).await);
    assert_eq!(hers.post("/chat/direct", &[("user_id", &zoe.id.to_string())]).await.status, 404);
    let (key, campaign) = (Uuid::now_v7().to_string(), own.id.to_string());
    let form = [("key", &*key), ("body", "Hola"), ("campaign", &campaign), ("role", "asesor")];
    let sent = boss.post("/broadcasts", &form).await;
    run_once(&app).await.unwrap();
    let id = sent.location().trim_start_matches("/broadcasts/").to_owned();
    let reply = hers.post(&format!("/broadcasts/{id}/reply"), &[]).await;
    let talk = reply.location().trim_start_matches("/chat/").to_owned();
    assert_eq!(crate::harness::talk::say(&hers, &talk, "Hola").await.1.status, 200);
});

both_dbs!(a_reminder_goes_out_once_in_five_minutes_and_is_audited_like_an_export, |app| {
    let floor = floor(&app).await;
    let id = floor.send("critical", "Confirmen").await;
    let path = format!("/broadcasts/{id}/remind");
    assert_eq!(floor.boss.post(&path, &[]).await.status, 303);
    let refused = floor.boss.post(&path, &[]).await;
    assert_eq!(refused.status, 429);
    assert!(refused.text.contains(t(Locale::Es, "broadcasts.error.again")), "{}", refused.text);
    app.clock.advance(Duration::minutes(5));
    assert_eq!(floor.boss.post(&path, &[]).await.status, 303);
    let export = floor.boss.get(&format!("/broadcasts/{id}/export")).await;
    assert_eq!(export.status, 200);
    assert!(
        export.header("content-type").contains("spreadsheetml")
            && export.header("content-disposition").contains(".xlsx")
    );
    let audited: Vec<(String,)> =
        app.db.all(sql!("select action from audit_log where entity = 'broadcast' order by at, id")).await.unwrap();
    let actions: Vec<&str> = audited.iter().map(|(action,)| action.as_str()).collect();
    assert_eq!(
        actions,
        ["broadcast.send", "broadcast.publish", "broadcast.remind", "broadcast.remind", "broadcast.export"]
    );
    app.clock.advance(Duration::hours(-1));
    assert_eq!(floor.boss.post(&path, &[]).await.status, 303, "a clock that was ahead holds up no reminder");
    assert_eq!(floor.boss.post(&path, &[]).await.status, 429);
});

one_db!(a_scheduled_one_is_listed_and_can_be_taken_back, |app| {
    let floor = floor(&app).await;
    let (key, campaign) = (Uuid::now_v7().to_string(), floor.own.id.to_string());
    let form = [
        ("key", &*key),
        ("body", "Más tarde"),
        ("campaign", &campaign),
        ("role", "asesor"),
        ("due", "2026-11-22T12:00"),
    ];
    let sent = floor.boss.post("/broadcasts", &form).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let id = sent.location().trim_start_matches("/broadcasts/").to_owned();
    let list = floor.boss.get("/broadcasts?state=scheduled").await;
    assert!(list.text.contains("Más tarde") && list.text.contains("12:00"), "in the zone of the form");
    assert_eq!(floor.boss.get("/broadcasts").await.count(".mass-row"), 0);
    assert_eq!(floor.boss.post(&format!("/broadcasts/{id}/cancel"), &[]).await.status, 303);
    app.clock.advance(Duration::hours(5));
    assert_eq!(run_once(&app).await.unwrap(), 0);
    let hers = app.sign_in(&floor.ana).await;
    assert_eq!(hers.get(&format!("/chat/{id}")).await.status, 404);
});

both_dbs!(pages_of_mass_messages_take_a_fixed_number_of_statements, |app| {
    let floor = floor(&app).await;
    let id = floor.send("normal", "Uno").await;
    let paths = ["/broadcasts".to_owned(), format!("/broadcasts/{id}"), "/broadcasts/new".to_owned()];
    let mut before = Vec::new();
    for path in &paths {
        before.push(floor.boss.get(path).await.statements);
    }
    let own = &floor.own;
    for _ in 0..30 {
        app.user("agent").campaign(own).insert().await;
    }
    for _ in 0..4 {
        floor.send("critical", "Otro").await;
    }
    for (path, before) in paths.iter().zip(before) {
        let now = floor.boss.get(path).await.statements;
        println!("{path}: {now} statements");
        assert_eq!(now, before, "{path}");
    }
});

both_dbs!(sending_takes_as_many_statements_to_two_as_to_forty, |app| {
    let floor = floor(&app).await;
    let send = || async {
        let (key, campaign) = (Uuid::now_v7().to_string(), floor.own.id.to_string());
        let form = [
            ("key", &*key),
            ("body", "Hola"),
            ("importance", "critical"),
            ("campaign", &*campaign),
            ("role", "asesor"),
        ];
        let answer = floor.boss.post("/broadcasts", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let (published, StatementCount(statements)) = counted(run_once(&app)).await;
        assert_eq!(published.unwrap(), 1);
        (answer.statements, statements)
    };
    let few = send().await;
    for _ in 0..38 {
        app.user("agent").campaign(&floor.own).insert().await;
    }
    let many = send().await;
    println!("a mass message: {many:?} statements to take it and to publish it");
    assert_eq!(few, many);
    assert!(many.0 <= 12 && many.1 <= 16, "{many:?}");
});
