//! Opening a socket: a connection from one of several loopback addresses, and the handshake.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// A handshake that takes longer has failed.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(30);
/// Longest answer to a handshake.
const MAX_HEAD: usize = 16 * 1024;
/// Sockets that share a source address: a server may bound them, and ports are not without end.
const PER_ADDRESS: usize = 500;

/// An open connection, and what came after the answer's head.
pub type Opened = (std::net::TcpStream, Vec<u8>);

/// The address from which the socket of this number is opened: 127.0.1.1, 127.0.1.2, …
pub fn source(number: usize) -> IpAddr {
    let address = number / PER_ADDRESS;
    let byte = |n: usize| u8::try_from(n % 254).unwrap_or(0);
    Ipv4Addr::new(127, 0, 1 + byte(address / 254), 1 + byte(address)).into()
}

/// Opens a socket at `path` as a browser on the server's own page does.
pub async fn socket(server: SocketAddr, from: IpAddr, path: &str, cookie: &str) -> Result<Opened> {
    let opening = async {
        let socket = TcpSocket::new_v4()?;
        // Without it the kernel would reserve a port for all destinations at once.
        socket.bind(SocketAddr::new(from, 0))?;
        let stream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        handshake(stream, server, path, cookie).await
    };
    timeout(HANDSHAKE_WITHIN, opening).await.context("no answer to a handshake")?
}

async fn handshake(mut stream: TcpStream, server: SocketAddr, path: &str, cookie: &str) -> Result<Opened> {
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {server}\r\nOrigin: http://{server}\r\nSec-Fetch-Site: same-origin\r\n{cookie}\
         Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut read = Vec::with_capacity(1_024);
    let head = loop {
        if let Some(end) = memchr::memmem::find(&read, b"\r\n\r\n") {
            break end + 4;
        }
        ensure!(read.len() < MAX_HEAD, "an endless answer to a handshake");
        if stream.read_buf(&mut read).await? == 0 {
            bail!("closed without an answer to a handshake");
        }
    };
    if !read.starts_with(b"HTTP/1.1 101 ") {
        let line = String::from_utf8_lossy(&read[..head]);
        bail!("a handshake was answered {:?}", line.lines().next().unwrap_or_default());
    }
    let rest = read.split_off(head);
    Ok((stream.into_std()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_come_from_several_addresses() {
        assert_eq!(source(0), source(499));
        assert_eq!(
            [0, 500, 253 * 500, 254 * 500].map(|n| source(n).to_string()),
            ["127.0.1.1", "127.0.1.2", "127.0.1.254", "127.0.2.1"]
        );
    }
}
