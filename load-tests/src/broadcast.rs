//! Load by mass messages: one to every agent, the next when all sockets have it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::timeout_at;

use crate::Broadcast;
use crate::http::Server;
use crate::report::Latency;
use crate::socket::{Seen, Socket};
use crate::user::{self, User};

/// Sockets that are opened at the same time.
const OPENING: usize = 16;

/// Signs in, opens sockets, sends, and answers a table and whether every socket saw every message once.
pub async fn run(settings: &Broadcast) -> Result<(String, bool)> {
    let server = Server::at(&settings.url).await?;
    let text =
        std::fs::read_to_string(&settings.users).with_context(|| format!("reading {}", settings.users.display()))?;
    let mut people = Vec::new();
    for (email, password) in &user::parse(&text)? {
        people.push(User::sign_in(&server, email, password).await?);
    }
    let (sender, agents) = people.split_first().context("nobody in the file")?;
    ensure!(!agents.is_empty(), "an administrator and at least one agent");
    let opening = agents.iter().cycle().take(settings.sockets as usize).map(|agent| Socket::open(&server, agent));
    let sockets: Vec<Socket> = stream::iter(opening).buffered(OPENING).try_collect().await?;
    let (tell, mut seen) = unbounded_channel();
    let tell = Arc::new(tell);
    let mut readers = JoinSet::new();
    for (number, socket) in sockets.into_iter().enumerate() {
        readers.spawn(socket.read(number, Arc::clone(&tell)));
    }
    let (mut answers, mut lasts, mut wrong) = (Vec::new(), Vec::new(), 0);
    for _ in 0..settings.times {
        let (at, id) = (Instant::now(), send(&server, sender).await?);
        answers.push(at.elapsed());
        let deadline = at + Duration::from_secs(settings.settle_s.into());
        let (last, faults) = listen(&mut seen, &id, settings.sockets, deadline).await;
        lasts.extend(last.map(|last| last.saturating_duration_since(at)));
        wrong += faults;
    }
    readers.shutdown().await;
    let mut lines = vec![format!("sockets {}   mass messages {}   faults {wrong}", settings.sockets, settings.times)];
    lines.push(format!("{:<14} {:>9} {:>9}", "milliseconds", "p50", "max"));
    for (name, values) in [("answer", answers), ("last frame", lasts)] {
        let l = Latency::of(values);
        lines.push(format!("{name:<14} {:>9.2} {:>9.2}", l.p50_ms, l.max_ms));
    }
    Ok((lines.join("\n") + "\n", wrong == 0))
}

/// One to every agent; the id of its conversation.
async fn send(server: &Server, sender: &User) -> Result<String> {
    let key = uuid::Uuid::now_v7().to_string();
    let fields = [("key", key.as_str()), ("body", "A mass message of a load"), ("everyone", "1"), ("role", "asesor")];
    let answer = server.post("/broadcasts", &sender.cookie, &fields).await?;
    let id = answer.header("location").and_then(|to| to.strip_prefix("/broadcasts/")).filter(|_| answer.status == 303);
    Ok(id.with_context(|| format!("{} could not send (status {})", sender.email, answer.status))?.to_owned())
}

/// Waits for the message on all sockets: when the last one had it, and how many lack it, had it twice, or failed.
async fn listen(
    seen: &mut UnboundedReceiver<Seen>,
    id: &str,
    sockets: u32,
    deadline: Instant,
) -> (Option<Instant>, usize) {
    let (mut had, mut last, mut faults) = (std::collections::HashSet::new(), None, 0);
    while had.len() < sockets as usize {
        match timeout_at(deadline.into(), seen.recv()).await {
            Ok(Some(Seen::Message { socket, id: shown, at })) if shown == id => {
                faults += usize::from(!had.insert(socket));
                last = last.max(Some(at));
            }
            Ok(Some(Seen::Message { .. })) => {}
            Ok(Some(_)) => faults += 1,
            _ => return (last, faults + sockets as usize - had.len()),
        }
    }
    (last, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_lacks_and_what_comes_twice_is_counted() {
        let (tell, mut seen) = unbounded_channel();
        let at = Instant::now();
        for (socket, id) in [(0, "m"), (1, "other"), (0, "m"), (1, "m")] {
            assert!(tell.send(Seen::Message { socket, id: id.to_owned(), at }).is_ok());
        }
        let soon = at + Duration::from_millis(30);
        assert_eq!(listen(&mut seen, "m", 2, soon).await, (Some(at), 1));
        assert_eq!(listen(&mut seen, "next", 2, soon).await, (None, 2));
    }
}
