//! Clients that take their time to say what they want, say nothing, or take nothing of their answer: they are cut off,
//! and hold up nobody.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use crea::web::{
    listen::{self, Limits},
    metrics,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

use crate::harness::{
    TestApp, eventually, one_db,
    process::{self, Reply},
};

/// As short as a test may wait.
const LIMITS: Limits = Limits { headers: Duration::from_secs(1), unheard: Duration::from_secs(1) };
/// Long enough for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(8);

/// Lets an instance listen with limits of its own; the task ends after `stop`, with the last connection.
async fn serve(
    app: &TestApp,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (address, tokio::spawn(listen::serve(listener, app.router.clone(), limits, stop)))
}

/// Connections that were cut off for this, by whoever listens in this process.
async fn cut(app: &TestApp, cause: &str) -> u64 {
    metrics::install();
    let name = format!("crea_connections_cut_total{{cause=\"{cause}\"}} ");
    let figures = app.browser().get("/metrics").await.text;
    figures.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |count| count.parse().unwrap())
}

/// The connection is closed, and by that noticed here, before it is counted.
async fn is_counted(app: &TestApp, cause: &str, before: u64) {
    eventually("it is counted", async || (cut(app, cause).await > before).then_some(())).await;
}

one_db!(headers_that_do_not_end_are_not_waited_for, |app| {
    let before = cut(&app, "silent").await;
    let (address, _) = serve(&app, LIMITS, std::future::pending()).await;
    let since = Instant::now();
    let whisper = tokio::spawn(async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: crea\r\n").await.unwrap();
        let mut answer = [0; 64];
        // A little every now and then, as long as somebody listens.
        loop {
            match timeout(Duration::from_millis(100), stream.read(&mut answer)).await {
                Ok(ended) => return ended.unwrap_or_default(),
                Err(_) => drop(stream.write_all(b"x-slow: 1\r\n").await),
            }
        }
    });
    let ask = || tokio::task::spawn_blocking(move || process::request(address, "/healthz", "", None).unwrap());
    let Reply { status, .. } = ask().await.unwrap();
    assert_eq!(status, 200, "others are served meanwhile");
    timeout(Duration::from_secs(5), whisper).await.expect("cut off in time").unwrap();
    assert!(since.elapsed() >= Duration::from_millis(900), "nobody was cut off at once");
    is_counted(&app, "silent", before).await;
    assert_eq!(ask().await.unwrap().status, 200);
});

one_db!(who_connects_and_says_nothing_is_cut_off_before_and_after_an_answer, |app| {
    let before = cut(&app, "silent").await;
    let (address, _) = serve(&app, LIMITS, std::future::pending()).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut asked = TcpStream::connect(address).await.unwrap();
    asked.write_all(b"GET /healthz HTTP/1.1\r\nhost: crea\r\n\r\n").await.unwrap();
    let since = Instant::now();
    let mut answer = Vec::new();
    timeout(PATIENCE, silent.read_to_end(&mut answer)).await.expect("who says nothing is cut off").unwrap();
    timeout(PATIENCE, asked.read_to_end(&mut answer)).await.expect("cut off in time").unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    assert!(since.elapsed() >= Duration::from_millis(900), "nobody was cut off at once");
    is_counted(&app, "silent", before).await;
});

one_db!(who_takes_nothing_of_an_answer_is_given_up, |app| {
    let before = cut(&app, "deaf").await;
    let (stop, stopped) = oneshot::channel();
    let unheard = Limits { headers: Duration::from_secs(3600), ..LIMITS };
    let (address, server) = serve(&app, unheard, async move { drop(stopped.await) }).await;
    let socket = TcpSocket::new_v4().unwrap();
    // The kernel of a client that is gone takes nothing; that of one that does not read, next to nothing.
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut deaf = socket.connect(address).await.unwrap();
    let script = views::assets::url("app.js");
    // More than the kernel takes on our side, one after the other on one connection.
    let ask = format!("GET {script} HTTP/1.1\r\nhost: crea\r\naccept-encoding: identity\r\n\r\n").repeat(100);
    deaf.write_all(ask.as_bytes()).await.unwrap();
    deaf.readable().await.unwrap();
    is_counted(&app, "deaf", before).await;
    // A server that stops waits for the answers that are under way: for this one no longer.
    stop.send(()).unwrap();
    timeout(PATIENCE, server).await.expect("given up in time").unwrap();
    drop(deaf);
});
