//! Load on direct conversations: two people each, writing in turn, with any number of sockets watching.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout_at};

use crate::Chat;
use crate::http::Server;
use crate::report::{Latency, Report};
use crate::socket::{Seen, Socket};
use crate::user::{self, User};

/// Sockets that are opened at the same time.
const OPENING: usize = 16;
/// Requests under way; one more waits, and its waiting counts as latency.
const UNDER_WAY: usize = 512;
/// When all has arrived, sockets are read on for so long: a second copy would come late.
const LATE: Duration = Duration::from_millis(500);

/// A conversation of two people, by their place in the list of people.
#[derive(Debug)]
struct Pair {
    conversation: String,
    people: [usize; 2],
}

/// A message that was posted.
#[derive(Debug)]
struct Sent {
    pair: usize,
    at: Instant,
    answered: Duration,
    /// The status, or none if there was no answer.
    status: Option<u16>,
}

/// Signs everyone in, opens conversations and sockets, posts on schedule, waits for what was posted, and counts.
pub async fn run(settings: &Chat) -> Result<Report> {
    let server = Arc::new(Server::at(&settings.url).await?);
    let text =
        std::fs::read_to_string(&settings.users).with_context(|| format!("reading {}", settings.users.display()))?;
    let mut people = Vec::new();
    for (email, password) in user::parse(&text)?.iter().take(settings.sockets as usize) {
        people.push(Arc::new(User::sign_in(&server, email, password).await?));
    }
    let (pairs, refused_pairs) = pairs(&server, &people).await?;

    // Only those who converse watch, so that every socket has something to prove.
    let talking: Vec<usize> = pairs.iter().flat_map(|pair| pair.people).collect();
    let owners: Vec<usize> = talking.iter().copied().cycle().take(settings.sockets as usize).collect();
    let opening = owners.iter().map(|person| Socket::open(&server, &people[*person]));
    let sockets: Vec<Socket> = stream::iter(opening).buffered(OPENING).try_collect().await?;
    let (tell, mut seen) = unbounded_channel();
    let tell = Arc::new(tell);
    let mut readers = JoinSet::new();
    for (number, socket) in sockets.into_iter().enumerate() {
        readers.spawn(socket.read(number, Arc::clone(&tell)));
    }

    let started = Instant::now();
    let sent = post_all(settings, &server, &people, &pairs).await;
    let posting = started.elapsed();
    let mut tally = Tally::new(sent, &pairs, &owners);
    tally.listen(&mut seen, Duration::from_secs(settings.settle_s.into())).await;
    readers.shutdown().await;

    let mut report = tally.report();
    report.people = people.len();
    report.conversations = pairs.len();
    report.refused_conversations = refused_pairs;
    report.sockets = owners.len();
    report.asked_rate = settings.rate;
    report.reached_rate = f64::from(settings.messages) / posting.as_secs_f64();
    Ok(report)
}

/// Opens a conversation between each two neighbours of the list. Pairs that may not write to each other are counted.
async fn pairs(server: &Server, people: &[Arc<User>]) -> Result<(Vec<Pair>, usize)> {
    let (mut pairs, mut refused) = (Vec::new(), 0);
    for (n, two) in people.chunks_exact(2).enumerate() {
        let answer = server.post("/chat/direct", &two[0].cookie, &[("user_id", &two[1].id)]).await?;
        match answer.header("location").and_then(|to| to.strip_prefix("/chat/")) {
            Some(id) if answer.status == 303 => {
                pairs.push(Pair { conversation: id.to_owned(), people: [2 * n, 2 * n + 1] })
            }
            _ => refused += 1,
        }
    }
    ensure!(!pairs.is_empty(), "no two neighbours of the list may write to each other ({refused} pairs refused)");
    Ok((pairs, refused))
}

/// Posts on schedule: a message starts when it is due, however long earlier ones take.
async fn post_all(
    settings: &Chat,
    server: &Arc<Server>,
    people: &[Arc<User>],
    pairs: &[Pair],
) -> HashMap<String, Sent> {
    let (limit, mut posts) = (Arc::new(Semaphore::new(UNDER_WAY)), JoinSet::new());
    let start = tokio::time::Instant::now();
    for n in 0..settings.messages as usize {
        sleep_until(start + Duration::from_secs_f64(n as f64 / f64::from(settings.rate))).await;
        let pair = n % pairs.len();
        let writer = Arc::clone(&people[pairs[pair].people[n / pairs.len() % 2]]);
        let path = format!("/chat/{}/messages", pairs[pair].conversation);
        let (server, limit) = (Arc::clone(server), Arc::clone(&limit));
        posts.spawn(async move {
            let (at, id) = (Instant::now(), uuid::Uuid::now_v7().to_string());
            let _permit = limit.acquire().await;
            let fields = [("id", id.as_str()), ("body", &format!("message {n} of a load"))];
            let answer = server.post(&path, &writer.cookie, &fields).await;
            let status = answer.ok().map(|answer| answer.status);
            (id, Sent { pair, at, answered: at.elapsed(), status })
        });
    }
    posts.join_all().await.into_iter().collect()
}

/// What was posted against what was seen.
#[derive(Debug)]
struct Tally {
    sent: HashMap<String, Sent>,
    /// Sockets of the two people of each pair.
    audience: Vec<HashSet<usize>>,
    /// Which message was seen by which socket.
    shown: HashSet<(String, usize)>,
    expected: usize,
    delivered: usize,
    delays: Vec<Duration>,
    report: Report,
}

impl Tally {
    fn new(sent: HashMap<String, Sent>, pairs: &[Pair], owners: &[usize]) -> Self {
        let of = |pair: &Pair| {
            owners
                .iter()
                .enumerate()
                .filter(|(_, owner)| pair.people.contains(owner))
                .map(|(socket, _)| socket)
                .collect()
        };
        let audience: Vec<HashSet<usize>> = pairs.iter().map(of).collect();
        let expected = sent.values().filter(|s| s.is_accepted()).map(|s| audience[s.pair].len()).sum();
        Self {
            sent,
            audience,
            expected,
            shown: HashSet::new(),
            delivered: 0,
            delays: Vec::new(),
            report: Report::default(),
        }
    }

    /// Takes in what the sockets told, until nothing is owed or the time is up, and what comes late.
    async fn listen(&mut self, seen: &mut UnboundedReceiver<Seen>, at_most: Duration) {
        let deadline = tokio::time::Instant::now() + at_most;
        while self.delivered < self.expected {
            let Ok(Some(event)) = timeout_at(deadline, seen.recv()).await else { break };
            self.take(event);
        }
        let deadline = tokio::time::Instant::now() + LATE;
        while let Ok(Some(event)) = timeout_at(deadline, seen.recv()).await {
            self.take(event);
        }
    }

    fn take(&mut self, event: Seen) {
        match event {
            Seen::OutOfOrder => self.report.out_of_order += 1,
            Seen::Reset => self.report.resets += 1,
            Seen::Closed => self.report.closed += 1,
            Seen::Message { socket, id, at } => {
                let Some(sent) = self.sent.get(&id) else { return };
                if !self.audience[sent.pair].contains(&socket) {
                    self.report.leaked += 1;
                } else if !self.shown.insert((id, socket)) {
                    self.report.doubled += 1;
                } else if sent.is_accepted() {
                    self.delivered += 1;
                    self.delays.push(at.saturating_duration_since(sent.at));
                }
            }
        }
    }

    fn report(self) -> Report {
        let count = |wanted: fn(&Sent) -> bool| self.sent.values().filter(|sent| wanted(sent)).count();
        let answers = self.sent.values().filter(|sent| sent.is_accepted()).map(|sent| sent.answered).collect();
        Report {
            accepted: count(Sent::is_accepted),
            throttled: count(|sent| sent.status == Some(429)),
            failed: count(|sent| !sent.is_accepted() && sent.status != Some(429)),
            expected: self.expected,
            delivered: self.delivered,
            lost: self.expected - self.delivered,
            delivery: Latency::of(self.delays),
            answer: Latency::of(answers),
            ..self.report
        }
    }
}

impl Sent {
    fn is_accepted(&self) -> bool {
        matches!(self.status, Some(200 | 303))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_doubles_and_leaks_are_told_apart() {
        let at = Instant::now();
        let sent = |pair, status| Sent { pair, at, answered: Duration::from_millis(2), status };
        let posted =
            [("a", sent(0, Some(200))), ("b", sent(1, Some(303))), ("c", sent(0, Some(429))), ("d", sent(0, None))];
        let pairs = [[0, 1], [2, 3]].map(|people| Pair { conversation: String::new(), people });
        let mut tally = Tally::new(posted.map(|(id, sent)| (id.to_owned(), sent)).into(), &pairs, &[0, 1, 2, 3, 0]);
        assert_eq!(tally.expected, 3 + 2);
        let mut see = |socket, id: &str, ms| {
            tally.take(Seen::Message { socket, id: id.to_owned(), at: at + Duration::from_millis(ms) })
        };
        see(0, "a", 3);
        see(4, "a", 5);
        see(4, "a", 6); // doubled
        see(2, "a", 5); // not theirs
        see(2, "b", 4);
        see(0, "of another run", 1);
        let report = tally.report();
        assert_eq!((report.accepted, report.throttled, report.failed), (2, 1, 1));
        assert_eq!((report.expected, report.delivered, report.lost, report.doubled, report.leaked), (5, 3, 2, 1, 1));
        assert!((report.delivery.max_ms - 5.0).abs() < 1e-9 && !report.is_clean());
    }
}
