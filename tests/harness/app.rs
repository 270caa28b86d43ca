//! One instance of the application, as the binary builds it, on a database that several may share.

use std::{
    net::SocketAddr,
    ops::Deref,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::Router;
use chrono::{DateTime, Utc};
use crea::{
    app::App,
    clock::Clock,
    config::Config,
    ids::UserId,
    live::{Standing, Topic},
    sql,
    storage::Storage,
    web::listen,
};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::{
    Backend, Client, UserBuilder,
    backend::{Database, redis_url},
    people::{self, Campaign, User},
};

/// What the clock shows when a test begins, in milliseconds: 2026-11-22T15:00:00Z, ten in the morning in Bogotá.
pub const START: i64 = 1_795_359_600_000;

/// An instance; derefs to its [`App`]. Clones are the same instance.
#[derive(Clone)]
pub struct TestApp {
    /// The application.
    pub app: App,
    /// The real router with all middleware.
    pub router: Router,
    /// The database, shared with other instances of the test.
    pub database: Arc<Database>,
    instances: Arc<Mutex<Vec<App>>>,
}

impl Deref for TestApp {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl TestApp {
    /// The first instance on a fresh, migrated database; with Redis when wanted.
    pub async fn new(backend: Backend, redis: bool) -> Self {
        let clock = Clock::fixed(DateTime::from_timestamp_millis(START).unwrap());
        Self::on(Database::migrated(backend).await, clock, redis.then(|| redis_url().unwrap())).await
    }

    /// The first instance on a database, clock and Redis that the test chose.
    pub async fn on(database: Database, clock: Clock, redis_url: Option<String>) -> Self {
        let mut config = Config::read(|name| match name {
            "DATABASE_URL" => Some(database.url.clone()),
            "SECRET_KEY" => Some("a key for tests that is long enough".to_owned()),
            _ => None,
        })
        .unwrap();
        config.redis_url = redis_url;
        config.storage_url = Some("memory:".to_owned());
        Self::start(config, clock, Arc::new(database), Arc::default(), Storage::memory()).await
    }

    async fn start(
        config: Config,
        clock: Clock,
        database: Arc<Database>,
        instances: Arc<Mutex<Vec<App>>>,
        storage: Storage,
    ) -> Self {
        let db = database.open().await;
        let app = crea::start(config, db, clock, "a key for tests that is long enough").await.unwrap();
        let app = app.with_storage(storage);
        instances.lock().unwrap().push(app.clone());
        Self { router: crea::router(app.clone()), app, database, instances }
    }

    /// Another instance on the same database and files, with the same settings and the same clock.
    pub async fn second_instance(&self) -> Self {
        self.instance_with(|_| {}).await
    }

    /// Another instance on the same database and clock, with other settings (`|c| c.redis_url = None`).
    pub async fn instance_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = (*self.app.config).clone();
        change(&mut config);
        let (database, instances) = (Arc::clone(&self.database), Arc::clone(&self.instances));
        Self::start(config, self.app.clock.clone(), database, instances, self.app.storage.clone()).await
    }

    /// Another instance that sends its mail to `server`.
    pub async fn mailing(&self, server: &super::smtp::Smtp) -> Self {
        self.instance_with(|config| {
            config.smtp_url = Some(server.url());
            config.mail_from = Some("CREA <crea@crea.example>".to_owned());
        })
        .await
    }

    /// Which engine it runs on.
    pub fn backend(&self) -> Backend {
        self.database.backend
    }

    /// Listens on a free port of 127.0.0.1 until the test ends.
    pub async fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(listen::serve(listener, self.router.clone(), listen::LIMITS, std::future::pending()));
        address
    }

    /// Now, by the test's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// A browser in which `user` signed in through the form.
    pub async fn sign_in(&self, user: &User) -> Client {
        let browser = self.browser();
        let answer = browser.post("/sign-in", &[("login", &user.email), ("password", people::PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{} cannot sign in: {}", user.email, answer.text);
        browser
    }

    /// Where a person stands who comes with a session of their own; `None` for who may not.
    pub async fn standing(&self, user: UserId) -> Option<Standing> {
        let (session, now) = (Uuid::now_v7(), self.now());
        let insert = sql!(
            "insert into session (id, id_hash, user_id, data, ip, user_agent, created_at, seen_at, expires_at) \
             values ($1, $2, $3, '{}', '127.0.0.1', 'test', $4, $4, $5)",
            session,
            session.to_string(),
            user,
            now,
            now + chrono::TimeDelta::hours(1)
        );
        self.db.exec(insert).await.unwrap();
        self.live.hub().audience().standing(user.0, session).await.unwrap()
    }

    /// Topics that every socket of a person holds, in their order.
    pub async fn held(&self, user: UserId) -> Vec<Topic> {
        let mut held = self.standing(user).await.map(|standing| standing.held).unwrap_or_default();
        held.sort();
        held
    }

    /// Whether a person has a dot on the other's screens while both are connected.
    pub async fn sees(&self, viewer: UserId, whom: UserId) -> bool {
        let mut held = self.held(viewer).await;
        held.push(Topic::User(viewer.0));
        let seen = crea::features::floor::presence_of(&self.db, &[whom.0]).await.unwrap();
        seen.iter().any(|(_, _, topics)| topics.iter().any(|topic| held.contains(topic)))
    }

    /// An account to be made: `app.user("ana").role(Role::Supervisor).campaign(&c).insert().await`.
    pub fn user(&self, first_name: &str) -> UserBuilder {
        UserBuilder::new(self.app.clone(), first_name)
    }

    /// An active campaign of a module.
    pub async fn campaign(&self, module: crea::auth::Module) -> Campaign {
        people::insert_campaign(&self.app, module).await
    }

    /// Forgets this instance, which was switched off: [`TestApp::finish`] waits for it no more.
    pub fn forget(&self) {
        let mut instances = self.instances.lock().unwrap();
        instances.retain(|app| app.live.instance() != self.app.live.instance());
    }

    /// Stops every instance and removes the database.
    pub async fn finish(&self) {
        let instances = self.instances.lock().unwrap().clone();
        for app in instances {
            app.live.stop();
            // A transaction that a failed test left open is cut off by the removal below.
            let _ = tokio::time::timeout(Duration::from_secs(5), app.db.close()).await;
        }
        self.database.remove().await;
    }
}
