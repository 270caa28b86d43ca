//! Every socket dropped at once: the server stops (SIGTERM) and starts again, and everyone comes back when it said, with
//! the cursor that they had. What was written meanwhile must be there, once.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use crea::live::Topic;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use crate::check::{Faults, faults};
use crate::floor::Floor;
use crate::latency::Latency;
use crate::open::{self, Opened};
use crate::people::Person;
use crate::product::{Product, Setup};
use crate::reader::{Ended, Note};
use crate::sockets::Sockets;
use crate::writer::Writer;

/// What the script of the browser waits for when the server said nothing.
const UNSAID: Duration = Duration::from_millis(500);
/// After a refused connection.
const AGAIN: Duration = Duration::from_millis(500);
/// Nobody is given up earlier.
const PATIENCE: Duration = Duration::from_secs(60);
/// Events written while the server is down.
const MISSED: usize = 3;
const BYTES: usize = 500;

/// How everyone came back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Storm {
    /// From the drop of the first socket to the greeting of the last, in seconds.
    pub all_current_s: f64,
    /// From its drop to its greeting, per socket.
    pub current: Latency,
    /// For how long nothing listened, in milliseconds.
    pub down_ms: f64,
    /// Statements per socket, when the server counts them.
    pub statements: Option<f64>,
    /// Server CPU per socket, in microseconds, its start included.
    pub cpu_us: f64,
    pub faults: Faults,
}

/// Opens a socket per agent, restarts the server, and waits until all are current.
pub async fn run(setup: &Setup, floor: &Floor, count: usize) -> Result<Storm> {
    let (copy, agents) = (floor.copy().await?, &floor.people.agents);
    let mut product = Product::start(setup, &copy, None, &agents[0]).await?;
    let mut sockets = Sockets::start(count)?;
    product.open(&mut sockets, agents, 0, count).await?;
    while sockets.notes.try_recv().is_ok() {}
    let (address, stopped) = (product.address, Instant::now());
    product.process.terminate()?;
    product.process.wait()?;
    drop(product);
    let writer = Writer::join(&copy.url, setup.redis.as_deref()).await?;
    let missed: Vec<Uuid> = (0..MISSED).map(|_| Uuid::now_v7()).collect();
    writer.append(&Topic::Everyone, &missed, BYTES).await?;
    writer.leave().await;
    let product = Product::start(setup, &copy, Some(address), &agents[0]).await?;
    let down = stopped.elapsed();
    let (current, last) = come_back(&mut sockets, address, agents, count).await?;
    let audience: HashSet<u32> = (0..u32::try_from(count)?).collect();
    let mut found = faults(&sockets.take().await?, &missed, |_| &audience);
    found.disordered = sockets.counts.faults();
    let storm = Storm {
        all_current_s: last.saturating_duration_since(stopped).as_secs_f64(),
        current: Latency::of(current),
        down_ms: down.as_secs_f64() * 1e3,
        statements: product.metric("crea_statements_total").await?.map(|all| all / count as f64),
        cpu_us: product.process.usage()?.total.as_secs_f64() * 1e6 / count as f64,
        faults: found,
    };
    drop((sockets, product));
    copy.remove().await?;
    Ok(storm)
}

/// Reconnects whoever ended, when they may; how long each took, and when the last was greeted.
async fn come_back(
    sockets: &mut Sockets,
    address: SocketAddr,
    agents: &[Person],
    count: usize,
) -> Result<(Vec<Duration>, Instant)> {
    let (mut dropped, mut took) = (vec![None; count], Vec::with_capacity(count));
    let (mut opening, mut last) = (JoinSet::new(), Instant::now());
    while took.len() < count {
        tokio::select! {
            note = timeout(PATIENCE, sockets.notes.recv()) => match note {
                Ok(Some(Note::Ended(ended))) => {
                    // Told in a batch after the server's end: those who were told a delay wait for it from here.
                    dropped[ended.socket].get_or_insert_with(Instant::now);
                    opening.spawn(reopen(address, agents[ended.socket].cookie.clone(), ended));
                }
                Ok(Some(Note::Greeted { socket, at })) => {
                    if let Some(dropped) = dropped[socket].take() {
                        took.push(at.saturating_duration_since(dropped));
                        last = last.max(at);
                    }
                }
                _ => break,
            },
            Some(opened) = opening.join_next() => {
                let (socket, (stream, rest)) = opened??;
                sockets.put(socket, stream, rest)?;
            }
        }
    }
    ensure!(took.len() == count, "only {} of {count} sockets came back", took.len());
    Ok((took, last))
}

async fn reopen(address: SocketAddr, cookie: String, ended: Ended) -> Result<(usize, Opened)> {
    tokio::time::sleep(ended.retry_ms.map_or(UNSAID, Duration::from_millis)).await;
    let path = format!("/live?cursor={}&page=0&topics=", ended.cursor);
    let until = Instant::now() + PATIENCE;
    loop {
        match open::socket(address, open::source(ended.socket), &path, &cookie).await {
            Ok(opened) => return Ok((ended.socket, opened)),
            Err(error) if Instant::now() > until => return Err(error),
            Err(_) => tokio::time::sleep(AGAIN).await,
        }
    }
}
