//! The page that shows how the live engine does: every instance's tile moves while somebody looks.

use crea::{
    auth::Role,
    features::live_status::{FEED, keep},
};

use crate::{
    harness::{TestApp, eventually, one_db, with_redis},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{pair, person},
};

const PAGE: &str = "/live-status";

/// Starts an instance with its feed.
async fn serving(app: &TestApp) -> Server {
    tokio::spawn(keep(app.app.clone()));
    Server::start(app).await
}

/// A figure of an instance's tile: the number after its name.
fn figure(tab: &Tab, server: &Server, name: &str) -> Option<String> {
    let tile = tab.document.by_id(&format!("instance-{}", server.app.live.instance()))?;
    let pair = tile.find(&|e| e.name == "div" && e.elements().next().is_some_and(|dt| dt.text() == name))?;
    pair.elements().nth(1).map(|dd| dd.text().trim().to_owned())
}

with_redis!(an_administrator_sees_every_instance_move, |app| {
    let other = app.second_instance().await;
    let (here, there) = (serving(&app).await, serving(&other).await);
    let (ana, luis, campaign) = pair(&app).await;
    let raul = person(&app, "raul", Role::Administrador, &campaign).await;
    let mut tab = Tab::open(&here, &raul.client, PAGE).await;
    tab.until("the other instance's tile is there", |tab| {
        figure(tab, &there, "Conexiones").is_some_and(|sockets| sockets == "0")
    })
    .await;
    let mut agent = Tab::open(&there, &ana.client, "/chat").await;
    tab.until("its connections are counted", |tab| figure(tab, &there, "Conexiones").unwrap() == "1").await;
    let talk = luis.talk_to(&ana).await;
    luis.write(talk, "hola").await;
    tab.until("what was written is timed", |tab| figure(tab, &there, "Retraso").unwrap().ends_with("ms")).await;
    tab.until("Redis is up", |tab| tab.frames.iter().any(|frame| frame.contains("Redis conectado"))).await;
    assert_eq!(tab.difference(Dots::Ignored).await, None);
    agent.drain().await;
    assert!(!agent.was_sent("data-tile"), "an agent's chat shows no figures");
});

one_db!(nobody_but_administrators_hears_the_feed_and_nobody_is_counted_for_when_nobody_looks, |app| {
    let server = serving(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let raul = person(&app, "raul", Role::Administrador, &campaign).await;
    let mut forged = Vec::new();
    for client in [&ana.client, &luis.client] {
        assert_eq!(client.get(PAGE).await.status, 403);
        let mut tab = Tab::load(&server, client, "/chat").await;
        tab.forge(&format!("tray:{FEED}"));
        tab.connect(&server).await;
        forged.push(tab);
    }
    assert!(!app.live.hub().meters.is_looked_at());
    let mut tab = Tab::open(&server, &raul.client, PAGE).await;
    tab.until("it moves", |tab| tab.was_sent("data-tile")).await;
    for mut tab in forged {
        tab.drain().await;
        assert!(!tab.was_sent("data-tile"));
    }
    tab.navigate("/chat").await;
    eventually("nobody looks any more", || async { (!app.live.hub().meters.is_looked_at()).then_some(()) }).await;
});
