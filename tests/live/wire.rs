//! Bare sockets to a test's instance.

use std::net::SocketAddr;

use axum::http::HeaderValue;
use futures_util::StreamExt as _;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{self, Message, client::IntoClientRequest as _, http::StatusCode},
};

use crate::harness::PATIENCE;

/// A socket to a test's instance.
pub type Socket = WebSocketStream<TcpStream>;

/// Opens `/live` with these headers; the status when it is refused.
pub async fn open_socket(
    address: SocketAddr,
    query: &str,
    headers: &[(&'static str, &str)],
) -> Result<Socket, StatusCode> {
    let mut request = format!("ws://{address}/live?{query}").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    let stream = TcpStream::connect(address).await.unwrap();
    match tokio_tungstenite::client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(answer)) => Err(answer.status()),
        Err(error) => panic!("no socket: {error}"),
    }
}

/// Reads until a socket ends; its code.
pub async fn code_of_close(socket: &mut Socket) -> u16 {
    let ended = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map_or(1005, |f| f.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return 1006,
            }
        }
    };
    timeout(PATIENCE, ended).await.expect("the server closes")
}
