//! Who is connected, on any instance. Not stored for good: written in bulk every 20 s, believed for 60 s, so that a
//! crash heals itself. Changes are gathered for a moment and shown as dots to those who may see the person.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use redis::{AsyncCommands as _, Client, aio::ConnectionManager};
use tokio::{
    sync::{Notify, OnceCell, watch},
    time::{Instant, MissedTickBehavior, interval},
};
use uuid::Uuid;
use views::presence::Presence;

use super::{bus::Bus, hub::Hub};
use crate::{
    clock::Clock,
    db::{Db, DbResult},
    sql,
};

/// Changes are gathered for this long.
const COALESCE: Duration = Duration::from_millis(250);
/// A person who reconnects within this time never left: pages reload.
const GRACE: Duration = Duration::from_secs(4);
/// Between two bulk writes of this instance's people.
const WRITE: Duration = Duration::from_secs(20);
/// Between two reads of the others' people when nobody tells us of changes (no Redis).
const POLL: Duration = Duration::from_secs(3);
/// How long a written person is believed.
const TTL: TimeDelta = TimeDelta::seconds(60);

/// Where instances tell each other.
pub(super) enum Store {
    /// SQLite: one process, nobody to tell.
    Memory,
    /// Several instances on PostgreSQL.
    Shared { db: Db, redis: Option<Box<RedisStore>> },
}

/// One hash per instance, of user ids; it expires as a whole.
pub(super) struct RedisStore {
    pub client: Client,
    pub cluster: String,
    pub connection: OnceCell<ConnectionManager>,
}

/// The directory of connected people, read by pages.
#[derive(Default)]
pub struct Directory(Mutex<HashSet<Uuid>>);

impl Directory {
    /// Whether the person has a screen open somewhere.
    pub fn is_online(&self, user: Uuid) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&user)
    }

    /// Everyone who is connected.
    pub fn online(&self) -> HashSet<Uuid> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, online: HashSet<Uuid>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = online;
    }
}

/// The presence loop of one instance.
pub(super) struct Watch {
    pub instance: Uuid,
    pub store: Store,
    pub hub: Arc<Hub>,
    pub directory: Arc<Directory>,
    pub clock: Clock,
    pub bus: Option<Bus>,
    /// Another instance's people changed.
    pub nudge: Arc<Notify>,
    pub stop: watch::Receiver<bool>,
}

impl Watch {
    /// Runs until told to stop, then takes this instance's people off the books.
    pub async fn run(mut self) {
        let mut ticks = interval(COALESCE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut left: HashMap<Uuid, Instant> = HashMap::new();
        let (mut here, mut others) = (HashSet::new(), HashSet::new());
        let (mut written, mut read) = (Instant::now() - WRITE, Instant::now() - WRITE);
        let mut dirty = false;
        loop {
            tokio::select! {
                _ = self.stop.changed() => break,
                () = self.nudge.notified() => { dirty = true; continue; }
                _ = ticks.tick() => {}
            }
            let now = Instant::now();
            let marked = self.hub.take_changed();
            let local = lingering(&self.hub.connected(), &here, &mut left, now);
            if local != here || now - written >= WRITE {
                self.store.write(self.instance, &local, self.clock.now()).await;
                written = now;
                if let (true, Some(bus)) = (local != here, &self.bus) {
                    bus.presence();
                }
                here = local;
            }
            let due = if self.bus.as_ref().is_some_and(Bus::is_up) { WRITE } else { POLL };
            if dirty || now - read >= due {
                (dirty, read) = (false, now);
                if let Some(found) = self.store.read(self.instance, self.clock.now()).await {
                    others = found;
                }
            }
            self.show(&here, &others, marked).await;
            self.greet().await;
        }
        self.store.write(self.instance, &HashSet::new(), self.clock.now()).await;
        if let Some(bus) = &self.bus {
            bus.presence();
        }
    }

    /// Draws the dots of everyone who came, went, or was marked.
    async fn show(&self, here: &HashSet<Uuid>, others: &HashSet<Uuid>, marked: HashSet<Uuid>) {
        let online: HashSet<Uuid> = here.union(others).copied().collect();
        let before = self.directory.online();
        let mut changed: HashSet<Uuid> = online.symmetric_difference(&before).copied().collect();
        changed.extend(marked.into_iter().filter(|user| online.contains(user)));
        if changed.is_empty() {
            return;
        }
        let states = match self.hub.audience().presence_of(changed.iter().copied().collect()).await {
            Ok(states) => states,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "cannot read who may see a change of presence");
                return self.hub.mark_changed(changed);
            }
        };
        self.directory.set(online.clone());
        for (user, state, topics) in states {
            let shown = if online.contains(&user) { state } else { Presence::Offline };
            self.hub.push_ephemeral(&topics, |_| views::live::presence(&user.to_string(), shown).into_string());
        }
    }

    /// Sends every dot that they may see to sockets that just went live. Here, so that it cannot overtake a change.
    async fn greet(&self) {
        for (key, user) in self.hub.take_newcomers() {
            match self.hub.audience().visible_to(user).await {
                Ok(states) => {
                    let shown: Vec<(String, Presence)> = states
                        .into_iter()
                        .filter(|(id, _)| self.directory.is_online(*id))
                        .map(|(id, state)| (id.to_string(), state))
                        .collect();
                    self.hub.push_to(key, views::live::presence_all(&shown).into_string().into());
                }
                Err(error) => tracing::warn!(error = format!("{error:#}"), "cannot read whom a person may see"),
            }
        }
    }
}

/// Who counts as connected here: those who are, and those who left a moment ago.
fn lingering(
    connected: &HashSet<Uuid>,
    before: &HashSet<Uuid>,
    left: &mut HashMap<Uuid, Instant>,
    now: Instant,
) -> HashSet<Uuid> {
    left.retain(|user, _| !connected.contains(user));
    for user in before.difference(connected) {
        left.entry(*user).or_insert(now);
    }
    left.retain(|_, since| now - *since < GRACE);
    connected.iter().chain(left.keys()).copied().collect()
}

impl Store {
    /// Replaces this instance's people. A failure is healed by the next write.
    async fn write(&self, instance: Uuid, users: &HashSet<Uuid>, now: DateTime<Utc>) {
        let Self::Shared { db, redis } = self else { return };
        if let Some(redis) = redis {
            match redis.write(instance, users).await {
                Ok(()) => return,
                Err(error) => tracing::debug!(%error, "presence goes through the database"),
            }
        }
        if let Err(error) = write_table(db, instance, users, now).await {
            tracing::warn!(%error, "cannot write who is connected");
        }
    }

    /// The other instances' people; `None` when they cannot be read.
    async fn read(&self, instance: Uuid, now: DateTime<Utc>) -> Option<HashSet<Uuid>> {
        let Self::Shared { db, redis } = self else { return None };
        let from_redis = match redis {
            Some(redis) => redis.read(instance).await.ok(),
            None => None,
        };
        if from_redis.is_some() {
            return from_redis;
        }
        let rows: DbResult<Vec<(Uuid,)>> = db
            .all(sql!(
                "select distinct user_id from presence where instance_id <> $1 and seen_at > $2",
                instance,
                now - TTL
            ))
            .await;
        rows.ok().map(|rows| rows.into_iter().map(|(user,)| user).collect())
    }
}

/// Replaces the people of `instance` in the table, and forgets instances that stopped writing.
pub async fn write_table(db: &Db, instance: Uuid, users: &HashSet<Uuid>, now: DateTime<Utc>) -> DbResult<()> {
    let mut tx = db.begin().await?;
    tx.exec(sql!("delete from presence where instance_id = $1 or seen_at < $2", instance, now - TTL)).await?;
    if !users.is_empty() {
        let insert = sql!("insert into presence (instance_id, user_id, seen_at) values ");
        tx.exec(insert.rows(users.iter().map(|user| vec![instance.into(), (*user).into(), now.into()]))).await?;
    }
    tx.commit().await
}

impl RedisStore {
    async fn connection(&self) -> redis::RedisResult<ConnectionManager> {
        let open = || async { self.client.get_connection_manager().await };
        Ok(self.connection.get_or_try_init(open).await?.clone())
    }

    async fn write(&self, instance: Uuid, users: &HashSet<Uuid>) -> redis::RedisResult<()> {
        let key = format!("crea:{}:online:{instance}", self.cluster);
        let mut pipe = redis::pipe();
        pipe.atomic().del(&key).ignore().sadd(self.instances(), instance.to_string()).ignore();
        if !users.is_empty() {
            let fields: Vec<(String, u8)> = users.iter().map(|u| (u.to_string(), 1)).collect();
            pipe.hset_multiple(&key, &fields).ignore().expire(&key, TTL.num_seconds()).ignore();
        }
        pipe.query_async(&mut self.connection().await?).await
    }

    async fn read(&self, instance: Uuid) -> redis::RedisResult<HashSet<Uuid>> {
        let mut connection = self.connection().await?;
        let instances: Vec<String> = connection.smembers(self.instances()).await?;
        let mut users = HashSet::new();
        for other in instances.iter().filter(|i| **i != instance.to_string()) {
            let names: Vec<String> = connection.hkeys(format!("crea:{}:online:{other}", self.cluster)).await?;
            if names.is_empty() {
                let _: () = connection.srem(self.instances(), other).await?;
            }
            users.extend(names.iter().filter_map(|name| name.parse::<Uuid>().ok()));
        }
        Ok(users)
    }

    fn instances(&self) -> String {
        format!("crea:{}:instances", self.cluster)
    }
}
