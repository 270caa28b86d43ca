//! The CREA server under load: started here on its own core with a copy of the floor, so that its process can be measured
//! and restarted.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::floor::Copied;
use crate::http::Server;
use crate::open;
use crate::people::Person;
use crate::process::{self, Process};
use crate::sockets::Sockets;

/// Sockets that are opened at the same time.
const OPENING: usize = 32;
/// The line that tells where it listens.
const LISTENING: &str = "listening on http://";

/// How to start it.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The binary.
    pub binary: PathBuf,
    pub redis: Option<String>,
}

/// A running server.
pub struct Product {
    pub process: Process,
    pub server: Server,
    pub address: SocketAddr,
    /// How long it took to listen.
    pub started: Duration,
    /// The cursor of a page that was drawn when it had started.
    cursor: u64,
}

impl Product {
    /// Starts it on a copy of the floor, at `bind` or a free port, and asks it for a page of `person`.
    pub async fn start(setup: &Setup, floor: &Copied, bind: Option<SocketAddr>, person: &Person) -> Result<Self> {
        let mut command = process::on_core(process::SERVER_CORE, &setup.binary);
        let bind = bind.map_or_else(|| "127.0.0.1:0".to_owned(), |bind| bind.to_string());
        let log = std::fs::File::options().create(true).append(true).open(floor.dir.path().join("server.log"))?;
        command.arg("serve").current_dir(floor.dir.path()).env_clear().stderr(log);
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("BIND", bind).env("DATABASE_URL", &floor.url).env("LOG", "warn");
        command.env("SECRET_KEY", "a key of a load that nobody else ever sees");
        command.envs(setup.redis.as_ref().map(|url| ("REDIS_URL", url)));
        let began = Instant::now();
        let process = Process::start(command, LISTENING)?;
        let started = began.elapsed();
        let address: SocketAddr = process.address.parse().context("no address")?;
        let server = Server::at(&format!("http://{address}")).await?;
        let page = server.get("/chat", &person.cookie).await?;
        let cursor = between(&page.body, "data-seq=\"", "\"").and_then(|cursor| cursor.parse().ok());
        let cursor = cursor.with_context(|| format!("no cursor on /chat (status {})", page.status))?;
        Ok(Self { process, server, address, started, cursor })
    }

    /// Opens sockets `from..to`, one per person in turn, and waits until all are greeted.
    pub async fn open(&self, sockets: &mut Sockets, people: &[Person], from: usize, to: usize) -> Result<()> {
        self.open_on(sockets, "", people, from, to).await
    }

    /// The same, of people whose pages hear these topics besides.
    pub async fn open_on(
        &self,
        sockets: &mut Sockets,
        topics: &str,
        people: &[Person],
        from: usize,
        to: usize,
    ) -> Result<()> {
        let path = self.path(self.cursor) + topics;
        let opening = (from..to).map(|n| {
            let (path, person) = (&path, &people[n % people.len()]);
            async move { open::socket(self.address, open::source(n), path, &person.cookie).await }
        });
        let mut opened = stream::iter(opening).buffered(OPENING);
        while let Some((stream, rest)) = opened.try_next().await? {
            sockets.add(stream, rest)?;
        }
        sockets.greeted(to, Duration::from_secs(60)).await
    }

    /// The address of a socket that goes on after a cursor.
    pub fn path(&self, cursor: u64) -> String {
        format!("/live?cursor={cursor}&page=0&topics=")
    }

    /// Sends a mass message to every agent; its id.
    pub async fn send(&self, sender: &Person) -> Result<uuid::Uuid> {
        let key = uuid::Uuid::now_v7().to_string();
        let fields = [
            ("key", key.as_str()),
            ("step", "send"),
            ("body", "A mass message of a load"),
            ("everyone", "1"),
            ("role", "asesor"),
        ];
        let answer = self.server.post("/broadcasts", &sender.cookie, &fields).await?;
        ensure!(answer.status == 303, "a mass message was answered {}", answer.status);
        let id = answer.header("location").and_then(|to| to.strip_prefix("/broadcasts/"));
        Ok(id.context("a mass message without an address")?.parse()?)
    }

    /// A figure of `/metrics` by the name of its line, summed over labels; `None` when it does not tell.
    pub async fn metric(&self, name: &str) -> Result<Option<f64>> {
        let text = self.server.get("/metrics", "").await?.body;
        let values = text.lines().filter_map(|line| {
            let rest = line.strip_prefix(name)?;
            rest.starts_with([' ', '{']).then(|| rest.rsplit(' ').next()?.parse::<f64>().ok())?
        });
        Ok(values.reduce(|sum, value| sum + value))
    }
}

/// What stands between two texts.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}
