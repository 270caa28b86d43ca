//! A floor to break things under: two instances on one PostgreSQL and one Redis, one in this process and one a process
//! of its own, and two people who write to each other, each with a tab on another instance.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    time::{Duration, Instant},
};

use chrono::{TimeDelta, Utc};
use crea::{clock::Clock, sql};
use futures_util::FutureExt as _;
use uuid::Uuid;

use crate::{
    harness::{
        Database, TestApp, eventually,
        process::{self, Reply, request},
        talk::send_as,
    },
    oracle::Dots,
    tab::{Server, Tab},
    talk::{Person, mark, pair},
};

/// What both instances read and sign with.
const SECRET: &str = "a key for tests that is long enough";

/// See the module.
pub struct Floor {
    /// The instance in this process. Its clock stands still at the moment of the start.
    pub app: TestApp,
    /// The instance that is a process.
    pub process: process::Server,
    /// Writes through the first instance.
    pub ana: Person,
    /// Writes through the process.
    pub luis: Person,
    /// On the first instance, in the conversation.
    pub hers: Tab,
    /// On the process, in the conversation.
    pub his: Tab,
    talk: Uuid,
    sent: Vec<Uuid>,
}

impl Floor {
    /// Runs a test and cleans up, however it ended.
    pub async fn run(database: Database, redis_url: String, body: impl AsyncFnOnce(&mut Self)) {
        let app = TestApp::on(database, Clock::fixed(Utc::now()), Some(redis_url)).await;
        let done = async {
            let mut floor = Box::pin(Self::open(&app)).await;
            body(&mut floor).await;
        };
        let done = AssertUnwindSafe(Box::pin(done)).catch_unwind().await;
        app.finish().await;
        if let Err(panic) = done {
            resume_unwind(panic);
        }
    }

    async fn open(app: &TestApp) -> Self {
        let process = start_process(app);
        let (ana, luis, _) = pair(app).await;
        let talk = ana.talk_to(&luis).await;
        let path = format!("/chat/{talk}");
        let there = Server { app: app.clone(), address: process.address };
        let hers = Tab::open(&Server::start(app).await, &ana.client, &path).await;
        let his = Tab::open(&there, &luis.client, &path).await;
        let mut floor = Self { app: app.clone(), process, ana, luis, hers, his, talk, sent: Vec::new() };
        floor.until_state("Redis is heard", |state| state.contains("\"redis\":\"up\"")).await;
        floor.until_delayed(false).await;
        floor.exchange().await;
        floor
    }

    /// Each writes to the other through the own instance; answers how long the slower of the two took to be seen.
    pub async fn exchange(&mut self) -> Duration {
        let since = Instant::now();
        let hers = self.ana_writes(Uuid::now_v7()).await;
        self.his.until("hers shows", |tab| tab.shows(hers)).await;
        let there = since.elapsed();
        let since = Instant::now();
        let his = self.luis_writes().await;
        self.hers.until("his shows", |tab| tab.shows(his)).await;
        there.max(since.elapsed())
    }

    /// Writes under this id until it is acknowledged, as "Reintentar" does. What is refused meanwhile is 503.
    pub async fn ana_writes(&mut self, id: Uuid) -> Uuid {
        let (client, talk, text) = (&self.ana.client, self.talk.to_string(), id.to_string());
        // The limit counts by this clock.
        self.app.clock.advance(TimeDelta::seconds(4));
        eventually("the message is taken", || async {
            let answer = send_as(client, &talk, &text, "de Ana").await;
            assert!(matches!(answer.status.as_u16(), 200 | 503), "{} {}", answer.status, answer.text);
            (answer.status == 200).then_some(())
        })
        .await;
        self.sent.push(id);
        id
    }

    async fn luis_writes(&mut self) -> Uuid {
        let (id, path, cookie) = (Uuid::now_v7(), format!("/chat/{}/messages", self.talk), self.luis.client.cookie());
        let address = self.process.address;
        eventually("the message is taken", || async {
            let (path, cookie) = (path.clone(), cookie.clone());
            let form = format!("id={id}&body=de+Luis");
            let ask = move || request(address, &path, &cookie, Some(&form)).unwrap();
            let reply = tokio::task::spawn_blocking(ask).await.unwrap();
            assert!(matches!(reply.status, 303 | 503), "{}", reply.head);
            (reply.status == 303).then_some(())
        })
        .await;
        self.sent.push(id);
        id
    }

    /// The conversation, as paths say it.
    pub fn talk_id(&self) -> String {
        self.talk.to_string()
    }

    /// What the process answers.
    pub async fn ask(&self, path: &'static str) -> Reply {
        let address = self.process.address;
        tokio::task::spawn_blocking(move || request(address, path, "", None).unwrap()).await.unwrap()
    }

    /// Waits until `/readyz` of the process says so.
    pub async fn until_state(&self, what: &str, reached: impl Fn(&str) -> bool) {
        eventually(what, || async { reached(&self.ask("/readyz").await.body).then_some(()) }).await;
    }

    /// A figure of the process.
    pub async fn figure(&self, name: &str) -> Option<f64> {
        let (address, name) = (self.process.address, name.to_owned());
        tokio::task::spawn_blocking(move || process::figure(address, &name)).await.unwrap()
    }

    /// Waits until both people are told whether events may be late.
    pub async fn until_delayed(&mut self, delayed: bool) {
        for tab in [&mut self.hers, &mut self.his] {
            tab.until("told of the delay", |tab| tab.delayed == Some(delayed)).await;
        }
    }

    /// All that was acknowledged is stored once, and both screens show what a fresh page shows. No tab had to be reset
    /// and none was closed.
    pub async fn is_whole(&mut self) {
        let stored: Vec<(Uuid,)> = self.app.db.all(sql!("select id from message order by number")).await.unwrap();
        let stored: Vec<Uuid> = stored.into_iter().map(|row| row.0).collect();
        assert_eq!(stored, self.sent, "each acknowledged message once, in order");
        let head = mark(&self.app).await;
        for tab in [&mut self.hers, &mut self.his] {
            tab.until_seq(head).await;
            assert_eq!((tab.closed, tab.resets), (None, 0));
            assert_eq!(tab.difference(Dots::Ignored).await, None);
        }
    }
}

/// Another instance, as a process, on what `app` runs on.
fn start_process(app: &TestApp) -> process::Server {
    let files = format!("file://{}", app.database.dir.path().join("files").display());
    let settings = [
        ("DATABASE_URL", app.database.url.as_str()),
        ("REDIS_URL", app.config.redis_url.as_deref().unwrap_or_default()),
        ("SECRET_KEY", SECRET),
        ("STORAGE_URL", &files),
    ];
    process::Server::start(app.database.dir.path(), &["serve"], &settings)
}
