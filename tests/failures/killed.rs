//! `kill -9` while writing: what was acknowledged is there, once; what was not is taken when it is sent again; and who is
//! on another instance notices nothing.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::mpsc,
    time::Duration,
};

use chrono::Utc;
use crea::{clock::Clock, sql};
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    harness::{
        Backend, Database, TestApp,
        process::{Server, figure, request},
        raw::{self, End, Raw},
        servers::Redis,
        skip_without,
    },
    load::{self, EACH, Instances},
    talk::{Person, mark, pair},
};

/// Acknowledgements after which the server is killed: the writers are far from done.
const ENOUGH: usize = 120;

/// A person on a machine that is busy waits no longer for a message of somebody on the same instance.
const SOON: Duration = Duration::from_secs(8);

/// A screen that keeps every frame and comes back by its cursor.
struct Listener {
    raw: Raw,
    cookie: String,
    frames: Vec<String>,
    /// How many of them hold a message.
    messages: usize,
    /// Events that arrived, in the order in which they did.
    seqs: Vec<i64>,
    cursor: i64,
}

impl Listener {
    async fn open(app: &TestApp, address: SocketAddr, who: &Person) -> Self {
        let (cookie, cursor) = (who.client.cookie(), app.live.cursor().await.unwrap());
        let raw = Raw::open(address, &cookie, &format!("cursor={cursor}")).await.expect("accepted");
        Self { raw, cookie, frames: Vec::new(), messages: 0, seqs: Vec::new(), cursor }
    }

    async fn come_back(&mut self, address: SocketAddr) {
        let query = format!("cursor={}", self.cursor);
        self.raw = Raw::open(address, &self.cookie, &query).await.expect("accepted");
    }

    /// Keeps frames until the cursor is at `head`, which is `None`, or the connection ends, which is said.
    async fn hear(&mut self, head: Option<i64>) -> Option<End> {
        while head.is_none_or(|head| self.cursor < head) {
            let Some(frame) = self.raw.frame().await else { return Some(End::Cut) };
            match frame.opcode {
                1 => self.keep(String::from_utf8(frame.payload).unwrap()),
                8 => return Some(End::Code(raw::code(&frame.payload))),
                _ => {}
            }
        }
        None
    }

    /// Keeps frames until so many messages came. On a machine that is busy it may be too slow, and comes back.
    async fn hear_messages(&mut self, count: usize, address: SocketAddr) {
        while self.messages < count {
            match self.hear(Some(self.cursor + 1)).await {
                None => {}
                Some(End::Code(1013)) => self.come_back(address).await,
                Some(end) => panic!("{end:?} after {} messages", self.messages),
            }
        }
    }

    fn keep(&mut self, frame: String) {
        let seq = frame.split_once("<hx-live seq=\"").and_then(|(_, rest)| rest.split_once('"')?.0.parse().ok());
        if let Some(seq) = seq {
            // A heartbeat and a greeting repeat the cursor.
            if frame.contains("hx-partial") || frame.contains("data-partial") {
                self.seqs.push(seq);
            }
            self.cursor = seq;
        }
        self.messages += usize::from(frame.contains("\"msg-"));
        self.frames.push(frame);
    }
}

/// Two people on the instance that lives.
struct Others {
    ana: Person,
    talk: Uuid,
    his: Listener,
    address: SocketAddr,
}

impl Others {
    async fn new(app: &TestApp, address: SocketAddr) -> Self {
        let (ana, luis, _) = pair(app).await;
        let talk = ana.talk_to(&luis).await;
        Self { ana, talk, his: Listener::open(app, address, &luis).await, address }
    }

    /// One writes and the other reads it, at the first try and soon.
    async fn go_on(&mut self) -> Uuid {
        let (id, address) = (Uuid::now_v7(), self.address);
        let (path, cookie) = (format!("/chat/{}/messages", self.talk), self.ana.client.cookie());
        let write = move || request(address, &path, &cookie, Some(&format!("id={id}&body=sigue"))).unwrap();
        let target = format!("\"msg-{id}\"");
        let shown = async {
            let reply = tokio::task::spawn_blocking(write).await.unwrap();
            assert_eq!(reply.status, 303, "{}", reply.head);
            while !self.his.frames.iter().any(|frame| frame.contains(&target)) {
                assert_eq!(self.his.hear(Some(self.his.cursor + 1)).await, None);
            }
        };
        timeout(SOON, shown).await.expect("they are served meanwhile");
        id
    }
}

/// How the servers of a test are started.
fn settings(app: &TestApp) -> Vec<(&'static str, String)> {
    let files = format!("file://{}", app.database.dir.path().join("files").display());
    let mut settings = vec![
        ("DATABASE_URL", app.database.url.clone()),
        ("SECRET_KEY", "a key for tests that is long enough".to_owned()),
        ("STORAGE_URL", files),
    ];
    settings.extend(app.config.redis_url.clone().map(|url| ("REDIS_URL", url)));
    settings
}

/// A server on the database, and on Redis if there is one.
pub fn start(app: &TestApp) -> Server {
    let settings = settings(app);
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Server::start(app.database.dir.path(), &["serve"], &settings)
}

/// One server on SQLite, ended in the middle by `end` and started again, while 24 people write on.
async fn ended_in_the_middle(end: impl FnOnce(&mut Server, &str) + Send + 'static) {
    const WRITERS: usize = 24;
    let database = Database::migrated(Backend::Sqlite).await;
    let app = TestApp::on(database, Clock::fixed(Utc::now()), None).await;
    let (writers, luz) = load::people(&app, WRITERS).await;
    let cookie = luz.client.cookie();
    // SQLite means one server process.
    app.live.stop();
    app.db.close().await;
    let (mut server, again) = (start(&app), app.clone());
    let acknowledged = tokio::task::spawn_blocking(move || {
        let instances = Instances::new(&[server.address]);
        let mut next = None;
        let acknowledged = load::run(&writers, &instances, ENOUGH, || {
            end(&mut server, &cookie);
            let server = start(&again);
            instances.replace(0, server.address);
            next = Some(server);
        });
        let ready = request(next.as_ref().unwrap().address, "/readyz", "", None).unwrap();
        assert!(ready.status == 200 && ready.body.contains("\"ready\":true"), "it serves again: {}", ready.body);
        acknowledged
    })
    .await
    .unwrap();
    assert_eq!(acknowledged.len(), WRITERS * EACH);
    let db = app.database.open().await;
    let (whole,): (String,) = db.one(sql!("select integrity_check from pragma_integrity_check")).await.unwrap();
    assert_eq!(whole, "ok");
    load::is_exact(&db, &acknowledged).await;
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_and_started_again_has_every_message_once() {
    ended_in_the_middle(|server, _| server.kill()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_told_to_stop_ends_in_time_and_has_every_message_once() {
    ended_in_the_middle(|server, cookie| {
        let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                       sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-fetch-site: same-origin\r\n";
        let mut sockets: Vec<_> = (0..6).map(|_| connected(server.address, "/live", cookie, upgrade)).collect();
        let mut streams: Vec<_> = (0..3).map(|_| connected(server.address, "/live/sse", cookie, "")).collect();
        // Nobody waits for who says nothing, or half of something.
        let silent = TcpStream::connect(server.address).unwrap();
        let mut half = TcpStream::connect(server.address).unwrap();
        let begun = format!(
            "POST /live/say HTTP/1.1\r\nhost: crea\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n\
             content-length: 900\r\n\r\n{{"
        );
        half.write_all(begun.as_bytes()).unwrap();
        let since = std::time::Instant::now();
        assert_eq!(server.stop(), Some(0));
        assert!(since.elapsed().as_secs() < 10, "{:?}", since.elapsed());
        drop((silent, half));
        for (n, stream) in sockets.iter_mut().chain(&mut streams).enumerate() {
            let mut last = Vec::new();
            stream.read_to_end(&mut last).unwrap();
            let told = String::from_utf8_lossy(&last).into_owned();
            assert!(told.contains("<hx-live retry="), "{n} is told when to come back: {told}");
            assert!(n >= 6 || last.ends_with(&[0x88, 2, 0x03, 0xf4]), "{n}: 1012 comes last: {told}");
        }
    })
    .await;
}

/// The instance that lives is ready, hears Redis, and had to send nobody's page away.
async fn is_undisturbed(address: SocketAddr) {
    let ask = move || {
        let ready = request(address, "/readyz", "", None).unwrap();
        let figures = ["crea_redis_up", "crea_database_up", "crea_resets_total"].map(|name| figure(address, name));
        (ready, figures)
    };
    let (ready, figures) = tokio::task::spawn_blocking(ask).await.unwrap();
    assert!(ready.status == 200 && ready.body.contains("\"redis\":\"up\""), "{}", ready.body);
    assert_eq!(figures, [Some(1.0), Some(1.0), Some(0.0)]);
}

/// A live connection over the wire, from the cursor of a page, once it is heard.
fn connected(server: SocketAddr, path: &str, cookie: &str, headers: &str) -> TcpStream {
    let page = request(server, "/", cookie, None).unwrap().body;
    let cursor = page.split_once("data-seq=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a page has one");
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!("GET {path}?cursor={cursor} HTTP/1.1\r\nhost: {server}\r\ncookie: {cookie}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let (mut heard, mut buffer) = (String::new(), [0; 4_096]);
    while !heard.contains("shown=") {
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "{path} ended: {heard}");
        heard += &String::from_utf8_lossy(&buffer[..read]);
    }
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_instances_is_killed_during_a_thousand_messages_and_nothing_is_lost_or_doubled() {
    const WRITERS: usize = 50;
    if skip_without(Backend::Postgres, "one_of_two_instances_is_killed") {
        return;
    }
    let (redis, database) = (Redis::start(), Database::migrated(Backend::Postgres).await);
    let app = TestApp::on(database, Clock::fixed(Utc::now()), Some(redis.url())).await;
    let (writers, luz) = load::people(&app, WRITERS).await;
    let (mut dying, staying) = (start(&app), start(&app));
    // The supervisor hears everybody, on each instance.
    let mut moving = Listener::open(&app, dying.address, &luz).await;
    let mut sitting = Listener::open(&app, staying.address, &luz).await;
    let mut others = Others::new(&app, staying.address).await;
    let (addresses, again) = ([dying.address, staying.address], app.clone());
    let (others_went_on, waiting) = mpsc::channel();
    let load = tokio::task::spawn_blocking(move || {
        let instances = Instances::new(&addresses);
        let mut next = None;
        let acknowledged = load::run(&writers, &instances, WRITERS * EACH / 3, || {
            dying.kill();
            // Nobody mends anything until the others have shown that they need it not.
            waiting.recv_timeout(Duration::from_secs(60)).expect("they go on");
            let server = start(&again);
            instances.replace(0, server.address);
            next = Some(server);
        });
        (acknowledged, next)
    });
    let moved = async {
        assert_eq!(moving.hear(None).await, Some(End::Cut), "killed without a word");
        let mut written = Vec::new();
        for _ in 0..8 {
            written.push(others.go_on().await);
        }
        is_undisturbed(staying.address).await;
        others_went_on.send(()).unwrap();
        moving.come_back(staying.address).await;
        moving.hear_messages(WRITERS * EACH, staying.address).await;
        written
    };
    let (load, written, ()) = tokio::join!(load, moved, sitting.hear_messages(WRITERS * EACH, staying.address));
    let (acknowledged, _again) = load.unwrap();
    assert_eq!(acknowledged.len(), WRITERS * EACH);
    load::is_exact(&app.db, &[&acknowledged[..], &written].concat()).await;
    is_undisturbed(staying.address).await;
    let head = mark(&app).await;
    for listener in [&mut sitting, &mut moving] {
        assert_eq!(listener.hear(Some(head)).await, None, "nobody else was disturbed");
        assert!(listener.seqs.is_sorted_by(|a, b| a < b), "in order, and each event once");
        for id in &acknowledged {
            let target = format!("\"msg-{id}\"");
            let frames = listener.frames.iter().filter(|frame| frame.contains(&target)).count();
            assert_eq!(frames, 1, "{id} came once");
        }
    }
    app.finish().await;
}
