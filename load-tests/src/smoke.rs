//! Correctness alone, in under a minute in a debug build: every scenario once, small, with every delivery checked.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use crea::live::Topic;
use uuid::Uuid;

use crate::check::Faults;
use crate::fanout::{self, Source};
use crate::floor::{Floor, Wanted};
use crate::mass;
use crate::process::Usage;
use crate::product::{Product, Setup};
use crate::rooms::{self, Traffic};
use crate::sockets::Sockets;
use crate::storm;
use crate::writer::Writer;

/// One per person.
pub const SOCKETS: usize = 500;
/// Sizes of conversations; 500 people take part in one each, more or less.
const ROOMS: [usize; 8] = [2, 3, 5, 10, 20, 50, 2, 8];
/// Sockets that stop reading for a while, and take up again.
const STALLED: usize = 20;
const TRAFFIC: Traffic = Traffic { messages: 40, typing: 20, pages: 4, seconds: 4 };
/// Events at once, and how often.
const BURST: (usize, usize) = (16, 2);

/// Runs everything; prints a line each and answers whether all was exact.
pub async fn run(setup: &Setup, postgres: Option<String>) -> Result<bool> {
    let rooms: Vec<usize> = ROOMS.iter().copied().cycle().take(40).collect();
    let wanted = Wanted { agents: SOCKETS, sends: mass::TIMES, rooms };
    let floor = Floor::prepare(postgres, None, &wanted).await?;
    let copy = floor.copy().await?;
    let people = Arc::new(floor.people.clone());
    let product = Arc::new(Product::start(setup, &copy, None, &people.agents[0]).await?);
    let mut sockets = Sockets::start(SOCKETS)?;
    product.open(&mut sockets, &people.agents, 0, SOCKETS).await?;
    let writer = Writer::join(&copy.url, setup.redis.as_deref()).await?;

    let rooms = rooms::run(&product, &sockets, &people, TRAFFIC).await?;
    let mut is_exact = told("conversations, typing, pages", rooms.faults) && rooms.failed == 0;
    println!("  {} requests failed; p99 of a message {:.0} ms", rooms.failed, rooms.from_request.p99_ms);

    let source = Source::Product(&writer);
    let rest = (500, Usage::default());
    is_exact &=
        told("16 events at once", fanout::measure(source, &product.process, &sockets, BURST, rest).await?.faults);

    is_exact &= told("stalled readers", stalled(&writer, &sockets).await?);
    let mass = mass::measure(&product, &sockets, &people.senders, 0).await?;
    is_exact &= told("mass messages", mass.faults);
    writer.leave().await;
    drop((sockets, product));
    copy.remove().await?;

    let storm = storm::run(setup, &floor, SOCKETS).await?;
    is_exact &= told("reconnect storm", storm.faults);
    println!("  all current after {:.1} s", storm.all_current_s);
    floor.remove().await?;
    Ok(is_exact)
}

fn told(what: &str, faults: Faults) -> bool {
    let Faults { lost, doubled, leaked, disordered } = faults;
    println!("{what}: {lost} lost, {doubled} doubled, {leaked} to others, {disordered} out of order");
    faults.total() == 0
}

/// Some sockets read nothing while an event is on all others; once they read again, they have it too.
async fn stalled(writer: &Writer, sockets: &Sockets) -> Result<Faults> {
    use std::sync::atomic::Ordering::Relaxed;
    let audience = |count| sockets.counts.audience.store(count, Relaxed);
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    sockets.take().await?;
    let before = sockets.counts.faults();
    for socket in 0..STALLED {
        sockets.stall(socket, true)?;
    }
    audience(SOCKETS - STALLED);
    writer.append(&Topic::Everyone, &[first], 500).await?;
    let arrived = sockets.everywhere(first, Duration::from_secs(10)).await;
    audience(SOCKETS);
    for socket in 0..STALLED {
        sockets.stall(socket, false)?;
    }
    if arrived.is_none() {
        bail!("stalled readers held others up");
    }
    writer.append(&Topic::Everyone, &[second], 500).await?;
    sockets.everywhere(second, Duration::from_secs(10)).await;
    let all = (0..u32::try_from(SOCKETS)?).collect();
    let mut found = crate::check::faults(&sockets.take().await?, &[first, second], |_| &all);
    found.disordered = sockets.counts.faults() - before;
    Ok(found)
}
