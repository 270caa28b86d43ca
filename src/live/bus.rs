//! Redis: the same bytes sooner. One publish per commit; losing it costs a second, never an event.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt as _;
use redis::{AsyncCommands as _, Client, RedisResult, aio::ConnectionManager};
use tokio::{
    sync::{Notify, mpsc, watch},
    time::{sleep, timeout},
};

use super::{Event, Topic, doubt::Doubt, event::index, hub::Hub, outbox::wire};

/// Commits waiting to be published; beyond it they are dropped here and found through the outbox.
const BACKLOG: usize = 1_000;
/// Between two tries to reach Redis.
const RETRY: Duration = Duration::from_millis(500);
/// A publish or a connection that takes longer counts as lost.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often an idle subscription is checked.
const PING: Duration = Duration::from_secs(5);

/// This instance's link to Redis.
#[derive(Clone)]
pub struct Bus {
    outgoing: mpsc::Sender<Message>,
    is_up: Arc<AtomicBool>,
    hub: Arc<Hub>,
}

enum Message {
    Events(Vec<Event>),
    Presence,
    Look,
    /// Shown on the spot or never: typing, figures of the moment.
    Ephemeral(Ephemeral),
}

/// A change that is not stored, for the holders of one topic.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Ephemeral {
    /// Who sees it.
    pub topic: Topic,
    /// One text per locale, in the order of `Locale::ALL`.
    pub html: [String; 2],
}

impl Ephemeral {
    /// Shows it to the sockets of this instance.
    pub(super) fn show(&self, hub: &Hub) {
        hub.push_ephemeral(std::slice::from_ref(&self.topic), |l| {
            format!("<hx-live></hx-live>{}", self.html[index(l)])
        });
    }
}

/// What the bus needs to run.
pub(super) struct Wiring {
    pub client: Client,
    /// Distinguishes databases that share one Redis.
    pub cluster: String,
    pub hub: Arc<Hub>,
    pub doubt: Arc<Doubt>,
    pub arrivals: mpsc::Sender<Vec<Event>>,
    /// Told when another instance's people came or went.
    pub presence: Arc<Notify>,
    pub stop: watch::Receiver<bool>,
}

impl Bus {
    /// Starts the two loops. Returns at once; Redis need not be there yet.
    pub(super) fn start(wiring: Wiring) -> Self {
        let (outgoing, queue) = mpsc::channel(BACKLOG);
        let is_up = Arc::new(AtomicBool::new(false));
        tokio::spawn(publish(wiring.client.clone(), wiring.cluster.clone(), queue));
        let hub = Arc::clone(&wiring.hub);
        tokio::spawn(subscribe(wiring, Arc::clone(&is_up)));
        Self { outgoing, is_up, hub }
    }

    /// Sends a commit's events to the other instances; never waits.
    pub(super) fn events(&self, events: Vec<Event>) {
        if self.outgoing.try_send(Message::Events(events)).is_err() {
            self.hub.meters.unpublished();
        }
    }

    /// Tells the other instances that people came or went here.
    pub(super) fn presence(&self) {
        let _ = self.outgoing.try_send(Message::Presence);
    }

    /// Tells the other instances that somebody looks at everybody's figures.
    pub(super) fn look(&self) {
        let _ = self.outgoing.try_send(Message::Look);
    }

    /// Shows it on the other instances too, if Redis answers; never waits.
    pub(super) fn ephemeral(&self, change: Ephemeral) {
        let _ = self.outgoing.try_send(Message::Ephemeral(change));
    }

    /// Whether we hear the other instances.
    pub fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }
}

async fn publish(client: Client, cluster: String, mut queue: mpsc::Receiver<Message>) {
    let mut connection: Option<ConnectionManager> = None;
    while let Some(message) = queue.recv().await {
        let (channel, payload) = match message {
            Message::Events(events) => (events_channel(&cluster), wire::encode(&events)),
            Message::Presence => (presence_channel(&cluster), String::new()),
            Message::Look => (look_channel(&cluster), String::new()),
            // Strings and a topic always serialise.
            Message::Ephemeral(change) => {
                (ephemeral_channel(&cluster), serde_json::to_string(&change).unwrap_or_default())
            }
        };
        if connection.is_none() {
            connection = timeout(PATIENCE, client.get_connection_manager()).await.ok().and_then(Result::ok);
        }
        let Some(open) = connection.as_mut() else { continue };
        match timeout(PATIENCE, open.publish::<_, _, ()>(channel, payload)).await {
            Ok(Ok(())) => metrics::counter!("crea_redis_published_total").increment(1),
            Ok(Err(error)) => tracing::warn!(%error, "cannot publish to Redis"),
            Err(_) => {
                tracing::warn!("Redis does not answer");
                connection = None;
            }
        }
    }
}

async fn subscribe(wiring: Wiring, is_up: Arc<AtomicBool>) {
    let (doubt, mut stop) = (Arc::clone(&wiring.doubt), wiring.stop.clone());
    let set = |up: bool| {
        is_up.store(up, Ordering::Relaxed);
        doubt.redis(up);
    };
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            result = listen(&wiring, || set(true)) => {
                set(false);
                if let Err(error) = result {
                    tracing::debug!(%error, "Redis subscription ended");
                }
            }
        }
        sleep(RETRY).await;
    }
}

/// Hands on what other instances publish until the connection breaks.
async fn listen(wiring: &Wiring, connected: impl Fn()) -> RedisResult<()> {
    let Wiring { client, cluster, arrivals, presence, hub, .. } = wiring;
    let (mut sink, mut messages) = timeout(PATIENCE, client.get_async_pubsub()).await.map_err(too_slow)??.split();
    let (events, people, passing) = (events_channel(cluster), presence_channel(cluster), ephemeral_channel(cluster));
    let look = look_channel(cluster);
    timeout(PATIENCE, sink.subscribe(&[&events, &people, &passing, &look])).await.map_err(too_slow)??;
    connected();
    presence.notify_one();
    loop {
        match timeout(PING, messages.next()).await {
            Ok(Some(message)) if message.get_channel_name() == events => {
                // A full queue is not waited for: the outbox has it too.
                let _ = arrivals.try_send(wire::decode(&message.get_payload::<String>()?));
            }
            Ok(Some(message)) if message.get_channel_name() == passing => {
                if let Ok(change) = serde_json::from_str::<Ephemeral>(&message.get_payload::<String>()?) {
                    change.show(hub);
                }
            }
            Ok(Some(message)) if message.get_channel_name() == look => hub.meters.looked(),
            Ok(Some(_)) => presence.notify_one(),
            Ok(None) => return Ok(()),
            // A frozen Redis keeps the connection open: only a question shows it.
            Err(_) => timeout(PATIENCE, sink.subscribe(&people)).await.map_err(too_slow)??,
        }
    }
}

fn too_slow(_: tokio::time::error::Elapsed) -> redis::RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}

fn events_channel(cluster: &str) -> String {
    format!("crea:{cluster}:events")
}

fn ephemeral_channel(cluster: &str) -> String {
    format!("crea:{cluster}:passing")
}

fn look_channel(cluster: &str) -> String {
    format!("crea:{cluster}:look")
}

fn presence_channel(cluster: &str) -> String {
    format!("crea:{cluster}:presence")
}
