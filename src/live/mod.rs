//! The live engine: outbox, hub, delivery, Redis, presence. Knows no feature and no route.
//!
//! A write goes `Live::begin` → `LiveTx::append` → `Live::commit`; the hub delivers it on every instance.

mod audience;
mod bus;
mod delivery;
mod directory;
pub mod door;
mod doubt;
pub mod event;
pub mod hub;
mod link;
mod load;
mod mailbox;
mod members;
pub mod meters;
pub mod outbox;
mod people;
pub mod presence;
mod progress;
pub mod socket;
mod state;
mod tally;
mod topic;
mod topics;
pub mod wire;
mod writers;

use std::{sync::Arc, time::Duration};

use maud::Markup;
use tokio::sync::{Notify, OnceCell, Semaphore, mpsc, watch};
use uuid::Uuid;
use views::text::Locale;

pub use audience::{Audience, Seen, Standing};
pub use event::{AddTally, Control, Event, Figure, Tallies};
pub use link::Link;
pub use load::Load;
pub use outbox::LiveTx;
pub use topic::Topic;
pub use wire::Frame;

use bus::{Bus, Ephemeral, Wiring};
use delivery::{Ahead, Delivery};
use door::Door;
use doubt::Doubt;
use hub::Hub;
use presence::{Directory, RedisStore, Store, Watch};

use crate::{
    clock::Clock,
    db::{Db, DbResult},
    error::{AppError, AppResult},
    sql,
};

/// Commits handed to delivery and not yet taken; beyond it they are read from the outbox.
const ARRIVALS: usize = 4_096;
/// Transactions of one instance that may queue for the counter: more only make each other wait (measured).
const COMMITTERS: usize = 4;
/// A database that takes longer to say a number is not there.
const HEALTH: Duration = Duration::from_secs(2);
/// Sockets of a stopped instance come back within this time.
const RECONNECT_SPREAD_MS: u64 = 4_000;

/// The live engine of one instance. Cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    hub: Arc<Hub>,
    directory: Arc<Directory>,
    arrivals: mpsc::Sender<Vec<Event>>,
    bus: Option<Bus>,
    door: Door,
    doubt: Arc<Doubt>,
    gate: Semaphore,
    stop: watch::Sender<bool>,
    instance: Uuid,
}

/// How the live engine does, for `/readyz` and metrics.
#[derive(Clone, Copy, Debug)]
pub struct Health {
    /// Sockets of this instance.
    pub sockets: usize,
    /// Committed events that this instance has not delivered yet.
    pub lag: i64,
    /// Whether Redis is configured, and if so whether it answers.
    pub redis: Option<bool>,
    /// Events that the outbox keeps.
    pub kept: i64,
}

impl Live {
    /// Starts the loops of this instance.
    ///
    /// # Errors
    /// The database cannot be read, or `redis_url` cannot be parsed. Redis itself need not answer.
    pub async fn start(
        db: Db,
        clock: Clock,
        redis_url: Option<&str>,
        audience: Arc<dyn Audience>,
    ) -> anyhow::Result<Self> {
        let delivered = outbox::head(&db).await?;
        let hub = Arc::new(Hub::new(delivered, audience));
        let (stop, stopped) = watch::channel(false);
        let (arrivals, incoming) = mpsc::channel(ARRIVALS);
        let nudge = Arc::new(Notify::new());
        let doubt = Arc::new(Doubt::new(Arc::clone(&hub), redis_url.is_some()));
        let mut redis = None;
        let mut bus = None;
        if let Some(url) = redis_url {
            let client = redis::Client::open(url)?;
            let cluster = cluster_id(&db, &clock).await?;
            bus = Some(Bus::start(Wiring {
                client: client.clone(),
                cluster: cluster.clone(),
                hub: Arc::clone(&hub),
                doubt: Arc::clone(&doubt),
                arrivals: arrivals.clone(),
                presence: Arc::clone(&nudge),
                stop: stopped.clone(),
            }));
            redis = Some(Box::new(RedisStore { client, cluster, connection: OnceCell::new() }));
        }
        let store = if db.is_postgres() { Store::Shared { db: db.clone(), redis } } else { Store::Memory };
        let directory = Arc::new(Directory::default());
        let instance = Uuid::now_v7();
        let watch = Watch {
            instance,
            store,
            hub: Arc::clone(&hub),
            directory: Arc::clone(&directory),
            clock: clock.clone(),
            bus: bus.clone(),
            nudge,
            stop: stopped.clone(),
        };
        tokio::spawn(watch.run());
        tokio::spawn(delivery::sweep(Arc::clone(&hub), clock.clone(), stopped.clone()));
        let delivery = Delivery {
            db: db.clone(),
            clock: clock.clone(),
            hub: Arc::clone(&hub),
            doubt: Arc::clone(&doubt),
            arrivals: incoming,
            delivered,
            ahead: Ahead::default(),
            stop: stopped,
        };
        tokio::spawn(delivery.run());
        let gate = Semaphore::new(COMMITTERS);
        let door = Door::default();
        Ok(Self(Arc::new(Inner { db, clock, hub, directory, arrivals, bus, door, doubt, gate, stop, instance })))
    }

    /// Begins a write that can append events.
    pub async fn begin(&self) -> DbResult<LiveTx> {
        Ok(LiveTx::new(self.0.db.begin().await?))
    }

    /// Numbers, writes and commits, then hands over to delivery. Runs in a task of its own: a client that hangs up
    /// cannot stop a delivery.
    ///
    /// # Errors
    /// Nothing was committed, or it is not known (the connection broke); a retry with the same idempotency key is safe.
    pub async fn commit(&self, tx: LiveTx) -> AppResult<()> {
        let inner = Arc::clone(&self.0);
        let done = tokio::spawn(async move {
            // SQLite's writers are in line already.
            let _permit = match inner.db.is_postgres() {
                true => Some(inner.gate.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?),
                false => None,
            };
            let events = tx.commit(inner.clock.now()).await?;
            if !events.is_empty() {
                // A full queue is no loss: the next counter read finds them.
                let _ = inner.arrivals.try_send(events.clone());
                if let Some(bus) = &inner.bus {
                    bus.events(events);
                }
            }
            Ok::<_, sqlx::Error>(())
        });
        done.await.map_err(|error| AppError::from(anyhow::Error::new(error)))??;
        Ok(())
    }

    /// The cursor of a page whose data is read after this call.
    pub async fn cursor(&self) -> DbResult<i64> {
        outbox::head(&self.0.db).await
    }

    /// Shows a change that is not stored to the holders of a topic, here and on other instances; it may be lost.
    pub fn ephemeral(&self, topic: Topic, render: impl Fn(Locale) -> Markup) {
        let change = Ephemeral { topic, html: Locale::ALL.map(|l| render(l).into_string()) };
        change.show(&self.0.hub);
        if let Some(bus) = &self.0.bus {
            bus.ephemeral(change);
        }
    }

    /// What this instance is called while it runs.
    pub fn instance(&self) -> Uuid {
        self.0.instance
    }

    /// Says to every instance that somebody looks at their figures: they show them for the next moment.
    pub fn look(&self) {
        self.0.hub.meters.looked();
        if let Some(bus) = &self.0.bus {
            bus.look();
        }
    }

    /// The sockets of this instance.
    pub fn hub(&self) -> &Arc<Hub> {
        &self.0.hub
    }

    /// How many connections this instance lets in.
    pub fn door(&self) -> &Door {
        &self.0.door
    }

    /// Who is connected, on any instance.
    pub fn directory(&self) -> &Directory {
        &self.0.directory
    }

    /// Whether changes may be late: Redis is configured and lost, or the database does not answer.
    pub fn is_delayed(&self) -> bool {
        self.0.doubt.any()
    }

    /// Whether Redis is configured, and if so whether it answers.
    pub fn redis(&self) -> Option<bool> {
        self.0.bus.as_ref().map(Bus::is_up)
    }

    /// How it does. Answers within `HEALTH`; a database that is known to be lost is not asked again.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn health(&self) -> DbResult<Health> {
        if self.0.doubt.is_database_lost() {
            return Err(sqlx::Error::PoolTimedOut);
        }
        let (head, oldest) = outbox::in_time(HEALTH, outbox::extent(&self.0.db)).await?;
        let kept = oldest.map_or(0, |oldest| (head - oldest + 1).max(0));
        let (sockets, delivered) = self.0.hub.figures();
        Ok(Health { sockets, lag: (head - delivered).max(0), redis: self.redis(), kept })
    }

    /// Tells every socket to come back elsewhere and stops the loops.
    pub fn stop(&self) {
        self.0.hub.stop(|| 200 + rand::random_range(0..RECONNECT_SPREAD_MS));
        let _ = self.0.stop.send(true);
    }

    /// Waits until every socket is closed, at most `patience`.
    pub async fn drained(&self, patience: Duration) {
        let empty = async {
            while self.0.hub.figures().0 > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let _ = tokio::time::timeout(patience, empty).await;
    }
}

/// A random name of this database, so that several may share one Redis.
async fn cluster_id(db: &Db, clock: &Clock) -> DbResult<String> {
    let fresh = serde_json::json!({ "id": Uuid::now_v7().to_string() });
    db.exec(sql!(
        "insert into setting (key, value, updated_at) values ('cluster', $1, $2) on conflict (key) do nothing",
        fresh,
        clock.now()
    ))
    .await?;
    let (value,): (sqlx::types::Json<serde_json::Value>,) =
        db.one(sql!("select value from setting where key = 'cluster'")).await?;
    Ok(value.0["id"].as_str().unwrap_or_default().to_owned())
}
