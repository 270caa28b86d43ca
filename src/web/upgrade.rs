//! The handshake of RFC 6455, and the connection itself out of hyper's hands: what follows is no HTTP any more.

use std::future::Future;

use axum::{
    body::{Body, Bytes},
    extract::FromRequestParts,
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::upgrade::OnUpgrade;
use hyper_util::{rt::TokioIo, server::conn::auto::upgrade::downcast};
use ring::digest;
use tokio::net::TcpStream;

/// What the key is hashed with (RFC 6455, section 1.3).
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// What the kernel may hold of one connection, in bytes (it doubles it); more waits with us, where it is bounded too.
const SEND_BUFFER: usize = 256 * 1024;

/// A request that asks to become a WebSocket. Anything else is refused with 400, 405 or 426.
pub struct Upgrade {
    accept: String,
    connection: OnUpgrade,
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        if parts.method != Method::GET {
            return Err(StatusCode::METHOD_NOT_ALLOWED.into_response());
        }
        let (headers, sockets_only) = (&parts.headers, [(header::UPGRADE, "websocket")]);
        if !says(headers, header::CONNECTION, "upgrade") || !says(headers, header::UPGRADE, "websocket") {
            return Err((StatusCode::UPGRADE_REQUIRED, sockets_only).into_response());
        }
        if !says(headers, header::SEC_WEBSOCKET_VERSION, "13") {
            return Err((StatusCode::UPGRADE_REQUIRED, [(header::SEC_WEBSOCKET_VERSION, "13")]).into_response());
        }
        // Sixteen bytes in base64.
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|key| key.len() == 24);
        let key = key.ok_or_else(|| StatusCode::BAD_REQUEST.into_response())?;
        let accept = accept(key.as_bytes());
        let connection = parts.extensions.remove::<OnUpgrade>();
        let connection = connection.ok_or_else(|| (StatusCode::UPGRADE_REQUIRED, sockets_only).into_response())?;
        Ok(Self { accept, connection })
    }
}

impl Upgrade {
    /// Answers the handshake and hands the connection over, with the bytes that came right after the request.
    pub fn accept<F: Future<Output = ()> + Send + 'static>(
        self,
        serve: impl FnOnce(TcpStream, Bytes) -> F + Send + 'static,
    ) -> Response {
        let Self { accept, connection } = self;
        tokio::spawn(async move {
            let (stream, early) = match connection.await.map(downcast::<TokioIo<TcpStream>>) {
                Ok(Ok(parts)) => (renewed(parts.io.into_inner()), parts.read_buf),
                Ok(Err(_)) => return tracing::error!("a socket over something else than plain TCP"),
                Err(error) => return tracing::debug!(%error, "hung up during the handshake"),
            };
            let stream = match stream {
                Ok(stream) => stream,
                Err(error) => return tracing::warn!(%error, "cannot wait for a socket"),
            };
            tune(&stream);
            // A task of its own: this one is as large as the handshake needs, for as long as it lives.
            tokio::spawn(serve(stream, early));
        });
        let headers = [
            (header::CONNECTION, "upgrade"),
            (header::UPGRADE, "websocket"),
            (header::SEC_WEBSOCKET_ACCEPT, accept.as_str()),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
    }
}

/// The connection as if nobody had waited for it yet. The runtime keeps the waker of whoever did last, and by it the
/// memory of a task that has long ended: twice that of the socket's own.
fn renewed(stream: TcpStream) -> std::io::Result<TcpStream> {
    TcpStream::from_std(stream.into_std()?)
}

/// Small frames leave at once, and a browser that does not read fills little of the kernel.
fn tune(stream: &TcpStream) {
    let bounded = socket2::SockRef::from(stream).set_send_buffer_size(SEND_BUFFER);
    if let Err(error) = stream.set_nodelay(true).and(bounded) {
        tracing::debug!(%error, "cannot tune a socket");
    }
}

/// Whether a header names this token, in whatever case.
fn says(headers: &HeaderMap, name: header::HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|said| said.trim().eq_ignore_ascii_case(token))
}

/// The proof that we understood: `Sec-WebSocket-Accept` for a key.
fn accept(key: &[u8]) -> String {
    STANDARD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &[key, GUID.as_bytes()].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc() {
        assert_eq!(accept(b"dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
