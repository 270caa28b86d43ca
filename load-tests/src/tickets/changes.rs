//! Agents take their tickets up while others watch the list: every change is on every screen once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use crea::{db, sql};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::AGENTS;
use super::fill::IN_HANDS;
use crate::check::{Faults, faults};
use crate::latency::Latency;
use crate::people::People;
use crate::product::Product;
use crate::sockets::Sockets;

/// Changes a second: 200 people who each do something every two seconds.
const RATE: f64 = 100.0;
/// For what was answered and has not arrived.
const PATIENCE: Duration = Duration::from_secs(10);
/// When all has arrived, sockets are read on for so long: a second copy would come late.
const LATE: Duration = Duration::from_millis(500);

/// How it went.
pub struct Changes {
    /// From the moment a change was due to its frame on a screen.
    pub seen: Latency,
    /// To its answer.
    pub answer: Latency,
    /// Changes a second that were answered.
    pub rate: f64,
    /// Server CPU of one, in milliseconds.
    pub cpu_ms: f64,
    pub faults: Faults,
    /// Any other answer, or none.
    pub failed: usize,
}

/// One change.
struct Done {
    ticket: Uuid,
    agent: usize,
    due: Instant,
    answered: Instant,
    is_right: bool,
}

/// Each agent takes up every ticket in their hands, one change each. Socket `n` is that of agent `n`; those after them
/// watch the list.
pub async fn run(product: &Arc<Product>, sockets: &Sockets, people: &Arc<People>, url: &str) -> Result<Changes> {
    let tickets = in_hands(url).await?;
    sockets.take().await?;
    let (before, used) = (sockets.counts.faults(), product.process.usage()?);
    let (began, base, mut requests) = (Instant::now(), sockets.delivered_so_far(), JoinSet::new());
    for (n, ticket) in tickets.iter().copied().enumerate() {
        let due = began + Duration::from_secs_f64(n as f64 / RATE);
        tokio::time::sleep_until(due.into()).await;
        requests.spawn(take_up(Arc::clone(product), Arc::clone(people), ticket, n % AGENTS, due));
    }
    let done = requests.join_all().await;
    let took = began.elapsed();
    let right: HashMap<Uuid, &Done> = done.iter().filter(|d| d.is_right).map(|d| (d.ticket, d)).collect();
    let watchers = AGENTS..sockets.opened();
    let audience = |done: &Done| -> HashSet<u32> {
        let requester = (done.agent + 1) % AGENTS;
        let all = watchers.clone().chain([done.agent, requester]);
        all.filter_map(|n| u32::try_from(n).ok()).collect()
    };
    let audiences: HashMap<Uuid, HashSet<u32>> = right.iter().map(|(id, done)| (*id, audience(done))).collect();
    sockets.delivered(base + audiences.values().map(HashSet::len).sum::<usize>(), PATIENCE).await;
    tokio::time::sleep(LATE).await;
    let used = product.process.usage()?.since(used);
    let seen = sockets.take().await?;
    let ids: Vec<Uuid> = right.keys().copied().collect();
    let mut found = faults(&seen, &ids, |id| &audiences[&id]);
    found.disordered = sockets.counts.faults() - before;
    let delay = |seen: &crate::sockets::Seen| {
        right.get(&seen.message).map(|done| sockets.instant(seen.at_us).saturating_duration_since(done.due))
    };
    Ok(Changes {
        seen: Latency::of(seen.iter().filter_map(delay).collect()),
        answer: Latency::of(right.values().map(|done| done.answered - done.due).collect()),
        rate: right.len() as f64 / took.as_secs_f64(),
        cpu_ms: used.total.as_secs_f64() * 1e3 / right.len().max(1) as f64,
        faults: found,
        failed: done.len() - right.len(),
    })
}

/// The tickets in the agents' hands, in the order in which they were filled in.
async fn in_hands(url: &str) -> Result<Vec<Uuid>> {
    let db = db::connect(url).await?;
    let last = i64::try_from(AGENTS * IN_HANDS)?;
    let rows: Vec<(Uuid,)> = db.all(sql!("select id from ticket where number <= $1 order by number", last)).await?;
    db.close().await;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn take_up(product: Arc<Product>, people: Arc<People>, ticket: Uuid, agent: usize, due: Instant) -> Done {
    let fields = [("to", "EP"), ("version", "1"), ("reason", "")];
    let path = format!("/tickets/{ticket}/state");
    let answer = product.server.post(&path, &people.agents[agent].cookie, &fields).await;
    let is_right = answer.is_ok_and(|answer| matches!(answer.status, 200 | 303));
    Done { ticket, agent, due, answered: Instant::now(), is_right }
}
