//! Takes connections and speaks HTTP/1.1 on them. Written out, and not axum's own loop, for one limit: how long a client
//! may take to say what it wants. Without it, whoever opens connections and whispers holds them for good.

use std::{net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

/// A client that began to say what it wants and has not ended its headers after so long is cut off.
pub const HEADERS: Duration = Duration::from_secs(30);
/// Between two tries to take a connection when the first failed: most likely there is no file descriptor left.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until `stop`, then finishes the requests that are under way. Sockets are not waited for.
pub async fn serve(listener: TcpListener, router: Router, headers: Duration, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => speak(stream, peer, router.clone(), headers, &graceful),
            Err(error) => {
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

fn speak(stream: TcpStream, peer: SocketAddr, router: Router, headers: Duration, graceful: &GracefulShutdown) {
    // A small answer leaves at once. A connection that is gone already says so below.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut http = auto::Builder::new(TokioExecutor::new()).http1_only();
    http.http1().timer(TokioTimer::new()).header_read_timeout(headers);
    let connection = http.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection ended");
        }
    });
}
