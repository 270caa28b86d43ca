//! Mass messages on screens: who gets them and who must not, late and early, on one instance and on two.

use chrono::Duration;
use crea::{
    app::App,
    auth::{Module, Role},
    features::broadcasts::run_once,
    sql,
};
use uuid::Uuid;

use crate::{
    harness::{TestApp, both_dbs, eventually, with_redis},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{Person, mark, person},
};

/// A supervisor, two agents of the campaign, an agent of another.
struct Floor {
    app: App,
    campaign: crate::harness::Campaign,
    luz: Person,
    ana: Person,
    eva: Person,
    teo: Person,
}

async fn floor(app: &TestApp) -> Floor {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    Floor {
        app: App::clone(app),
        luz: person(app, "luz", Role::Supervisor, &own).await,
        ana: person(app, "ana", Role::Asesor, &own).await,
        eva: person(app, "eva", Role::Asesor, &own).await,
        teo: person(app, "teo", Role::Asesor, &other).await,
        campaign: own,
    }
}

impl Floor {
    async fn send(&self, importance: &str, body: &str, more: &[(&str, &str)]) -> Uuid {
        let (key, campaign) = (Uuid::now_v7().to_string(), self.campaign.id.to_string());
        let mut form = vec![
            ("key", &*key),
            ("body", body),
            ("importance", importance),
            ("campaign", &campaign),
            ("role", "asesor"),
        ];
        form.extend(more);
        let answer = self.luz.client.post("/broadcasts", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        run_once(&self.app).await.unwrap();
        answer.location().trim_start_matches("/broadcasts/").parse().unwrap()
    }
}

fn waits(tab: &Tab, id: Uuid) -> bool {
    tab.document.by_id(&format!("crit-{id}")).is_some()
}

/// Every tab equals a fresh page once all that happened is delivered.
async fn all_equal(app: &TestApp, tabs: &mut [&mut Tab]) {
    let head = mark(app).await;
    for tab in tabs {
        tab.until_seq(head).await;
        assert_eq!(tab.difference(Dots::Ignored).await, None, "{}", tab.path);
    }
}

both_dbs!(recipients_get_it_at_once_with_their_count_and_nobody_else_does, |app| {
    let floor = floor(&app).await;
    let server = Server::start(&app).await;
    let mut ana = Tab::open(&server, &floor.ana.client, "/").await;
    let mut list = Tab::open(&server, &floor.ana.client, "/chat").await;
    let mut teo = Tab::open(&server, &floor.teo.client, "/").await;
    let mut luz = Tab::open(&server, &floor.luz.client, "/").await;
    let id = floor.send("critical", "Evacúen el piso", &[]).await;
    for tab in [&mut ana, &mut list] {
        tab.until("the card and the count", |tab| waits(tab, id) && tab.count("unread-total") == Some(1)).await;
        assert_eq!(tab.count(&format!("du-{id}")), Some(1));
    }
    all_equal(&app, &mut [&mut ana, &mut list, &mut teo, &mut luz]).await;
    for other in [&teo, &luz] {
        assert!(!other.was_sent("Evacúen") && other.count("unread-total") == Some(0), "{}", other.path);
    }
    assert!(!ana.was_sent(&floor.eva.user.name), "recipients do not see each other");
});

both_dbs!(confirming_in_one_tab_clears_all_own_tabs_and_no_other, |app| {
    let floor = floor(&app).await;
    let server = Server::start(&app).await;
    let id = floor.send("critical", "Confirmen", &[]).await;
    let mut one = Tab::open(&server, &floor.ana.client, "/").await;
    let mut card = Tab::open(&server, &floor.ana.client, &format!("/chat/{id}")).await;
    let mut eva = Tab::open(&server, &floor.eva.client, "/").await;
    assert!(waits(&one, id) && waits(&eva, id), "who signs in later still gets it");
    let answer = floor.ana.client.post_htmx(&format!("/broadcasts/{id}/confirm"), &[]).await;
    assert_eq!(answer.status, 200);
    for tab in [&mut one, &mut card] {
        tab.until("the card goes", |tab| !waits(tab, id) && tab.count("unread-total") == Some(0)).await;
    }
    all_equal(&app, &mut [&mut one, &mut card, &mut eva]).await;
    assert!(waits(&eva, id));
});

both_dbs!(the_roll_call_moves_live_for_the_sender_alone, |app| {
    let floor = floor(&app).await;
    let server = Server::start(&app).await;
    let id = floor.send("critical", "Confirmen", &[]).await;
    let page = format!("/broadcasts/{id}");
    let mut board = Tab::open(&server, &floor.luz.client, &page).await;
    let mut sent = Tab::open(&server, &floor.luz.client, "/broadcasts").await;
    let mut ana = Tab::open(&server, &floor.ana.client, "/").await;
    ana.forge(&format!("board:{id}"));
    ana.disconnect();
    ana.connect(&server).await;
    ana.send(&serde_json::json!({ "received": [id, Uuid::now_v7()] }).to_string()).await;
    floor.teo.client.get("/").await;
    let figure = |tab: &Tab, words: &str| tab.document.by_id("roll-call").is_some_and(|e| e.text().contains(words));
    board.until("delivered to one", |tab| figure(tab, "1 entregado")).await;
    floor.ana.read(id, 1).await;
    board.until("read by one", |tab| figure(tab, "1 leído")).await;
    floor.eva.client.post_htmx(&format!("{page}/confirm"), &[]).await;
    board.until("confirmed by one", |tab| figure(tab, "1 confirmado") && figure(tab, "2 entregado")).await;
    all_equal(&app, &mut [&mut board, &mut sent, &mut ana]).await;
    assert!(!ana.was_sent("hx-changed"), "how far it got is not for recipients");
});

both_dbs!(what_a_stranger_claims_to_have_received_counts_nowhere, |app| {
    let floor = floor(&app).await;
    let server = Server::start(&app).await;
    let id = floor.send("normal", "Hola", &[]).await;
    let mut teo = Tab::open(&server, &floor.teo.client, "/").await;
    let mut ana = Tab::open(&server, &floor.ana.client, "/").await;
    for tab in [&mut teo, &mut ana] {
        tab.send(&serde_json::json!({ "received": [id] }).to_string()).await;
    }
    eventually("hers is counted", || async {
        let rows: Vec<(Uuid,)> = app
            .db
            .all(sql!("select user_id from participant where conversation_id = $1 and received_at is not null", id))
            .await
            .unwrap();
        (rows == [(floor.ana.user.id.0,)]).then_some(())
    })
    .await;
});

both_dbs!(at_its_end_the_card_goes_from_every_screen_and_a_reminder_rings_only_who_is_missing, |app| {
    let floor = floor(&app).await;
    let server = Server::start(&app).await;
    // Eleven in the morning in Bogotá, an hour from now.
    let id = floor.send("critical", "Hasta las once", &[("expires", "2026-11-22T11:00")]).await;
    floor.eva.client.post_htmx(&format!("/broadcasts/{id}/confirm"), &[]).await;
    let mut ana = Tab::open(&server, &floor.ana.client, "/").await;
    let mut card = Tab::open(&server, &floor.ana.client, &format!("/chat/{id}")).await;
    let mut eva = Tab::open(&server, &floor.eva.client, "/").await;
    assert_eq!(floor.luz.client.post(&format!("/broadcasts/{id}/remind"), &[]).await.status, 303);
    ana.until("a reminder", |tab| tab.rings == [id.to_string()]).await;
    let head = mark(&app).await;
    eva.until_seq(head).await;
    assert!(eva.rings.is_empty() && !eva.was_sent("Hasta las once"), "who confirmed is left in peace");
    app.clock.advance(Duration::hours(1));
    assert_eq!(run_once(&app).await.unwrap(), 1);
    ana.until("the card goes", |tab| !waits(tab, id)).await;
    all_equal(&app, &mut [&mut ana, &mut card, &mut eva]).await;
    let late = Tab::open(&server, &floor.ana.client, "/").await;
    assert!(!waits(&late, id), "a page draws none");
});

both_dbs!(who_was_away_when_it_came_has_it_after_coming_back, |app| {
    let floor = floor(&app).await;
    let server = Server::start(&app).await;
    let mut ana = Tab::open(&server, &floor.ana.client, "/chat").await;
    ana.disconnect();
    let id = floor.send("critical", "Mientras no estaba", &[]).await;
    ana.connect(&server).await;
    ana.until("it is there", |tab| waits(tab, id) && tab.count("unread-total") == Some(1)).await;
    all_equal(&app, &mut [&mut ana]).await;
});

with_redis!(a_scheduled_one_reaches_people_of_another_instance_once, |app| {
    let floor = floor(&app).await;
    let other = app.second_instance().await;
    let (server, far) = (Server::start(&app).await, Server::start(&other).await);
    let mut ana = Tab::open(&server, &floor.ana.client, "/").await;
    let mut eva = Tab::open(&far, &floor.eva.client, "/").await;
    let id = floor.send("critical", "A su hora", &[("due", "2026-11-22T10:30")]).await;
    app.clock.advance(Duration::minutes(31));
    let done = tokio::join!(run_once(&app), run_once(&other));
    assert_eq!(done.0.unwrap() + done.1.unwrap(), 1);
    for tab in [&mut ana, &mut eva] {
        tab.until("it arrives", |tab| waits(tab, id) && tab.count("unread-total") == Some(1)).await;
    }
    floor.eva.client.on(&other).post_htmx(&format!("/broadcasts/{id}/confirm"), &[]).await;
    eva.until("confirmed", |tab| !waits(tab, id)).await;
    all_equal(&app, &mut [&mut ana, &mut eva]).await;
});
