//! Tickets by the hundred thousand: what a page costs, and a floor that changes them while others watch lists.

mod changes;
mod fill;
mod pages;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::figures::{Budget, Figure};
use crate::floor::{Floor, Wanted};
use crate::people::SENDS_PER_PERSON;
use crate::product::{Product, Setup};
use crate::sockets::Sockets;

/// Tickets in the database.
const TICKETS: usize = 200_000;
/// Who works on those that change.
pub const AGENTS: usize = 200;
/// Administrators who look at the list.
const WATCHERS: usize = 500;
/// Administrators of the floor: one of them asks for the pages.
const STAFF: usize = WATCHERS;

/// A floor with its tickets.
pub async fn floor(postgres: Option<String>) -> Result<Floor> {
    let wanted = Wanted { agents: AGENTS, sends: STAFF * SENDS_PER_PERSON, rooms: Vec::new() };
    let floor = Floor::prepare(postgres, None, &wanted).await?;
    fill::tickets(&floor, TICKETS).await?;
    Ok(floor)
}

/// What pages cost, and what changes do on every screen.
pub async fn run(setup: &Setup, floor: &Floor) -> Result<Vec<Figure>> {
    let copy = floor.copy().await?;
    let people = Arc::new(floor.people.clone());
    let product = Arc::new(Product::start(setup, &copy, None, &people.agents[0]).await?);
    let mut figures = pages::measure(&product, &people, floor.is_postgres()).await?;
    let mut sockets = Sockets::start(AGENTS + WATCHERS)?;
    product.open(&mut sockets, &people.agents, 0, AGENTS).await?;
    product.open_on(&mut sockets, "tray:tickets", &people.senders, AGENTS, AGENTS + WATCHERS).await?;
    crate::fanout::settle(&product.process, Duration::from_secs(60)).await?;
    let done = changes::run(&product, &sockets, &people, &copy.url).await?;
    drop((sockets, product));
    copy.remove().await?;
    let figure = |what: &str, unit, value, budget| {
        Figure::new(format!("{AGENTS} change tickets, {WATCHERS} watch: {what}"), unit, value, budget)
    };
    figures.extend([
        figure("changes a second", "", done.rate, Budget::None),
        figure("request to another screen, p50", "ms", done.seen.p50_ms, Budget::None),
        figure("request to another screen, p99", "ms", done.seen.p99_ms, Budget::None),
        figure("request to answer, p99", "ms", done.answer.p99_ms, Budget::None),
        figure("CPU per change, all of it", "ms", done.cpu_ms, Budget::None),
        figure("lost, doubled, to others, out of order", "", done.faults.total() as f64, Budget::AtMost(0.0)),
        figure("requests failed", "", done.failed as f64, Budget::AtMost(0.0)),
    ]);
    Ok(figures)
}
