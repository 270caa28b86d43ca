//! Takes connections and speaks HTTP/1.1 on them. Written out, and not axum's own loop, for its limits: how long a client
//! may take to say what it wants, and how long it may take nothing of what it is told. Without them, whoever opens
//! connections and whispers, or whose machine is gone, holds them for good.

use std::{error::Error, io, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};
use tower::ServiceExt as _;

/// How long a client may keep silent.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until it has said what it wants, from when it connected or was last answered.
    pub headers: Duration,
    /// Until it has taken something of what it was sent. Whoever vanished without a word is found by this, on the next
    /// heartbeat of a socket; the system's own limit is a quarter of an hour.
    pub unheard: Duration,
}

/// What browsers and networks need at their slowest.
pub const LIMITS: Limits = Limits { headers: Duration::from_secs(30), unheard: Duration::from_secs(30) };
/// Between two tries to take a connection when the first failed: most likely there is no file descriptor left.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until `stop`, then finishes the requests that are under way. Sockets are not waited for.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let (graceful, (stopping, serving)) = (GracefulShutdown::new(), watch::channel(()));
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (router, serving, watcher) = (router.clone(), serving.clone(), graceful.watcher());
                tokio::spawn(async move {
                    if begins(&stream, limits, serving).await {
                        speak(stream, peer, router, limits, watcher).await;
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop((listener, stopping));
    graceful.shutdown().await;
}

/// Whether a client says anything in time, while we serve. hyper looks at its limit from the first byte on.
async fn begins(stream: &TcpStream, limits: Limits, mut serving: watch::Receiver<()>) -> bool {
    if let Err(error) = tune(stream, limits.unheard) {
        // Most likely it is gone already, which is said below.
        tracing::debug!(%error, "cannot tune a connection");
    }
    let mut first = [0];
    tokio::select! {
        _ = serving.changed() => false,
        begun = timeout(limits.headers, stream.peek(&mut first)) => match begun {
            Ok(peeked) => matches!(peeked, Ok(1)),
            Err(_) => {
                count_cut("silent");
                false
            }
        },
    }
}

async fn speak(stream: TcpStream, peer: SocketAddr, router: Router, limits: Limits, watcher: Watcher) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut http = auto::Builder::new(TokioExecutor::new()).http1_only();
    http.http1().timer(TokioTimer::new()).header_read_timeout(limits.headers);
    let connection = http.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        cause_of(&*error).into_iter().for_each(count_cut);
        tracing::debug!(%error, "connection ended");
    }
}

/// Which of the limits ended a connection, if one did.
fn cause_of(error: &(dyn Error + 'static)) -> Option<&'static str> {
    if error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_timeout) {
        return Some("silent");
    }
    let is_late = |error: &(dyn Error + 'static)| {
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
    };
    std::iter::successors(Some(error), |error| (*error).source()).any(is_late).then_some("deaf")
}

/// One was cut off.
fn count_cut(cause: &'static str) {
    metrics::counter!("crea_connections_cut_total", "cause" => cause).increment(1);
}

/// A small answer leaves at once; who is gone, or takes nothing, is given up in time.
fn tune(stream: &TcpStream, unheard: Duration) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(unheard).with_interval(unheard))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(unheard))?;
    Ok(())
}
