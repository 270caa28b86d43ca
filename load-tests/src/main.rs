//! Bounded load on a CREA server on loopback, with every delivery checked, beside the same load on a reference. It starts
//! the servers itself, each on a core and a database of its own, and stops them at the end.
//!
//! ```text
//! load-tests measure --server target/release/crea --json figures.json
//! load-tests reference
//! ```
//!
//! The exit code is 0 if nothing was lost, doubled or out of order, 1 if something was, 2 on wrong use. A budget that does
//! not hold is shown and changes no exit code: figures of a busy machine are no verdict.

mod check;
mod fanout;
mod figures;
mod floor;
mod frame;
mod http;
mod latency;
mod mass;
mod open;
mod people;
mod process;
mod product;
mod reader;
mod redis;
mod reference;
mod rival;
mod rooms;
mod round;
mod scenarios;
mod smoke;
mod sockets;
mod storm;
mod tickets;
mod websocket;
mod writer;
mod writes;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};

use figures::{Figure, Row};
use floor::{Floor, Wanted};
use product::Setup;

/// Sockets of a reconnect storm.
const STORM: usize = 2_000;

/// Bounded load on a CREA server on loopback, with every delivery checked.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure the budgets beside the reference, and beside nginx with nchan where that is installed.
    Measure(Measure),
    /// Correctness alone, with 500 sockets and in less than a minute: every scenario once.
    Smoke(Smoke),
    /// Serve as the reference: the cheapest possible broadcaster. A handshake on any path makes a socket, a POST on any
    /// path sends its body to all.
    Reference {
        /// Where to listen; only loopback is accepted.
        #[arg(long, default_value = "127.0.0.1:0")]
        bind: SocketAddr,
    },
}

/// Settings of a run. The bounds keep a typing error from becoming an attack on one's own machine.
#[derive(Debug, Args)]
struct Measure {
    /// The server's binary; of a release build, for figures that mean something.
    #[arg(long, default_value = "target/release/crea")]
    server: PathBuf,
    /// A PostgreSQL server on which databases may be made; SQLite without it.
    #[arg(long)]
    postgres: Option<String>,
    /// Redis for the server.
    #[arg(long)]
    redis: Option<String>,
    /// Sockets, one per agent.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    sockets: u32,
    /// Rounds; each figure is the median of them.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=25))]
    rounds: u32,
    /// Which parts; all without it.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Part::ALL)]
    only: Vec<Part>,
    /// Keep people and their sessions in this folder and reuse them.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Also write the figures to this file, as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// A part of what is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// One event and one mass message to every socket, memory, rest; beside the rivals.
    Fanout,
    /// Conversations of 2 to 50, typing, pages; 400 messages a second in conversations of 10.
    Rooms,
    /// Everyone dropped at once by a restart.
    Storm,
    /// Durable live writes from many tasks at once.
    Writes,
    /// 200,000 tickets: pages, and changes under many eyes.
    Tickets,
}

impl Part {
    const ALL: [Self; 5] = [Self::Fanout, Self::Rooms, Self::Storm, Self::Writes, Self::Tickets];
}

/// Settings of a run for correctness.
#[derive(Debug, Args)]
struct Smoke {
    /// The server's binary.
    #[arg(long, default_value = "target/debug/crea")]
    server: PathBuf,
    /// A PostgreSQL server on which databases may be made; SQLite without it.
    #[arg(long)]
    postgres: Option<String>,
    /// Redis for the server.
    #[arg(long)]
    redis: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Measure(settings) => measure(&settings).await,
        Command::Smoke(settings) => smoke(settings).await,
        Command::Reference { bind } => refer(bind),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("load-tests: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn refer(bind: SocketAddr) -> Result<bool> {
    ensure!(bind.ip().is_loopback(), "{bind}: loopback only");
    reference::serve(bind).map(|()| true)
}

async fn smoke(settings: Smoke) -> Result<bool> {
    process::settle(smoke::SOCKETS)?;
    let setup = Setup { binary: settings.server.canonicalize()?, redis: settings.redis };
    smoke::run(&setup, settings.postgres).await
}

async fn measure(settings: &Measure) -> Result<bool> {
    let count = settings.sockets as usize;
    process::settle(count)?;
    let setup = Setup { binary: settings.server.canonicalize()?, redis: settings.redis.clone() };
    let mut figures = Vec::new();
    let (is_wanted, postgres) = (|part| settings.only.contains(&part), || settings.postgres.clone());
    if is_wanted(Part::Fanout) {
        let wanted = Wanted { agents: count, sends: mass::TIMES, rooms: Vec::new() };
        let floor = Floor::prepare(postgres(), settings.keep.as_deref(), &wanted).await?;
        figures.extend(rounds(settings, "fan-out", async || round::run(&setup, &floor, count).await).await?);
        floor.remove().await?;
    }
    if is_wanted(Part::Rooms) {
        let mut all = vec![scenarios::calm(postgres()).await?, scenarios::busy(postgres()).await?];
        if let (Some(postgres), Some(_)) = (postgres(), &settings.redis) {
            all.push(scenarios::apart(postgres).await?);
        }
        for scenario in all {
            figures.extend(rounds(settings, "conversations", async || scenario.run(&setup).await).await?);
            scenario.remove().await?;
        }
    }
    if is_wanted(Part::Storm) {
        let wanted = Wanted { agents: count.min(STORM), sends: 0, rooms: Vec::new() };
        let floor = Floor::prepare(postgres(), None, &wanted).await?;
        figures.extend(rounds(settings, "reconnect storm", async || scenarios::reconnect(&setup, &floor).await).await?);
        floor.remove().await?;
    }
    if is_wanted(Part::Writes) {
        let wanted = Wanted { agents: 1, sends: 0, rooms: Vec::new() };
        let floor = Floor::prepare(postgres(), None, &wanted).await?;
        let (redis, least) = (settings.redis.as_deref(), if postgres().is_some() { 1_000.0 } else { 2_000.0 });
        figures.extend(rounds(settings, "writes", async || writes::run(&floor, redis, least).await).await?);
        floor.remove().await?;
    }
    if is_wanted(Part::Tickets) {
        let floor = tickets::floor(postgres()).await?;
        figures.extend(rounds(settings, "tickets", async || tickets::run(&setup, &floor).await).await?);
        floor.remove().await?;
    }
    let rows = figures::rows(&figures);
    print!("{}", figures::table(&rows));
    if let Some(file) = &settings.json {
        let engine = if settings.postgres.is_some() { "postgres" } else { "sqlite" };
        let text = serde_json::json!({ "sockets": count, "rounds": settings.rounds, "database": engine,
            "redis": settings.redis.is_some(), "figures": figures::json(&rows) });
        std::fs::write(file, format!("{text:#}\n"))?;
    }
    Ok(is_exact(&rows))
}

/// The figures of every round.
async fn rounds(settings: &Measure, what: &str, round: impl AsyncFn() -> Result<Vec<Figure>>) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for n in 1..=settings.rounds {
        eprintln!("{what}, round {n} of {}", settings.rounds);
        figures.extend(round().await?);
    }
    Ok(figures)
}

/// Whether nothing was lost, doubled or out of order.
fn is_exact(rows: &[Row]) -> bool {
    rows.iter().filter(|row| row.what.contains("lost")).all(|row| row.ours == 0.0)
}
