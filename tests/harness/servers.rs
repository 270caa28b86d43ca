//! Redis and PostgreSQL of a test's own, on free ports, which it may kill, freeze and restart.
//!
//! Each runs under a shell that holds a pipe from us. When we end, however we end, the pipe closes, and the shell ends
//! the server and removes its files.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard, OnceCell};

/// A server that is not there after so long will not come.
const START: Duration = Duration::from_secs(20);

/// `sh -c GUARD guard SIGNAL FOLDER PROGRAM…`: says the program's id, then waits for the end of its own input.
const GUARD: &str = r#"end=$1 folder=$2; shift 2; exec 3<&0
"$@" </dev/null >"$folder/log" 2>&1 3<&- &
pid=$!; echo "$pid"; exec >&-; read -r _ <&3
kill -CONT "$pid"; kill -"$end" "$pid"; wait "$pid"
[ -e "$folder/keep" ] || rm -rf "$folder""#;

/// A program and the shell that outlives us by a moment.
struct Guarded {
    shell: Child,
    pid: u32,
}

impl Guarded {
    /// Starts it and waits until it listens.
    fn start(end: &str, folder: &Path, program: &[String], port: u16) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", GUARD, "guard", end]).arg(folder).args(program).current_dir("/");
        let mut shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let guarded = Self { shell, pid: said.trim().parse().expect("the guard says an id") };
        await_port(port, folder);
        guarded
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// Ends a server that is to be started again: its files stay.
fn end(process: &mut Option<Guarded>, folder: &Path) {
    fs::write(folder.join("keep"), "").unwrap();
    *process = None;
    fs::remove_file(folder.join("keep")).unwrap();
}

/// Sends a signal to processes that this test started.
fn signal(name: &str, pids: &[u32]) {
    let pids: Vec<String> = pids.iter().map(u32::to_string).collect();
    // One that ended meanwhile is no failure.
    let _ = Command::new("kill").arg(format!("-{name}")).args(pids).stderr(Stdio::null()).status().unwrap();
}

/// A port where nobody listens now, below those that the kernel hands to clients: it is still free at a restart.
fn free_port() -> u16 {
    let ports = std::iter::repeat_with(|| rand::random_range(20_000..30_000));
    ports.take(1_000).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

fn await_port(port: u16, folder: &Path) {
    let since = Instant::now();
    while TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).is_err() {
        let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(since.elapsed() < START, "the server on port {port} does not start: {}", log());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A Redis that keeps nothing on disk: a restart is a wiped memory as well.
pub struct Redis {
    port: u16,
    folder: TempDir,
    process: Option<Guarded>,
}

impl Redis {
    /// A running one.
    pub fn start() -> Self {
        let mut redis = Self { port: free_port(), folder: TempDir::new().unwrap(), process: None };
        redis.restart();
        redis
    }

    /// As `REDIS_URL` says it.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        end(&mut self.process, self.folder.path());
    }

    /// Starts it again where it was.
    pub fn restart(&mut self) {
        self.kill();
        let port = self.port.to_string();
        let program = ["redis-server", "--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"];
        self.process = Some(Guarded::start("KILL", self.folder.path(), &program.map(str::to_owned), self.port));
    }

    /// Stops it in its tracks: connections stay open and nothing answers.
    pub fn freeze(&self) {
        signal("STOP", &self.process.as_ref().map(|p| p.pid).into_iter().collect::<Vec<_>>());
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        signal("CONT", &self.process.as_ref().map(|p| p.pid).into_iter().collect::<Vec<_>>());
    }

    /// Wipes its memory.
    pub async fn wipe(&self) {
        redis::cmd("FLUSHALL").query_async::<()>(&mut self.connection().await).await.unwrap();
    }

    /// How many keys match.
    pub async fn keys(&self, pattern: &str) -> usize {
        let keys = redis::cmd("KEYS").arg(pattern).query_async::<Vec<String>>(&mut self.connection().await).await;
        keys.unwrap().len()
    }

    async fn connection(&self) -> redis::aio::MultiplexedConnection {
        redis::Client::open(self.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
    }
}

/// A PostgreSQL cluster of this test process, shared by its tests one after the other.
pub struct Postgres {
    port: u16,
    folder: PathBuf,
    process: Option<Guarded>,
}

static SHARED: OnceCell<Mutex<Postgres>> = OnceCell::const_new();

impl Postgres {
    /// The cluster, for this test alone until the guard is dropped; made by the first who asks.
    pub async fn borrow() -> MutexGuard<'static, Self> {
        let make = || async { Mutex::new(tokio::task::spawn_blocking(Self::start).await.unwrap()) };
        let mut postgres = SHARED.get_or_init(make).await.lock().await;
        // A test that failed may have left it stopped.
        postgres.thaw();
        if postgres.process.is_none() {
            postgres.restart();
        }
        postgres
    }

    fn start() -> Self {
        let folder = TempDir::new().unwrap().keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let data = folder.join("data");
        fs::create_dir(&data).unwrap();
        if is_root() {
            assert!(Command::new("chown").arg("postgres:").arg(&data).status().unwrap().success());
        }
        let initdb = [program("initdb"), "-D".into(), data.display().to_string()];
        let rest = ["-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
        let words = as_postgres(&folder, initdb.into_iter().chain(rest.map(str::to_owned)));
        let made = Command::new(&words[0]).args(&words[1..]).current_dir("/").output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut postgres = Self { port: free_port(), folder, process: None };
        postgres.restart();
        postgres
    }

    /// Where databases are made.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Shuts it down as a fail-over does, without a word to its clients, and starts it again where it was.
    pub fn restart(&mut self) {
        self.stop();
        let data = self.folder.join("data").display().to_string();
        let server = [program("postgres"), "-D".into(), data.clone(), "-p".into(), self.port.to_string()];
        // Its data lives as long as this process: nothing is forced to the disk.
        let settings =
            ["listen_addresses=127.0.0.1", "fsync=off", "max_connections=120", "timezone=UTC", "autovacuum=off"];
        let settings = settings.into_iter().map(str::to_owned).chain([format!("unix_socket_directories={data}")]);
        let words = server.into_iter().chain(settings.flat_map(|setting| ["-c".to_owned(), setting]));
        let words = as_postgres(&self.folder, words);
        self.process = Some(Guarded::start("QUIT", &self.folder, &words, self.port));
        // It listens before it is ready: after a hard stop it recovers first.
        let (since, port) = (Instant::now(), self.port.to_string());
        let is_ready = [program("pg_isready"), "-q".into(), "-h".into(), "127.0.0.1".into(), "-p".into(), port];
        while !Command::new(&is_ready[0]).args(&is_ready[1..]).status().unwrap().success() {
            assert!(since.elapsed() < START, "PostgreSQL is not ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it; the data stays.
    pub fn stop(&mut self) {
        end(&mut self.process, &self.folder);
    }

    /// Stops it and every one of its sessions in their tracks: connections stay open and nothing answers.
    pub fn freeze(&self) {
        signal("STOP", &self.pids());
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        signal("CONT", &self.pids());
    }

    /// Ends every session of a database.
    pub async fn cut(&self, database: &str) -> i64 {
        let mut admin = PgConnection::connect(&self.url()).await.unwrap();
        let cut = "select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity where datname = $1) x";
        let (count,): (i64,) = sqlx::query_as(cut).bind(database).fetch_one(&mut admin).await.unwrap();
        count
    }

    /// The server first, so that it starts nobody while the others are stopped.
    fn pids(&self) -> Vec<u32> {
        let Some(Guarded { pid, .. }) = self.process else { return Vec::new() };
        let entries = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        std::iter::once(pid).chain(entries.filter(|child| parent(*child) == Some(pid))).collect()
    }
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // `pid (name) state parent …`; the name may hold anything.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

/// PostgreSQL refuses to be root: then it runs as the Debian package's user.
fn as_postgres(home: &Path, words: impl Iterator<Item = String>) -> Vec<String> {
    if !is_root() {
        return words.collect();
    }
    let home = format!("HOME={}", home.display());
    let become_it = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "env", &home];
    become_it.map(str::to_owned).into_iter().chain(words).collect()
}

/// A server's program: Debian keeps them off the PATH.
fn program(name: &str) -> String {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let found = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin").join(name)));
    let newest = found.filter(|path| path.exists()).max();
    newest.map_or_else(|| name.to_owned(), |path| path.display().to_string())
}
