//! Processes under load: started on a core of their own, and what the kernel says of them.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// The core of the server under load.
pub const SERVER_CORE: usize = 0;
/// The core of the generator.
pub const OWN_CORE: usize = 1;
/// `sysconf(_SC_CLK_TCK)`: Linux gives user space 100 on every machine.
const TICKS_PER_SECOND: u64 = 100;
/// A server that does not listen within this time has failed.
const LISTENS_WITHIN: Duration = Duration::from_secs(10);

/// CPU time of a process since it began, all threads, also those that ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// In user code and in the kernel.
    pub total: Duration,
    /// In user code alone; the kernel samples this part.
    pub user: Duration,
}

impl Usage {
    /// What was used since an earlier look.
    pub fn since(self, earlier: Self) -> Self {
        Self { total: self.total.saturating_sub(earlier.total), user: self.user.saturating_sub(earlier.user) }
    }
}

/// A server that was started here; killed when it goes out of scope.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// What it said when it listened.
    pub address: String,
}

/// `program` on one core, when the machine has that many.
pub fn on_core(core: usize, program: &Path) -> Command {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores <= core {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.arg("--cpu-list").arg(core.to_string()).arg(program);
    command
}

/// Puts this process on its core and lets it open as many files as it may; what it starts later inherits the latter.
pub fn settle(sockets: usize) -> Result<()> {
    let own = std::process::id().to_string();
    stay_on(OWN_CORE..=OWN_CORE);
    let (_, hard) = open_files()?;
    quiet("prlimit", &["--pid", &own, &format!("--nofile={hard}:{hard}")]);
    let (soft, _) = open_files()?;
    ensure!(soft > sockets as u64 + 200, "{sockets} sockets need more than the {soft} files allowed here (ulimit -n)");
    Ok(())
}

/// Puts all threads of this process on these cores.
pub fn stay_on(cores: RangeInclusive<usize>) {
    let (own, list) = (std::process::id().to_string(), format!("{}-{}", cores.start(), cores.end()));
    if !quiet("taskset", &["--all-tasks", "--cpu-list", "--pid", &list, &own]) {
        eprintln!("load-tests: not on cores {list}");
    }
}

/// Whether a tool did what it was asked. Those used here are of util-linux: without them figures are worse, not wrong.
fn quiet(tool: &str, args: &[&str]) -> bool {
    Command::new(tool).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

fn open_files() -> Result<(u64, u64)> {
    let limits = std::fs::read_to_string("/proc/self/limits")?;
    let line = limits.lines().find(|line| line.starts_with("Max open files")).context("no limit of files")?;
    let mut numbers = line.split_whitespace().filter_map(|word| word.parse().ok());
    numbers.next().zip(numbers.next()).context("no number in the limit of files")
}

impl Process {
    /// Starts it and reads its standard output up to the line that begins with `sign` and tells its address.
    pub fn start(mut command: Command, sign: &str) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("starting the server")?;
        let out = child.stdout.take().context("no output")?;
        let mut process = Self { child, address: String::new() };
        for line in BufReader::new(out).lines() {
            if let Some(address) = line?.strip_prefix(sign) {
                process.address = address.trim().to_owned();
                return Ok(process);
            }
        }
        bail!("the server ended before it listened: {:?}", process.child.wait()?)
    }

    /// Starts a server that tells nothing and waits until it listens at `address`.
    pub async fn start_at(mut command: Command, address: SocketAddr) -> Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().context("starting a server")?;
        let mut process = Self { child, address: address.to_string() };
        let until = Instant::now() + LISTENS_WITHIN;
        while tokio::net::TcpStream::connect(address).await.is_err() {
            ensure!(process.child.try_wait()?.is_none() && Instant::now() < until, "{command:?} does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(process)
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end (SIGTERM) without waiting.
    pub fn terminate(&self) -> Result<()> {
        let sent = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        ensure!(sent.success(), "cannot stop the server");
        Ok(())
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Result<()> {
        self.child.wait()?;
        Ok(())
    }

    /// CPU time so far.
    pub fn usage(&self) -> Result<Usage> {
        usage(&std::fs::read_to_string(format!("/proc/{}/stat", self.pid()))?)
    }

    /// Bytes of memory that it alone holds and has written.
    pub fn private_bytes(&self) -> Result<u64> {
        self.kilobytes("Private_Dirty:").map(|kilobytes| kilobytes * 1024)
    }

    /// Bytes of memory that it holds, shared ones among them.
    pub fn resident_bytes(&self) -> Result<u64> {
        self.kilobytes("Rss:").map(|kilobytes| kilobytes * 1024)
    }

    fn kilobytes(&self, what: &str) -> Result<u64> {
        kilobytes(&std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.pid()))?, what)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Fields 14 and 15 of `/proc/PID/stat`; the second field may hold spaces and ends with the last bracket.
fn usage(stat: &str) -> Result<Usage> {
    let (_, fields) = stat.rsplit_once(')').context("no stat")?;
    let mut ticks = fields.split_whitespace().skip(11).filter_map(|field| field.parse::<u64>().ok());
    let (user, kernel) = ticks.next().zip(ticks.next()).context("no CPU time in stat")?;
    let time = |ticks: u64| Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND);
    Ok(Usage { total: time(user + kernel), user: time(user) })
}

fn kilobytes(rollup: &str, what: &str) -> Result<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix(what)).with_context(|| format!("no {what}"))?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn figures_of_the_kernel_are_read() {
        let stat = "12 (a b) c) S 1 12 12 0 -1 4194304 100 0 0 0 250 50 3 4 20 0 9 0 100 1 1";
        let found = usage(stat).unwrap();
        assert_eq!((found.total, found.user), (Duration::from_secs(3), Duration::from_millis(2_500)));
        assert_eq!(kilobytes("Rss: 9 kB\nPrivate_Dirty:      12 kB\n", "Private_Dirty:").unwrap(), 12);
        assert!(usage("").is_err() && kilobytes("", "Rss:").is_err());
    }
}
