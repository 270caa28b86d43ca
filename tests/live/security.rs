//! What a live connection must not give: what was taken away meanwhile, what a cursor could bring back, and more
//! connections than a person or an address may hold.

use std::time::{Duration, Instant};

use crea::{
    auth::Role,
    features::people::rights_changed,
    live::{Topic, door::PER_USER},
    sql,
};
use futures_util::{StreamExt as _, future::join_all};

use crate::{
    harness::{TestApp, both_dbs, eventually, one_db},
    stream::Stream,
    tab::{Server, Tab, code_of_close, open_socket},
    talk::{Person, mark, pair, person},
};

/// A right that is taken away is gone from every screen within this time.
const SOON: Duration = Duration::from_secs(5);

/// Says a word to a topic.
async fn shout(app: &TestApp, topic: Topic, word: &str) {
    let mut tx = app.live.begin().await.unwrap();
    tx.append(topic, |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="delete" { (word) } });
    app.live.commit(tx).await.unwrap();
}

/// Two tabs of Ana, one per instance, one more that is away, and one of somebody who stays.
struct Screens {
    servers: [Server; 2],
    open: [Tab; 2],
    away: Tab,
    staying: Tab,
}

impl Screens {
    async fn new(app: &TestApp, ana: &Person, luis: &Person) -> Self {
        let servers = [Server::start(app).await, Server::start(&app.second_instance().await).await];
        let open = [Tab::open(&servers[0], &ana.client, "/").await, Tab::open(&servers[1], &ana.client, "/").await];
        let mut away = Tab::open(&servers[1], &ana.client, "/").await;
        away.disconnect();
        let staying = Tab::open(&servers[0], &luis.client, "/").await;
        Self { servers, open, away, staying }
    }

    /// Both open tabs end; none of them hears `topic` again, nor does the one that was away, whatever they ask for and
    /// from wherever they ask.
    async fn lose(&mut self, app: &TestApp, since: Instant, topic: Topic) {
        for tab in &mut self.open {
            assert_eq!(tab.until_closed().await, 4403);
        }
        assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
        shout(app, topic.clone(), "palabra de después").await;
        let [one, two] = &mut self.open;
        for tab in [one, two, &mut self.away] {
            tab.forge(&topic.to_string());
            tab.connect(&self.servers[0]).await;
        }
        shout(app, topic, "palabra del final").await;
        let head = mark(app).await;
        self.staying.until_seq(head).await;
        for word in ["palabra de antes", "palabra de después", "palabra del final"] {
            assert!(self.staying.was_sent(word), "who may hear it does: {word}");
        }
        for tab in self.open.iter_mut().chain([&mut self.away]) {
            tab.until_seq(head).await;
            assert!(!tab.was_sent("palabra de después") && !tab.was_sent("palabra del final"));
        }
        assert!(!self.away.was_sent("palabra de antes"), "a cursor does not bring back what may no longer be seen");
    }
}

both_dbs!(a_campaign_that_is_taken_away_is_gone_from_every_screen_and_no_cursor_brings_it_back, |app| {
    let (ana, luis, campaign) = pair(&app).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    let mut screens = Screens::new(&app, &ana, &luis).await;
    let topic = Topic::Campaign(campaign.id.0);
    shout(&app, topic.clone(), "palabra de antes").await;
    let head = mark(&app).await;
    for tab in &mut screens.open {
        tab.until_seq(head).await;
        assert!(tab.was_sent("palabra de antes"), "while she was a member she heard it");
    }
    let since = Instant::now();
    let path = format!("/campaigns/{}/members/removal", campaign.id);
    assert_eq!(boss.client.post(&path, &[("user", &ana.id())]).await.status, 303);
    screens.lose(&app, since, topic).await;
});

both_dbs!(a_role_that_is_taken_away_is_gone_from_every_screen_and_no_cursor_brings_it_back, |app| {
    let (_, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Supervisor, &campaign).await;
    let mut screens = Screens::new(&app, &eva, &luis).await;
    let topic = Topic::Role(campaign.id.0, Role::Supervisor);
    shout(&app, topic.clone(), "palabra de antes").await;
    let since = Instant::now();
    let mut tx = app.live.begin().await.unwrap();
    tx.exec(sql!("update app_user set role = $1 where id = $2", Role::Asesor, eva.user.id)).await.unwrap();
    rights_changed(&mut tx, &[eva.user.id]);
    app.live.commit(tx).await.unwrap();
    screens.lose(&app, since, topic).await;
});

one_db!(a_person_holds_so_many_sockets_and_the_next_is_refused_alone, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let cookie = ana.client.cookie();
    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    let dial = async || open_socket(server.address, "cursor=0", &headers).await.expect("accepted");
    let mut sockets = join_all((0..PER_USER).map(|_| dial())).await;
    for socket in &mut sockets {
        socket.next().await.unwrap().unwrap();
    }
    let since = Instant::now();
    assert_eq!(code_of_close(&mut dial().await).await, 4429);
    assert!(since.elapsed() < SOON);
    // An event stream is a connection like a socket.
    let mut stream = Stream::open(&app, &ana.client, "cursor=0", None).await;
    assert!(stream.next().await.unwrap().1.contains("retry=\"30000\""));
    assert_eq!(stream.next().await, None);
    let mut his = Tab::open(&server, &luis.client, "/").await;
    his.until_seq(mark(&app).await).await;
    sockets.pop();
    eventually("a place is free again", async || {
        let mut socket = dial().await;
        matches!(socket.next().await, Some(Ok(message)) if message.is_text()).then_some(())
    })
    .await;
});

one_db!(an_address_holds_so_many_sockets_and_another_address_its_own, |app| {
    let app = app
        .instance_with(|config| {
            config.sockets_per_address = 2;
            config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        })
        .await;
    let server = Server::start(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let dial = async |who: &Person, from: &str| {
        let cookie = who.client.cookie();
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin"), ("x-forwarded-for", from)];
        open_socket(server.address, "cursor=0", &headers).await.expect("accepted")
    };
    let mut inside = [dial(&ana, "10.1.1.1").await, dial(&luis, "10.1.1.1").await];
    for socket in &mut inside {
        assert!(socket.next().await.unwrap().unwrap().is_text());
    }
    assert_eq!(code_of_close(&mut dial(&luis, "10.1.1.1").await).await, 4429);
    // An event stream is a connection like a socket.
    let mut stream = Stream::open(&app, &luis.client.at([10, 1, 1, 1]), "cursor=0", None).await;
    assert!(stream.next().await.unwrap().1.contains("retry=\"30000\""));
    assert_eq!(stream.next().await, None);
    assert!(dial(&luis, "10.1.1.2").await.next().await.unwrap().unwrap().is_text());
});
