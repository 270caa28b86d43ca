//! One round: the same load on CREA, on the reference and on nchan, one after the other.

use std::time::Duration;

use anyhow::Result;

use crate::fanout::{self, Fanout, LEVELS, Source};
use crate::figures::{Budget, Figure};
use crate::floor::Floor;
use crate::mass::{self, Mass, TIMES};
use crate::process::{Process, Usage};
use crate::product::{Product, Setup};
use crate::rival::Rival;
use crate::sockets::Sockets;
use crate::writer::Writer;

/// Bytes of a fragment.
const BYTES: usize = 500;
/// For presence and greetings to settle before anything is measured at rest; no longer than this.
const SETTLE: Duration = Duration::from_secs(60);
/// One heartbeat of every socket falls into it.
const REST: Duration = Duration::from_secs(20);
/// Rivals do nothing at rest; a look is enough.
const RIVAL_REST: Duration = Duration::from_secs(2);
const MIB: f64 = 1024.0 * 1024.0;

/// What one server did.
#[derive(Clone, Debug, Default)]
struct Load {
    /// Private memory with all sockets open, in bytes.
    private: f64,
    per_socket: f64,
    /// CPU to open a socket, in microseconds.
    opening_us: f64,
    idle: Usage,
    fanout: [Fanout; 3],
}

/// The figures of one round with so many sockets.
pub async fn run(setup: &Setup, floor: &Floor, count: usize) -> Result<Vec<Figure>> {
    let stored = stored(setup, floor).await?;
    let (ours, mass) = product(setup, floor, count).await?;
    let reference = Rival::reference().await?;
    let (theirs, last) = rival(&reference, count, bytes_of(&mass)).await?;
    drop(reference);
    let nchan = match Rival::nchan().await? {
        Some(nchan) => Some(rival(&nchan, count, bytes_of(&mass)).await?),
        None => None,
    };
    let mut figures = fanout_figures(&ours, &theirs, nchan.as_ref().map(|(load, _)| load));
    figures.extend(rest_figures(&ours, &theirs, nchan.as_ref().map(|(load, _)| load)));
    figures.extend(mass_figures(&mass, &stored, (&last, nchan.as_ref().map(|(_, last)| last)), count));
    Ok(figures)
}

fn bytes_of(mass: &Mass) -> usize {
    // The header of a WebSocket frame is not part of its text.
    mass.bytes.round() as usize - 4
}

/// Mass messages with one socket: what storing them costs.
async fn stored(setup: &Setup, floor: &Floor) -> Result<Mass> {
    let copy = floor.copy().await?;
    let product = Product::start(setup, &copy, None, &floor.people.agents[0]).await?;
    let mut sockets = Sockets::start(1)?;
    product.open(&mut sockets, &floor.people.agents, 0, 1).await?;
    let mass = mass::measure(&product, &sockets, &floor.people.senders, 0).await?;
    drop((sockets, product));
    copy.remove().await?;
    Ok(mass)
}

async fn product(setup: &Setup, floor: &Floor, count: usize) -> Result<(Load, Mass)> {
    let copy = floor.copy().await?;
    let people = &floor.people;
    let product = Product::start(setup, &copy, None, &people.agents[0]).await?;
    let mut sockets = Sockets::start(count)?;
    let before = (product.process.private_bytes()?, product.process.usage()?);
    product.open(&mut sockets, &people.agents, 0, count).await?;
    let mut load = opened(&product.process, before, count, SETTLE).await?;
    load.idle = fanout::idle(&product.process, REST).await?;
    let writer = Writer::join(&copy.url, setup.redis.as_deref()).await?;
    for (place, level) in LEVELS.into_iter().enumerate() {
        let source = Source::Product(&writer);
        load.fanout[place] = fanout::measure(source, &product.process, &sockets, level, (BYTES, load.idle)).await?;
    }
    let mass = mass::measure(&product, &sockets, &people.senders, 0).await?;
    drop((sockets, product));
    writer.leave().await;
    copy.remove().await?;
    Ok((load, mass))
}

/// The same for a rival; also one send at a time of as many bytes as a mass message of the product.
async fn rival(rival: &Rival, count: usize, bytes: usize) -> Result<(Load, Fanout)> {
    let mut sockets = Sockets::start(count)?;
    let before = (rival.process.private_bytes()?, rival.process.usage()?);
    rival.open(&mut sockets, count).await?;
    let mut load = opened(&rival.process, before, count, Duration::ZERO).await?;
    load.idle = fanout::idle(&rival.process, RIVAL_REST).await?;
    let measure = async |level, bytes| {
        fanout::measure(Source::Rival(rival), &rival.process, &sockets, level, (bytes, load.idle)).await
    };
    let mut all = [Fanout::default(); 3];
    for (place, level) in LEVELS.into_iter().enumerate() {
        all[place] = measure(level, BYTES).await?;
    }
    let mass = measure((1, TIMES), bytes).await?;
    load.fanout = all;
    Ok((load, mass))
}

/// What opening cost, after a while of rest.
async fn opened(process: &Process, before: (u64, Usage), count: usize, settle: Duration) -> Result<Load> {
    let used = process.usage()?.since(before.1);
    fanout::settle(process, settle).await?;
    let private = process.private_bytes()?;
    Ok(Load {
        private: private as f64,
        per_socket: private.saturating_sub(before.0) as f64 / count as f64,
        opening_us: used.total.as_secs_f64() * 1e6 / count as f64,
        ..Load::default()
    })
}

fn fanout_figures(ours: &Load, reference: &Load, nchan: Option<&Load>) -> Vec<Figure> {
    let budgets = [
        Budget::Ratio { reference: 1.15, nchan: Some(0.8) },
        Budget::Ratio { reference: 0.55, nchan: Some(0.35) },
        Budget::Ratio { reference: 0.2, nchan: None },
    ];
    let mut figures = Vec::new();
    for (place, budget) in budgets.into_iter().enumerate() {
        let (at_once, _) = LEVELS[place];
        let beside = |figure: Figure, value: fn(&Fanout) -> f64| {
            figure.beside(Some(value(&reference.fanout[place])), nchan.map(|n| value(&n.fanout[place])))
        };
        let cost =
            Figure::new(format!("CPU per delivery, {at_once} under way"), "µs", ours.fanout[place].delivery_us, budget);
        figures.push(beside(cost, |f| f.delivery_us));
        let most = if at_once == 1 { Budget::AtMost(0.8) } else { Budget::None };
        let user =
            Figure::new(format!("… of it user code, {at_once} under way"), "µs", ours.fanout[place].user_us, most);
        figures.push(beside(user, |f| f.user_us));
        let faults = ours.fanout[place].faults.total() as f64;
        let faults = Figure::new(format!("… lost, doubled, out of order, {at_once}"), "", faults, Budget::AtMost(0.0));
        figures.push(beside(faults, |f| f.faults.total() as f64));
    }
    figures
}

fn rest_figures(ours: &Load, reference: &Load, nchan: Option<&Load>) -> Vec<Figure> {
    let beside = |what: &str, unit, value: fn(&Load) -> f64, budget| {
        Figure::new(what, unit, value(ours), budget).beside(Some(value(reference)), nchan.map(value))
    };
    vec![
        beside("memory per socket", "bytes", |l| l.per_socket, Budget::AtMost(5.0 * 1024.0)),
        beside("memory with all sockets", "MiB", |l| l.private / MIB, Budget::AtMost(100.0)),
        beside("CPU at rest, per second", "ms", |l| l.idle.total.as_secs_f64() * 1e3, Budget::AtMost(7.0)),
        beside("CPU to open a socket", "µs", |l| l.opening_us, Budget::None),
    ]
}

fn mass_figures(
    mass: &Mass,
    stored: &Mass,
    (reference, nchan): (&Fanout, Option<&Fanout>),
    count: usize,
) -> Vec<Figure> {
    let none = Budget::None;
    let last = Figure::new(
        "mass message, request to last socket, p99",
        "ms",
        mass.last.p99_ms,
        Budget::Ratio { reference: 1.2, nchan: None },
    );
    let delivery = (mass.cpu_ms - stored.cpu_ms).max(0.0) * 1e3 / count as f64;
    vec![
        last.beside(Some(reference.last.p99_ms), nchan.map(|n| n.last.p99_ms)),
        Figure::new("mass message, request to last socket, p50", "ms", mass.last.p50_ms, none)
            .beside(Some(reference.last.p50_ms), nchan.map(|n| n.last.p50_ms)),
        Figure::new("mass message, answer to last socket, p50", "ms", mass.after_answer.p50_ms, none),
        Figure::new("mass message, request to answer, p99", "ms", mass.answer.p99_ms, Budget::AtMost(10.0)),
        Figure::new("mass message, CPU to store it", "ms", stored.cpu_ms, none),
        Figure::new("mass message, CPU per delivery, storing apart", "µs", delivery, none)
            .beside(Some(reference.delivery_us), nchan.map(|n| n.delivery_us)),
        Figure::new("mass message, bytes on a socket", "", mass.bytes, none),
        Figure::new("mass message, lost, doubled, out of order", "", mass.faults.total() as f64, Budget::AtMost(0.0)),
    ]
}
