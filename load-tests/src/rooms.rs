//! Conversations at a set rate: people write in groups, type, and open pages, while every socket is checked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep_until;
use uuid::Uuid;

use crate::check::{Faults, faults};
use crate::latency::Latency;
use crate::people::People;
use crate::product::Product;
use crate::sockets::Sockets;

/// Requests under way; one more waits, and its waiting counts as latency.
const UNDER_WAY: usize = 512;
/// For what was answered and has not arrived.
const PATIENCE: Duration = Duration::from_secs(10);
/// When all has arrived, sockets are read on for so long: a second copy would come late.
const LATE: Duration = Duration::from_millis(500);

/// What people do in a second. One person may write twenty messages a minute.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    pub messages: usize,
    pub typing: usize,
    pub pages: usize,
    pub seconds: usize,
}

/// How it went.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rooms {
    /// From the moment a message was due to its frame on a socket.
    pub from_request: Latency,
    /// From its answer, which follows the commit, to its frame; none is before it.
    pub from_answer: Latency,
    /// From the moment a message was due to its answer.
    pub answer: Latency,
    /// From the moment a page was due to its last byte.
    pub page: Latency,
    /// Messages a second that were answered.
    pub rate: f64,
    /// Server CPU per message, in milliseconds: the request, the commit and all deliveries.
    pub cpu_ms: f64,
    /// Statements per message, when the server counts them.
    pub statements: Option<f64>,
    /// Deliveries per message.
    pub deliveries: f64,
    /// Requests with any other answer, or none.
    pub failed: usize,
    pub faults: Faults,
}

/// What became of a request.
struct Done {
    message: Option<(Uuid, usize)>,
    due: Instant,
    answered: Instant,
    is_right: bool,
}

/// Writes, types and opens pages on schedule: each begins when it is due, however long earlier ones take. Socket `n` is
/// that of agent `n`.
pub async fn run(product: &Arc<Product>, sockets: &Sockets, people: &Arc<People>, traffic: Traffic) -> Result<Rooms> {
    ensure!(!people.rooms.is_empty() && sockets.opened() >= people.agents.len(), "rooms and a socket for everyone");
    sockets.take().await?;
    let before = (sockets.counts.faults(), product.process.usage()?, product.metric("crea_statements_total").await?);
    let (began, base) = (Instant::now(), sockets.delivered_so_far());
    let (limit, mut requests) = (Arc::new(Semaphore::new(UNDER_WAY)), JoinSet::new());
    for (at, what) in schedule(traffic) {
        let due = began + at;
        sleep_until(due.into()).await;
        match what {
            What::Message(n) => {
                requests.spawn(write(Arc::clone(product), Arc::clone(people), n, due, Arc::clone(&limit)))
            }
            What::Page(n) => requests.spawn(look(Arc::clone(product), Arc::clone(people), n, due, Arc::clone(&limit))),
            What::Typing(n) => {
                let room = &people.rooms[n % people.rooms.len()];
                let typist = room.members[n / people.rooms.len() % room.members.len()];
                sockets.say(typist, &format!("{{\"typing\":\"{}\"}}", room.id))?;
                continue;
            }
        };
    }
    let done = requests.join_all().await;
    let posting = began.elapsed();
    let audiences: Vec<HashSet<u32>> = people.rooms.iter().map(|room| places(&room.members)).collect();
    let sent: HashMap<Uuid, (usize, &Done)> =
        done.iter().filter(|d| d.is_right).filter_map(|d| d.message.map(|(id, room)| (id, (room, d)))).collect();
    let expected: usize = sent.values().map(|(room, _)| audiences[*room].len()).sum();
    sockets.delivered(base + expected, PATIENCE).await;
    tokio::time::sleep(LATE).await;
    let used = product.process.usage()?.since(before.1);
    let statements = product.metric("crea_statements_total").await?.zip(before.2).map(|(now, then)| now - then);
    let seen = sockets.take().await?;
    let ids: Vec<Uuid> = sent.keys().copied().collect();
    let mut found = faults(&seen, &ids, |id| &audiences[sent[&id].0]);
    found.disordered = sockets.counts.faults() - before.0;
    let delays = |from: fn(&Done) -> Instant| {
        let delay = |seen: &crate::sockets::Seen| {
            sent.get(&seen.message).map(|(_, done)| sockets.instant(seen.at_us).saturating_duration_since(from(done)))
        };
        Latency::of(seen.iter().filter_map(delay).collect())
    };
    let took = |is_message: bool| {
        let same = done.iter().filter(|d| d.is_right && d.message.is_some() == is_message);
        Latency::of(same.map(|d| d.answered - d.due).collect())
    };
    let messages = sent.len().max(1) as f64;
    Ok(Rooms {
        from_request: delays(|done| done.due),
        from_answer: delays(|done| done.answered),
        answer: took(true),
        page: took(false),
        rate: sent.len() as f64 / posting.as_secs_f64(),
        cpu_ms: used.total.as_secs_f64() * 1e3 / messages,
        statements: statements.map(|count| count / messages),
        deliveries: seen.len() as f64 / messages,
        failed: done.iter().filter(|d| !d.is_right).count(),
        faults: found,
    })
}

fn places(members: &[usize]) -> HashSet<u32> {
    members.iter().filter_map(|n| u32::try_from(*n).ok()).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Message(usize),
    Typing(usize),
    Page(usize),
}

/// Everything that is due, in the order of its time.
fn schedule(traffic: Traffic) -> Vec<(Duration, What)> {
    let due =
        |rate: usize| (0..rate * traffic.seconds).map(move |n| (Duration::from_secs_f64(n as f64 / rate as f64), n));
    let mut all: Vec<(Duration, What)> = due(traffic.messages).map(|(at, n)| (at, What::Message(n))).collect();
    all.extend(due(traffic.typing).map(|(at, n)| (at, What::Typing(n))));
    all.extend(due(traffic.pages).map(|(at, n)| (at, What::Page(n))));
    all.sort_by_key(|(at, _)| *at);
    all
}

/// Message `n`: rooms in turn, and in each its people in turn.
async fn write(product: Arc<Product>, people: Arc<People>, n: usize, due: Instant, limit: Arc<Semaphore>) -> Done {
    let _permit = limit.acquire().await;
    let place = n % people.rooms.len();
    let room = &people.rooms[place];
    let writer = &people.agents[room.members[n / people.rooms.len() % room.members.len()]];
    let (id, path) = (Uuid::now_v7(), format!("/chat/{}/messages", room.id));
    let fields = [("id", id.to_string()), ("body", format!("message {n} of a load"))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = product.server.post(&path, &writer.cookie, &fields).await;
    let is_right = answer.is_ok_and(|answer| matches!(answer.status, 200 | 303));
    Done { message: Some((id, place)), due, answered: Instant::now(), is_right }
}

/// Page `n`: the start, the chat, a conversation, in turn, by everybody in turn.
async fn look(product: Arc<Product>, people: Arc<People>, n: usize, due: Instant, limit: Arc<Semaphore>) -> Done {
    let _permit = limit.acquire().await;
    let room = &people.rooms[n % people.rooms.len()];
    let reader = &people.agents[room.members[n / people.rooms.len() % room.members.len()]];
    let path = ["/".to_owned(), "/chat".to_owned(), format!("/chat/{}", room.id)][n % 3].clone();
    let answer = product.server.get(&path, &reader.cookie).await;
    Done { message: None, due, answered: Instant::now(), is_right: answer.is_ok_and(|answer| answer.status == 200) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_due_in_the_order_of_its_time() {
        let all = schedule(Traffic { messages: 2, typing: 1, pages: 0, seconds: 2 });
        let ms: Vec<u128> = all.iter().map(|(at, _)| at.as_millis()).collect();
        assert_eq!(ms, [0, 0, 500, 1_000, 1_000, 1_500]);
        assert_eq!(all.iter().filter(|(_, what)| matches!(what, What::Message(_))).count(), 4);
    }
}
