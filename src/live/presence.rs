//! Who is connected, on any instance. Not stored for good: written in bulk every 20 s, believed for 60 s, so that a
//! crash heals itself. Changes are gathered for a moment and shown as dots to those who may see the person.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
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

pub use super::directory::Directory;
use super::{Frame, Topic, audience::Seen, bus::Bus, hub::Hub};
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
/// After Redis forgot us: as long the others' people are believed, until every instance has written again.
const SETTLE: Duration = Duration::from_secs(2);
/// How long a written person is believed.
const TTL: TimeDelta = TimeDelta::seconds(60);
/// A clock that moved more than this between two looks at it was set: what was written by it is written again at once.
const SET: TimeDelta = TimeDelta::seconds(10);

/// People whose state is read by one statement.
const AT_ONCE: usize = 500;

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
        let (mut dirty, mut wall) = (false, self.clock.now());
        let (mut was_up, mut is_kept, mut hold) = (false, false, Instant::now());
        loop {
            tokio::select! {
                _ = self.stop.changed() => break,
                () = self.nudge.notified() => { dirty = true; continue; }
                _ = ticks.tick() => {}
            }
            let now = Instant::now();
            let before = std::mem::replace(&mut wall, self.clock.now());
            let is_set = (wall - before).abs() > SET;
            let mut marked = self.hub.take_changed();
            if self.hub.progress.take_missed() {
                marked.extend(self.directory.online());
            }
            // Whoever comes or goes is marked: without one, the same people are here as before.
            let is_same = marked.is_empty() && left.is_empty();
            let local = if is_same { None } else { Some(lingering(&self.hub.connected(), &here, &mut left, now)) };
            let local = local.filter(|local| *local != here);
            let is_up = self.bus.as_ref().is_some_and(Bus::is_up);
            let is_new = local.is_some() || is_up != was_up || is_set;
            here = local.unwrap_or(here);
            if is_new || now - written >= WRITE {
                let found = self.store.write(self.instance, &here, is_up, wall).await;
                let is_forgotten = is_kept && found == Found::Nothing;
                if is_forgotten {
                    hold = now + SETTLE;
                }
                if let (true, Some(bus)) = (is_new || is_forgotten, &self.bus) {
                    bus.presence();
                }
                // What is empty is not kept, and what goes through the table is not in Redis.
                is_kept = found != Found::Elsewhere && !here.is_empty();
                (written, was_up) = (now, is_up);
            }
            let due = if is_up { WRITE } else { POLL };
            let is_due = (dirty || now - read >= due) && now >= hold;
            if is_due {
                (dirty, read) = (false, now);
                match self.store.read(self.instance, is_kept, is_up, wall).await {
                    Others::Are(found) => others = found,
                    Others::Unknown => {}
                    // Written again with the next tick, and read once the others had time to do the same.
                    Others::Forgotten => (dirty, hold, written) = (true, now + SETTLE, now - WRITE),
                }
            }
            if is_new || is_due || !marked.is_empty() {
                self.show(&here, &others, marked).await;
            }
            self.greet();
        }
        self.store.write(self.instance, &HashSet::new(), was_up, self.clock.now()).await;
        if let Some(bus) = &self.bus {
            bus.presence();
        }
    }

    /// Draws the dots of everyone who came, went, or was marked.
    async fn show(&self, here: &HashSet<Uuid>, others: &HashSet<Uuid>, marked: HashSet<Uuid>) {
        let online: HashSet<Uuid> = here.union(others).copied().collect();
        let before = self.directory.online();
        let gone = before.difference(&online).map(|user| (*user, Presence::Offline, self.directory.remove(*user)));
        let mut shown: Vec<Seen> = gone.collect();
        let mut changed: HashSet<Uuid> = online.difference(&before).copied().collect();
        changed.extend(marked.into_iter().filter(|user| online.contains(user)));
        let changed: Vec<Uuid> = changed.into_iter().collect();
        for some in changed.chunks(AT_ONCE) {
            match self.hub.audience().presence_of(some.to_vec()).await {
                Ok(states) => {
                    self.directory.put(states.iter().cloned());
                    shown.extend(states);
                }
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "cannot read who may see a change of presence");
                    self.hub.mark_changed(some.iter().copied());
                }
            }
        }
        self.push(shown);
    }

    /// People whom the same circles see share a frame; it goes once to whoever sees them by more than one way.
    fn push(&self, shown: Vec<Seen>) {
        let mut by_circles: BTreeMap<Vec<Topic>, String> = BTreeMap::new();
        for (user, state, topics) in shown {
            let (circles, own) = circles(topics);
            let dot = views::live::presence(&user.to_string(), state).into_string();
            self.hub.push_ephemeral_besides(&own, &circles, |_| dot.clone());
            *by_circles.entry(circles).or_default() += &dot;
        }
        for (circles, dots) in by_circles {
            self.hub.push_ephemeral(&circles, |_| dots.clone());
        }
    }

    /// Sends every dot that they may see to sockets that just went live, drawn once for all of the same circles. Here,
    /// so that it cannot overtake a change.
    fn greet(&self) {
        let mut drawn: HashMap<Vec<Topic>, Frame> = HashMap::new();
        for key in self.hub.take_newcomers() {
            let (circles, own) = circles(self.hub.topics_of(key));
            let rest = self.directory.dots_besides(&own, &circles);
            let all = drawn.entry(circles).or_insert_with_key(|circles| self.directory.dots(circles).into());
            self.hub.push_to(key, all.clone());
            if !rest.is_empty() {
                self.hub.push_to(key, rest.into());
            }
        }
    }
}

/// Topics that many hold in the same combination, in their order, and the rest: a person's own and conversations.
fn circles(topics: Vec<Topic>) -> (Vec<Topic>, Vec<Topic>) {
    let (mut circles, own): (Vec<Topic>, Vec<Topic>) =
        topics.into_iter().partition(|topic| matches!(topic, Topic::Campaign(_) | Topic::Role(..)));
    circles.sort_unstable();
    (circles, own)
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

/// What was there when an instance wrote its people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// In Redis, what it wrote before.
    Own,
    /// In Redis, nothing: its first word, or the memory of Redis was wiped.
    Nothing,
    /// It did not write to Redis.
    Elsewhere,
}

/// The other instances' people.
enum Others {
    Are(HashSet<Uuid>),
    /// They cannot be read.
    Unknown,
    /// The memory of Redis was wiped: it does not know us either.
    Forgotten,
}

impl Store {
    /// Replaces this instance's people. A Redis that is known to be lost is not asked. A failure is healed by the next
    /// write.
    async fn write(&self, instance: Uuid, users: &HashSet<Uuid>, is_up: bool, now: DateTime<Utc>) -> Found {
        let Self::Shared { db, redis } = self else { return Found::Elsewhere };
        if let Some(redis) = redis.as_ref().filter(|_| is_up) {
            match redis.write(instance, users).await {
                Ok(true) => return Found::Own,
                Ok(false) => return Found::Nothing,
                Err(error) => tracing::debug!(%error, "presence goes through the database"),
            }
        }
        if let Err(error) = write_table(db, instance, users, now).await {
            tracing::warn!(%error, "cannot write who is connected");
        }
        Found::Elsewhere
    }

    /// The other instances' people; `is_kept` says that Redis should know ours.
    async fn read(&self, instance: Uuid, is_kept: bool, is_up: bool, now: DateTime<Utc>) -> Others {
        let Self::Shared { db, redis } = self else { return Others::Unknown };
        if let Some(redis) = redis.as_ref().filter(|_| is_up) {
            match redis.read(instance).await {
                Ok((false, _)) if is_kept => return Others::Forgotten,
                Ok((_, users)) => return Others::Are(users),
                Err(error) => tracing::debug!(%error, "presence is read from the database"),
            }
        }
        let rows: DbResult<Vec<(Uuid,)>> = db
            .all(sql!(
                "select distinct user_id from presence where instance_id <> $1 and seen_at > $2 and seen_at < $3",
                instance,
                now - TTL,
                // Written before the clock was set back: an instance that lives writes again.
                now + TTL
            ))
            .await;
        rows.map_or(Others::Unknown, |rows| Others::Are(rows.into_iter().map(|(user,)| user).collect()))
    }
}

/// Replaces the people of `instance` in the table, and forgets instances that stopped writing, also when they wrote by
/// a clock that was set back since.
pub async fn write_table(db: &Db, instance: Uuid, users: &HashSet<Uuid>, now: DateTime<Utc>) -> DbResult<()> {
    let mut tx = db.begin().await?;
    tx.exec(sql!(
        "delete from presence where instance_id = $1 or seen_at < $2 or seen_at > $3",
        instance,
        now - TTL,
        now + TTL
    ))
    .await?;
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

    /// Whether it still had what the instance wrote before.
    async fn write(&self, instance: Uuid, users: &HashSet<Uuid>) -> redis::RedisResult<bool> {
        let key = self.online(&instance.to_string());
        let mut pipe = redis::pipe();
        pipe.atomic().del(&key).sadd(self.instances(), instance.to_string()).ignore();
        if !users.is_empty() {
            let fields: Vec<(String, u8)> = users.iter().map(|u| (u.to_string(), 1)).collect();
            pipe.hset_multiple(&key, &fields).ignore().expire(&key, TTL.num_seconds()).ignore();
        }
        let (removed,): (i64,) = pipe.query_async(&mut self.connection().await?).await?;
        Ok(removed > 0)
    }

    /// Whether it knows this instance's people, and those of the others.
    async fn read(&self, instance: Uuid) -> redis::RedisResult<(bool, HashSet<Uuid>)> {
        let mut connection = self.connection().await?;
        let knows_us: bool = connection.exists(self.online(&instance.to_string())).await?;
        let instances: Vec<String> = connection.smembers(self.instances()).await?;
        let mut users = HashSet::new();
        for other in instances.iter().filter(|i| **i != instance.to_string()) {
            let names: Vec<String> = connection.hkeys(self.online(other)).await?;
            if names.is_empty() {
                let _: () = connection.srem(self.instances(), other).await?;
            }
            users.extend(names.iter().filter_map(|name| name.parse::<Uuid>().ok()));
        }
        Ok((knows_us, users))
    }

    fn online(&self, instance: &str) -> String {
        format!("crea:{}:online:{instance}", self.cluster)
    }

    fn instances(&self) -> String {
        format!("crea:{}:instances", self.cluster)
    }
}
