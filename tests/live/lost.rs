//! What is taken away from somebody is gone on every rung and on every instance, with Redis, without it, and while it is
//! lost: connections end in time, and no cursor brings back what may no longer be seen.

use std::time::{Duration, Instant};

use axum::http::Method;
use chrono::TimeDelta;
use crea::{
    auth::{Module, Role},
    live::Topic,
};

use crate::{
    colleagues::edit,
    harness::{Campaign, TestApp, both_dbs, eventually, one_db, with_redis},
    line::Line,
    rungs::say,
    stream::{Stream, poll},
    tab::{Server, Tab, code_of_close, open_socket},
    talk::{Person, mark, person},
};

/// A loss is noticed within this time anywhere.
const SOON: Duration = Duration::from_secs(5);
/// All that a connection without a session is told.
const REVOKED: &str = "<hx-live revoked></hx-live>";

/// What an administrator takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    Sessions,
    Account,
    Password,
    Membership,
    Role,
    /// The campaign closes for everybody.
    Campaign,
}

impl Loss {
    const ALL: [Self; 6] =
        [Self::Sessions, Self::Account, Self::Password, Self::Membership, Self::Role, Self::Campaign];

    fn ends_the_session(self) -> bool {
        matches!(self, Self::Sessions | Self::Account | Self::Password)
    }

    /// What is heard until then.
    fn topic(self, campaign: &Campaign) -> Topic {
        let role = |role: Role| Topic::Role(campaign.id.0, role);
        if self == Self::Role { role(Role::Asesor) } else { Topic::Campaign(campaign.id.0) }
    }

    async fn befall(self, admin: &Person, who: &Person, campaign: &Campaign) {
        let (account, group) = (format!("/people/{}", who.id()), format!("/campaigns/{}", campaign.id));
        let client = &admin.client;
        let answer = match self {
            Self::Sessions => client.post(&format!("{account}/sessions"), &[]).await,
            Self::Account => client.post(&format!("{account}/state"), &[("active", "0")]).await,
            Self::Password => client.post(&format!("{account}/reset"), &[]).await,
            Self::Membership => client.post(&format!("{group}/members/removal"), &[("user", &who.id())]).await,
            Self::Role => return edit(client, who, "Ruiz", "backoffice", Some(campaign)).await,
            Self::Campaign => {
                let version = client.get(&group).await.attrs("[name=version]", "value").swap_remove(0);
                client.post(&format!("{group}/state"), &[("active", "0"), ("version", &version)]).await
            }
        };
        assert!([200, 303].contains(&answer.status.as_u16()), "{self:?}: {}", answer.text);
    }
}

/// Says a word to a topic.
async fn shout(app: &TestApp, topic: &Topic, word: &str) {
    let mut tx = app.live.begin().await.unwrap();
    tx.append(topic.clone(), |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="delete" { (word) } });
    app.live.commit(tx).await.unwrap();
}

/// Somebody with a socket and an event stream on each of two instances.
struct Screens<'a> {
    instances: [&'a TestApp; 2],
    servers: [Server; 2],
    who: Person,
    /// From which on all is asked for again.
    cursor: i64,
    query: String,
    tabs: Vec<Tab>,
    streams: Vec<Stream>,
}

impl<'a> Screens<'a> {
    async fn open(instances: [&'a TestApp; 2], who: &Person, topic: &Topic) -> Self {
        let cursor = instances[0].live.cursor().await.unwrap();
        let query = format!("cursor={cursor}&page=7&topics={topic}");
        let servers = [Server::start(instances[0]).await, Server::start(instances[1]).await];
        let (mut tabs, mut streams) = (Vec::new(), Vec::new());
        for server in &servers {
            tabs.push(Tab::open(server, &who.client, "/").await);
            let mut stream = Stream::open(&server.app, &who.client, &query, None).await;
            stream.until(" shown=").await;
            streams.push(stream);
        }
        Self { instances, servers, who: who.clone(), cursor, query, tabs, streams }
    }

    async fn hear(&mut self, word: &str) {
        for tab in &mut self.tabs {
            tab.until(word, |tab| tab.was_sent(word)).await;
        }
        for stream in &mut self.streams {
            stream.until(word).await;
        }
    }

    /// Everything that is open ends, as it should, soon after `since`.
    async fn all_end(&mut self, since: Instant, loss: Loss) {
        for tab in &mut self.tabs {
            assert_eq!(tab.until_closed().await, 4403, "{loss:?}");
        }
        for stream in &mut self.streams {
            stream.until(REVOKED).await;
            assert_eq!(stream.next().await, None, "{loss:?}: nothing follows");
        }
        assert!(since.elapsed() < SOON, "{loss:?}: {:?}", since.elapsed());
    }

    /// What comes with the old cookie is turned away on every rung.
    async fn nothing_opens(&self, loss: Loss) {
        for (server, app) in self.servers.iter().zip(self.instances) {
            let cookie = self.who.client.cookie();
            let headers = [("cookie", &*cookie), ("sec-fetch-site", "same-origin")];
            let mut socket = open_socket(server.address, &self.query, &headers).await.expect("accepted");
            assert_eq!(code_of_close(&mut socket).await, 4403, "{loss:?}");
            let client = self.who.client.on(app);
            assert_eq!(poll(&client, &self.query).await.text, REVOKED, "{loss:?}");
            let mut stream = Stream::open(app, &client, &self.query, Some(self.cursor)).await;
            assert_eq!(stream.next().await, Some((None, REVOKED.to_owned())), "{loss:?}");
            assert_eq!(stream.next().await, None);
            assert_ne!(say(&client, "{\"idle\":true}").await, 204, "{loss:?}");
        }
    }

    /// The session goes on, but neither a cursor nor a forged page brings back what was said to `topic`.
    async fn nothing_comes_back(&self, topic: &Topic, loss: Loss) {
        let head = mark(self.instances[0]).await;
        for (server, app) in self.servers.iter().zip(self.instances) {
            let client = self.who.client.on(app);
            let mut stream = Stream::open(app, &client, &self.query, Some(self.cursor)).await;
            stream.until(&format!("seq=\"{head}\"")).await;
            let polled = poll(&client, &self.query).await.text;
            let mut tab = Tab::load(server, &client, "/").await;
            tab.forge(&topic.to_string());
            tab.cursor = self.cursor.to_string();
            tab.connect(server).await;
            // And once more on the open socket, from as far back.
            tab.send(&format!("{{\"show\":\"{topic}\",\"page\":9,\"since\":{}}}", self.cursor)).await;
            tab.until("another page", |tab| tab.was_sent("shown=\"9\"")).await;
            for word in ["palabra de antes", "palabra de después"] {
                assert!(!stream.was_sent(word) && !polled.contains(word) && !tab.was_sent(word), "{loss:?}: {word}");
            }
        }
    }
}

/// Each loss, for somebody who has just come.
async fn is_lost_everywhere(instances: [&TestApp; 2]) {
    let app = instances[0];
    for loss in Loss::ALL {
        let campaign = app.campaign(Module::Telefonica).await;
        let boss = person(app, "jefa", Role::Administrador, &campaign).await;
        let (ana, luis) =
            (person(app, "ana", Role::Asesor, &campaign).await, person(app, "luis", Role::Asesor, &campaign).await);
        let topic = loss.topic(&campaign);
        let mut screens = Screens::open(instances, &ana, &topic).await;
        let mut staying = Screens::open(instances, &luis, &topic).await;
        shout(app, &topic, "palabra de antes").await;
        screens.hear("palabra de antes").await;
        staying.hear("palabra de antes").await;
        let since = Instant::now();
        loss.befall(&boss, &ana, &campaign).await;
        screens.all_end(since, loss).await;
        shout(app, &topic, "palabra de después").await;
        if loss == Loss::Campaign {
            staying.all_end(since, loss).await;
        } else {
            staying.hear("palabra de después").await;
        }
        if loss.ends_the_session() {
            screens.nothing_opens(loss).await;
        } else {
            screens.nothing_comes_back(&topic, loss).await;
        }
    }
}

both_dbs!(what_is_taken_away_is_gone_on_every_rung_of_both_instances, |app| {
    let other = app.second_instance().await;
    is_lost_everywhere([&app, &other]).await;
});

with_redis!(what_is_taken_away_is_gone_on_every_rung_of_instances_that_hear_redis, |app| {
    let other = app.second_instance().await;
    let up = async || (!app.live.is_delayed() && !other.live.is_delayed()).then_some(());
    eventually("both hear Redis", up).await;
    is_lost_everywhere([&app, &other]).await;
});

with_redis!(what_is_taken_away_is_gone_on_every_rung_while_redis_is_lost, |app| {
    let line = Line::to(app.config.redis_url.as_deref().unwrap()).await;
    let url = line.url();
    let there = || app.instance_with(|config| config.redis_url = Some(url.clone()));
    let (one, other) = (there().await, there().await);
    let up = async || (!one.live.is_delayed() && !other.live.is_delayed()).then_some(());
    eventually("both hear Redis", up).await;
    line.set_cut(true);
    let lost = async || (one.live.is_delayed() && other.live.is_delayed()).then_some(());
    eventually("both lost Redis", lost).await;
    is_lost_everywhere([&one, &other]).await;
});

both_dbs!(a_session_that_expires_ends_every_rung_of_both_instances, |app| {
    let other = app.second_instance().await;
    let campaign = app.campaign(Module::Telefonica).await;
    let ana = person(&app, "ana", Role::Asesor, &campaign).await;
    let mut screens = Screens::open([&app, &other], &ana, &Topic::Campaign(campaign.id.0)).await;
    app.clock.advance(TimeDelta::hours(12) + TimeDelta::seconds(1));
    screens.all_end(Instant::now(), Loss::Sessions).await;
    screens.nothing_opens(Loss::Sessions).await;
});

both_dbs!(a_cursor_of_somebody_else_s_brings_nothing_of_theirs, |app| {
    let campaign = app.campaign(Module::Telefonica).await;
    let ana = person(&app, "ana", Role::Asesor, &campaign).await;
    let luis = person(&app, "luis", Role::Supervisor, &campaign).await;
    let eve = person(&app, "eve", Role::Asesor, &app.campaign(Module::Core).await).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut hers = Tab::open(&server, &ana.client, &format!("/chat/{talk}")).await;
    let cursor = hers.seq();
    let secret = luis.write(talk, "secreto").await;
    hers.until("it is hers", |tab| tab.shows(secret)).await;
    let mut foreign = Tab::load(&server, &eve.client, "/").await;
    // Her page's topics, her cursor, and every topic that is hers alone.
    let topics = format!("conversation:{talk} user:{} campaign:{}", ana.id(), campaign.id);
    foreign.forge(&topics);
    foreign.cursor = cursor.to_string();
    foreign.connect(&server).await;
    let query = format!("cursor={cursor}&page=1&topics={}", topics.replace(' ', "%20"));
    let mut stream = Stream::open(&app, &eve.client, &query, Some(cursor)).await;
    stream.until(" shown=").await;
    let later = luis.write(talk, "otro secreto").await;
    let head = mark(&app).await;
    foreign.until_seq(head).await;
    stream.until(&format!("seq=\"{head}\"")).await;
    let polled = poll(&eve.client, &query).await.text;
    for word in ["secreto", &secret.to_string(), &later.to_string()] {
        assert!(!foreign.was_sent(word) && !stream.was_sent(word) && !polled.contains(word), "{word}");
    }
});

one_db!(a_stream_of_another_site_is_refused_on_every_rung, |app| {
    let campaign = app.campaign(Module::Telefonica).await;
    let ana = person(&app, "ana", Role::Asesor, &campaign).await;
    let ask = async |method: Method, path: &str, headers: &[(&str, &str)]| {
        let body = if method == Method::POST { b"{}".to_vec() } else { Vec::new() };
        ana.client.send_bytes(method, path, headers, body).await.status.as_u16()
    };
    for path in ["/live/poll?cursor=0", "/live/sse?cursor=x"] {
        // A stream goes on for ever: one that is let in is told by a question that it cannot answer.
        let let_in = if path.starts_with("/live/poll") { 200 } else { 400 };
        let cases: [(&[(&str, &str)], u16); 6] = [
            (&[("sec-fetch-site", "same-origin")], let_in),
            (&[("origin", "http://127.0.0.1:8080")], let_in),
            (&[], let_in),
            (&[("sec-fetch-site", "cross-site")], 403),
            (&[("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:8080")], 403),
            (&[("origin", "https://evil.example")], 403),
        ];
        for (headers, status) in cases {
            assert_eq!(ask(Method::GET, path, headers).await, status, "{path} {headers:?}");
        }
    }
    for headers in [&[][..], &[("origin", "https://evil.example")], &[("sec-fetch-site", "same-site")]] {
        assert_eq!(ask(Method::POST, "/live/say", headers).await, 403, "{headers:?}");
    }
});

one_db!(what_is_too_long_is_not_listened_to, |app| {
    let campaign = app.campaign(Module::Telefonica).await;
    let ana = person(&app, "ana", Role::Asesor, &campaign).await;
    let word = |bytes: usize| format!("{{\"idle\":false}}{}", " ".repeat(bytes - 14));
    assert_eq!(say(&ana.client, &word(8 * 1024)).await, 204, "as long as a socket takes");
    assert_eq!(say(&ana.client, &word(8 * 1024 + 1)).await, 413);
});

both_dbs!(a_socket_that_asks_for_pages_all_the_time_gets_nothing_that_was_said_after_its_end, |app| {
    let campaign = app.campaign(Module::Telefonica).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    let server = Server::start(&app).await;
    for loss in [Loss::Account, Loss::Membership] {
        let ana = person(&app, "ana", Role::Asesor, &campaign).await;
        let topic = Topic::Campaign(campaign.id.0);
        let mut tab = Tab::open(&server, &ana.client, "/").await;
        // As many as may come at once, then as many as wait: the server reads them while everything changes.
        let show = format!("{{\"show\":\"{topic}\",\"page\":1,\"since\":{}}}", tab.seq());
        for _ in 0..45 {
            tab.send(&show).await;
        }
        let since = Instant::now();
        loss.befall(&boss, &ana, &campaign).await;
        let said = async {
            for n in 0..20 {
                shout(&app, &topic, &format!("palabra de después {n}")).await;
            }
        };
        let (code, ()) = tokio::join!(tab.until_closed(), said);
        assert_eq!(code, 4403, "{loss:?}");
        assert!(since.elapsed() < SOON, "{loss:?}: {:?}", since.elapsed());
        assert!(!tab.was_sent("palabra de después"), "{loss:?}");
    }
});
