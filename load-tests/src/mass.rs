//! Mass messages as people send them: a request, ten thousand recipients, exact counters.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::check::{Faults, faults};
use crate::latency::Latency;
use crate::people::{Person, SENDS_PER_PERSON};
use crate::product::Product;
use crate::sockets::Sockets;

/// Mass messages of one measurement.
pub const TIMES: usize = 12;
const PATIENCE: Duration = Duration::from_secs(60);

/// What mass messages cost and how long they took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mass {
    /// From the request to its answer.
    pub answer: Latency,
    /// From the request to the last socket.
    pub last: Latency,
    /// From the answer to the last socket: the fan-out as far as it was not over by then.
    pub after_answer: Latency,
    /// Server CPU per mass message, in milliseconds.
    pub cpu_ms: f64,
    /// Bytes on each socket, counters included.
    pub bytes: f64,
    pub faults: Faults,
}

/// One after the other, each when the last is everywhere. `first` is how many these people have sent before.
pub async fn measure(product: &Product, sockets: &Sockets, senders: &[Person], first: usize) -> Result<Mass> {
    use std::sync::atomic::Ordering::Relaxed;
    sockets.take().await?;
    let (faults_before, before) = (sockets.counts.faults(), product.process.usage()?);
    let bytes_before = sockets.counts.bytes.load(Relaxed);
    let (mut sent, mut answers, mut lasts, mut afters) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for n in first..first + TIMES {
        let at = Instant::now();
        let message = product.send(&senders[n / SENDS_PER_PERSON]).await?;
        let answered = at.elapsed();
        answers.push(answered);
        if let Some(last) = sockets.everywhere(message, PATIENCE).await {
            let last = last.saturating_duration_since(at);
            lasts.push(last);
            afters.push(last.saturating_sub(answered));
        }
        sent.push(message);
    }
    let used = product.process.usage()?.since(before);
    let audience: HashSet<u32> = (0..u32::try_from(sockets.opened())?).collect();
    let mut found = faults(&sockets.take().await?, &sent, |_| &audience);
    found.disordered = sockets.counts.faults() - faults_before;
    let bytes = sockets.counts.bytes.load(Relaxed) - bytes_before;
    Ok(Mass {
        answer: Latency::of(answers),
        last: Latency::of(lasts),
        after_answer: Latency::of(afters),
        cpu_ms: used.total.as_secs_f64() * 1e3 / TIMES as f64,
        bytes: bytes as f64 / (TIMES * audience.len().max(1)) as f64,
        faults: found,
    })
}
