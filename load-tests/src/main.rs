//! Bounded load on a CREA server, with every delivery checked: what was lost, what came twice, what came out of order,
//! and how long it took. It speaks to loopback alone and stops by itself.
//!
//! ```text
//! load-tests chat --url http://127.0.0.1:8080 --users users.csv --sockets 500 --messages 2000 --rate 100
//! load-tests broadcast --url http://127.0.0.1:8080 --users users.csv --sockets 500
//! ```
//!
//! The exit code is 0 if nothing was lost, doubled or out of order, 1 if something was, 2 on wrong use.

mod broadcast;
mod chat;
mod frame;
mod http;
mod report;
mod socket;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Bounded load on a CREA server on loopback, with every delivery checked.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// People write to each other in direct conversations; every socket of both must see every message once, in order.
    Chat(Chat),
    /// An administrator writes to every agent at once; every socket must see every mass message once.
    Broadcast(Broadcast),
}

/// Settings of a run of mass messages.
#[derive(Clone, Debug, Args)]
struct Broadcast {
    /// The server: http, on 127.0.0.0/8, ::1 or localhost. Any other host is refused.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// An administrator, then agents whose sockets watch, as lines `email,password`.
    #[arg(long)]
    users: PathBuf,
    /// Sockets, spread evenly over these agents.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    sockets: u32,
    /// Mass messages, one after the other; a person may send six an hour.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=6))]
    times: u32,
    /// Seconds to wait for what has not arrived yet.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=120))]
    settle_s: u32,
}

/// Settings of one run. The bounds keep a typing error from becoming an attack on one's own machine.
#[derive(Clone, Debug, Args)]
struct Chat {
    /// The server: http, on 127.0.0.0/8, ::1 or localhost. Any other host is refused.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// People, as lines `email,password`; empty lines, lines with # and a heading `email,…` are skipped.
    #[arg(long)]
    users: PathBuf,
    /// Sockets, spread evenly over the people who converse.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=20_000))]
    sockets: u32,
    /// Messages in all.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    messages: u32,
    /// Messages a second, sent on schedule whether or not earlier ones were answered.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    rate: u32,
    /// Seconds to wait, after the last answer, for what has not arrived yet.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=120))]
    settle_s: u32,
    /// Print one JSON object in place of the table.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Chat(settings) => chat::run(&settings)
            .await
            .map(|report| (if settings.json { report.json() } else { report.table() }, report.is_clean())),
        Command::Broadcast(settings) => broadcast::run(&settings).await,
    };
    match done {
        Ok((text, is_clean)) => {
            print!("{text}");
            if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("load-tests: {error:#}");
            ExitCode::FAILURE
        }
    }
}
