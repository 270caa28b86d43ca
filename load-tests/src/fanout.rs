//! One event to every socket, alone and several at once: what the server pays per delivery.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use crea::live::Topic;
use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::check::{Faults, faults};
use crate::latency::Latency;
use crate::process::{Process, Usage};
use crate::rival::Rival;
use crate::sockets::Sockets;
use crate::writer::Writer;

/// Events under way at once, and how often that is repeated.
pub const LEVELS: [(usize, usize); 3] = [(1, 12), (4, 6), (16, 4)];
/// An event that is not everywhere by then is lost.
const PATIENCE: Duration = Duration::from_secs(30);
/// CPU in a second of a server that is not at rest: what it does then cannot be told from deliveries and counts as such.
const RESTLESS: Duration = Duration::from_millis(50);

/// CPU in a second of a server that has settled.
const SETTLED: Duration = Duration::from_millis(30);

/// Who is asked to deliver.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    Product(&'a Writer),
    Rival(&'a Rival),
}

/// What it cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fanout {
    /// Server CPU per delivery, in microseconds; what it uses at rest is taken off, if it comes to rest at all.
    pub delivery_us: f64,
    /// The part of it outside the kernel, as the kernel samples it.
    pub user_us: f64,
    /// From the request to the last socket.
    pub last: Latency,
    pub faults: Faults,
}

impl Source<'_> {
    async fn send(self, messages: &[Uuid], bytes: usize) -> Result<()> {
        match self {
            Self::Product(writer) => writer.append(&Topic::Everyone, messages, bytes).await,
            Self::Rival(rival) => {
                try_join_all(messages.iter().map(|message| rival.send(*message, bytes))).await.map(|_| ())
            }
        }
    }
}

/// Sends `at_once` events `times` times, each time waiting until all are everywhere.
pub async fn measure(
    source: Source<'_>,
    process: &Process,
    sockets: &Sockets,
    (at_once, times): (usize, usize),
    (bytes, idle): (usize, Usage),
) -> Result<Fanout> {
    sockets.take().await?;
    let (faults_before, before, began) = (sockets.counts.faults(), process.usage()?, Instant::now());
    let (mut sent, mut lasts) = (Vec::new(), Vec::new());
    for _ in 0..times {
        let messages: Vec<Uuid> = (0..at_once).map(|_| Uuid::now_v7()).collect();
        let at = Instant::now();
        source.send(&messages, bytes).await?;
        for message in &messages {
            if let Some(last) = sockets.everywhere(*message, PATIENCE).await {
                lasts.push(last.saturating_duration_since(at));
            }
        }
        sent.extend(messages);
    }
    let (used, lasted) = (process.usage()?.since(before), began.elapsed());
    let audience: HashSet<u32> = (0..u32::try_from(sockets.opened())?).collect();
    let deliveries = sent.len() * audience.len();
    ensure!(deliveries > 0, "nothing to deliver");
    let is_at_rest = idle.total <= RESTLESS;
    let per = |used: Duration, idle: Duration| {
        let rest = if is_at_rest { idle.as_secs_f64() * lasted.as_secs_f64() } else { 0.0 };
        (used.as_secs_f64() - rest).max(0.0) * 1e6 / deliveries as f64
    };
    let mut found = faults(&sockets.take().await?, &sent, |_| &audience);
    found.disordered = sockets.counts.faults() - faults_before;
    Ok(Fanout {
        delivery_us: per(used.total, idle.total),
        user_us: per(used.user, idle.user),
        last: Latency::of(lasts),
        faults: found,
    })
}

/// Waits until the server is at rest, no longer than this.
pub async fn settle(process: &Process, most: Duration) -> Result<()> {
    let until = Instant::now() + most;
    while Instant::now() < until && idle(process, Duration::from_secs(1)).await?.total > SETTLED {}
    Ok(())
}

/// What the server uses in a second at rest.
pub async fn idle(process: &Process, time: Duration) -> Result<Usage> {
    let (before, began) = (process.usage()?, Instant::now());
    tokio::time::sleep(time).await;
    let used = process.usage()?.since(before);
    let share = |used: Duration| used.div_f64(began.elapsed().as_secs_f64());
    Ok(Usage { total: share(used.total), user: share(used.user) })
}
