//! What people do, without a rival: conversations at a rate, a floor at rest with some traffic, everyone coming back.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::fanout;
use crate::figures::{Budget, Figure};
use crate::floor::{Floor, Wanted};
use crate::product::{Product, Setup};
use crate::redis::{self, Counted};
use crate::rooms::{self, Rooms, Traffic};
use crate::sockets::Sockets;
use crate::storm;

const NONE: Budget = Budget::None;
/// For greetings and presence to settle, no longer than this: what everybody's arrival costs is not what a message costs.
const SETTLE: Duration = Duration::from_secs(60);
const MIB: f64 = 1024.0 * 1024.0;

/// A floor and what happens on it.
pub struct Scenario {
    name: &'static str,
    /// Who writes asks one instance, the sockets are another's.
    is_apart: bool,
    floor: Floor,
    traffic: Traffic,
    budgets: Budgets,
}

/// What is asked of a scenario, in milliseconds of a 99th percentile.
struct Budgets {
    from_request: Budget,
    from_answer: Budget,
}

/// 2,000 people in 200 conversations of 10, 400 messages a second.
pub async fn busy(postgres: Option<String>) -> Result<Scenario> {
    let wanted = Wanted { agents: 2_000, sends: 0, rooms: vec![10; 200] };
    let floor = Floor::prepare(postgres, None, &wanted).await?;
    let budgets = Budgets { from_request: NONE, from_answer: Budget::AtMost(5.0) };
    let traffic = Traffic { messages: 400, typing: 0, pages: 0, seconds: 10 };
    Ok(Scenario { name: "rooms", is_apart: false, floor, traffic, budgets })
}

/// 500 people in conversations of 2 to 50 who write, type and open pages now and then.
pub async fn calm(postgres: Option<String>) -> Result<Scenario> {
    at_rest("500 at rest", false, postgres, 20.0).await
}

/// The same, seen on another instance than the one that takes the requests.
pub async fn apart(postgres: String) -> Result<Scenario> {
    at_rest("500 on another instance", true, Some(postgres), 35.0).await
}

async fn at_rest(name: &'static str, is_apart: bool, postgres: Option<String>, most: f64) -> Result<Scenario> {
    let rooms: Vec<usize> = [2, 3, 5, 10, 20, 50].into_iter().cycle().take(30).collect();
    let floor = Floor::prepare(postgres, None, &Wanted { agents: 500, sends: 0, rooms }).await?;
    let budgets = Budgets { from_request: Budget::AtMost(most), from_answer: NONE };
    let traffic = Traffic { messages: 20, typing: 10, pages: 5, seconds: 15 };
    Ok(Scenario { name, is_apart, floor, traffic, budgets })
}

impl Scenario {
    /// Drops its floor.
    pub async fn remove(self) -> Result<()> {
        self.floor.remove().await
    }

    /// Its figures, on a fresh copy of its floor.
    pub async fn run(&self, setup: &Setup) -> Result<Vec<Figure>> {
        let copy = self.floor.copy().await?;
        let people = Arc::new(self.floor.people.clone());
        let product = Arc::new(Product::start(setup, &copy, None, &people.agents[0]).await?);
        let start = self.start_figures(setup, &product)?;
        let mut sockets = Sockets::start(people.agents.len())?;
        let far = match self.is_apart {
            true => Some(Product::start(setup, &copy, None, &people.agents[0]).await?),
            false => None,
        };
        let near = far.as_ref().unwrap_or(&product);
        near.open(&mut sockets, &people.agents, 0, people.agents.len()).await?;
        fanout::settle(&near.process, SETTLE).await?;
        let before = counted(setup).await?;
        let rooms = rooms::run(&product, &sockets, &people, self.traffic).await?;
        let after = counted(setup).await?;
        drop((sockets, product, far));
        copy.remove().await?;
        let mut figures = self.figures(&rooms);
        if let Some((before, after)) = before.zip(after) {
            let messages = (self.traffic.messages * self.traffic.seconds) as f64;
            let per = |value: fn(&Counted) -> f64| (value(&after) - value(&before)) / messages;
            figures.push(self.figure("Redis commands per message", "", per(|c| c.commands), NONE));
            figures.push(self.figure("Redis bytes per message", "", per(|c| c.bytes), NONE));
        }
        figures.extend(start);
        Ok(figures)
    }

    fn figure(&self, what: &str, unit: &'static str, value: f64, budget: Budget) -> Figure {
        Figure::new(format!("{}: {what}", self.name), unit, value, budget)
    }

    fn start_figures(&self, setup: &Setup, product: &Product) -> Result<Vec<Figure>> {
        let binary = std::fs::metadata(&setup.binary)?.len() as f64 / MIB;
        Ok(vec![
            Figure::new("start to serving", "ms", product.started.as_secs_f64() * 1e3, Budget::AtMost(300.0)),
            Figure::new("binary", "MiB", binary, Budget::AtMost(40.0)),
            Figure::new(
                "resident memory after the start",
                "MiB",
                product.process.resident_bytes()? as f64 / MIB,
                Budget::AtMost(60.0),
            ),
        ])
    }

    fn figures(&self, rooms: &Rooms) -> Vec<Figure> {
        let Budgets { from_request, from_answer } = self.budgets;
        let mut figures = vec![
            self.figure("messages a second", "", rooms.rate, NONE),
            self.figure("deliveries per message", "", rooms.deliveries, NONE),
            self.figure("request to another screen, p50", "ms", rooms.from_request.p50_ms, NONE),
            self.figure("request to another screen, p99", "ms", rooms.from_request.p99_ms, from_request),
            self.figure("answer to another screen, p99", "ms", rooms.from_answer.p99_ms, from_answer),
            self.figure("request to answer, p99", "ms", rooms.answer.p99_ms, NONE),
            self.figure("CPU per message, all of it", "ms", rooms.cpu_ms, NONE),
            self.figure("lost, doubled, to others, out of order", "", rooms.faults.total() as f64, Budget::AtMost(0.0)),
            self.figure("requests failed", "", rooms.failed as f64, Budget::AtMost(0.0)),
        ];
        if self.traffic.pages > 0 {
            figures.push(self.figure("a page, p99", "ms", rooms.page.p99_ms, NONE));
        }
        // Page loads and opened sockets run statements too: only where there are none is it one of messages.
        if let (0, Some(statements)) = (self.traffic.pages, rooms.statements) {
            figures.push(self.figure("statements per message", "", statements, NONE));
        }
        figures
    }
}

async fn counted(setup: &Setup) -> Result<Option<Counted>> {
    match &setup.redis {
        Some(url) => redis::count(url).await.map(Some),
        None => Ok(None),
    }
}

/// Everyone of a floor dropped at once.
pub async fn reconnect(setup: &Setup, floor: &Floor) -> Result<Vec<Figure>> {
    let count = floor.people.agents.len();
    let storm = storm::run(setup, floor, count).await?;
    let figure = |what: &str, unit, value, budget| Figure::new(format!("{count} dropped: {what}"), unit, value, budget);
    let mut figures = vec![
        figure("all current after", "s", storm.all_current_s, Budget::AtMost(15.0)),
        figure("from drop to current, p99", "ms", storm.current.p99_ms, NONE),
        figure("nothing listened for", "ms", storm.down_ms, NONE),
        figure("server CPU per socket", "µs", storm.cpu_us, NONE),
        figure("lost, doubled, out of order", "", storm.faults.total() as f64, Budget::AtMost(0.0)),
    ];
    figures.extend(storm.statements.map(|count| figure("statements per socket", "", count, Budget::AtMost(3.0))));
    Ok(figures)
}
