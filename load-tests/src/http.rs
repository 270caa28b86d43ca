//! A small HTTP/1.1 client for one server on loopback: kept connections, forms, cookies by hand. Not for any other use:
//! it refuses every address that is not loopback, reads bodies whole and follows no redirect.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A server that does not answer within this time has failed.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Longest body in bytes that is read; a page is far below.
const MAX_BODY: usize = 8 << 20;

/// The server under load, and its idle connections. Each request takes one of them or opens another, so that a slow
/// answer does not hold back the next request.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    host: String,
    idle: Mutex<Vec<BufReader<TcpStream>>>,
}

/// An answer: status, header fields with names in lower case, body.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The first header field of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl Server {
    /// Reads `http://HOST:PORT` and resolves it. Fails for https, a path, or an address that is not loopback.
    pub async fn at(url: &str) -> Result<Self> {
        let host = url.strip_prefix("http://").with_context(|| format!("{url}: http:// only"))?.trim_end_matches('/');
        ensure!(!host.contains(['/', '@', '?', '#']), "{url}: only http://HOST:PORT is accepted");
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let authority = if has_port { host.to_owned() } else { format!("{host}:80") };
        let address = tokio::net::lookup_host(&authority).await.with_context(|| format!("{url}: no such host"))?.next();
        let address = address.with_context(|| format!("{url}: no address"))?;
        ensure!(address.ip().is_loopback(), "{url} is {}: load goes to loopback only", address.ip());
        Ok(Self { address, host: host.to_owned(), idle: Mutex::default() })
    }

    /// A new connection.
    pub async fn connect(&self) -> Result<TcpStream> {
        let stream =
            TcpStream::connect(self.address).await.with_context(|| format!("connecting to {}", self.address))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// GET with a session cookie.
    pub async fn get(&self, path: &str, cookie: &str) -> Result<Answer> {
        self.send(&format!("GET {path} HTTP/1.1\r\n{}\r\n", self.headers(cookie))).await
    }

    /// POST of a form, as a browser on the server's own page sends it.
    pub async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let body = form(fields);
        let kind = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", body.len());
        self.send(&format!("POST {path} HTTP/1.1\r\n{}{kind}\r\n{body}", self.headers(cookie))).await
    }

    /// POST of plain text.
    pub async fn post_text(&self, path: &str, body: &str) -> Result<Answer> {
        let kind = format!("Content-Type: text/plain\r\nContent-Length: {}\r\n", body.len());
        self.send(&format!("POST {path} HTTP/1.1\r\n{}{kind}\r\n{body}", self.headers(""))).await
    }

    fn headers(&self, cookie: &str) -> String {
        let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
        format!("Host: {0}\r\nOrigin: http://{0}\r\nSec-Fetch-Site: same-origin\r\n{cookie}", self.host)
    }

    async fn send(&self, request: &str) -> Result<Answer> {
        let kept = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let was_kept = kept.is_some();
        let stream = match kept {
            Some(stream) => stream,
            None => BufReader::new(self.connect().await?),
        };
        match self.exchange(stream, request).await {
            // Nothing came back on a connection that had been idle: the server had closed it before it read the request.
            Err(error) if was_kept && error.downcast_ref::<Silence>().is_some() => {
                self.exchange(BufReader::new(self.connect().await?), request).await
            }
            answer => answer,
        }
    }

    async fn exchange(&self, mut stream: BufReader<TcpStream>, request: &str) -> Result<Answer> {
        let exchange = async {
            stream.write_all(request.as_bytes()).await.map_err(|_| Silence)?;
            read(&mut stream).await
        };
        let answer = timeout(ANSWER_WITHIN, exchange).await.context("no answer in time")??;
        if answer.header("connection").is_none_or(|c| !c.eq_ignore_ascii_case("close"))
            && let Ok(mut idle) = self.idle.lock()
        {
            idle.push(stream);
        }
        Ok(answer)
    }
}

/// The connection ended before the first byte of an answer.
#[derive(Debug)]
struct Silence;

impl std::fmt::Display for Silence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the server closed the connection without an answer")
    }
}

impl std::error::Error for Silence {}

/// Reads one answer: by Content-Length or chunks, and no body for 204 and 304.
async fn read(stream: &mut (impl AsyncBufReadExt + Unpin)) -> Result<Answer> {
    let mut line = String::new();
    if !matches!(stream.read_line(&mut line).await, Ok(1..)) {
        return Err(Silence.into());
    }
    let status =
        line.split(' ').nth(1).and_then(|s| s.parse().ok()).with_context(|| format!("no status in {line:?}"))?;
    let mut answer = Answer { status, ..Answer::default() };
    loop {
        line.clear();
        ensure!(stream.read_line(&mut line).await? > 0, "the answer ended within its header");
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        answer.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut body = Vec::new();
    if matches!(status, 204 | 304) {
    } else if answer.header("transfer-encoding").is_some_and(|t| t.eq_ignore_ascii_case("chunked")) {
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            let size = line.split(';').next().unwrap_or("").trim();
            let size = usize::from_str_radix(size, 16).with_context(|| format!("no chunk size in {line:?}"))?;
            read_body(stream, &mut body, size).await?;
            line.clear();
            stream.read_line(&mut line).await?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = answer.header("content-length") {
        let length = length.parse().context("Content-Length is no number")?;
        read_body(stream, &mut body, length).await?;
    } else {
        bail!("an answer without Content-Length or chunks");
    }
    answer.body = String::from_utf8_lossy(&body).into_owned();
    Ok(answer)
}

async fn read_body(stream: &mut (impl AsyncReadExt + Unpin), body: &mut Vec<u8>, length: usize) -> Result<()> {
    let start = body.len();
    ensure!(length <= MAX_BODY - start.min(MAX_BODY), "a body of more than {MAX_BODY} bytes");
    body.resize(start + length, 0);
    stream.read_exact(&mut body[start..]).await.context("the answer ended within its body")?;
    Ok(())
}

/// `application/x-www-form-urlencoded`; everything but letters, digits and `-._` is escaped.
fn form(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        let byte = |b: u8| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn only_loopback_is_accepted() {
        for url in ["http://127.0.0.1:8080", "http://127.9.0.1:1/", "http://[::1]:8080", "http://127.0.0.1"] {
            assert!(Server::at(url).await.is_ok(), "{url}");
        }
        for url in [
            "http://10.0.0.1:8080",
            "http://192.0.2.7",
            "https://127.0.0.1",
            "http://127.0.0.1/x",
            "http://a@127.0.0.1",
            "127.0.0.1:80",
        ] {
            assert!(Server::at(url).await.is_err(), "{url}");
        }
    }

    #[tokio::test]
    async fn answers_are_read_by_length_and_by_chunks() {
        let text = "HTTP/1.1 303 See Other\r\nLocation: /chat/1\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
                    2\r\nde\r\n3;x\r\nfgh\r\n0\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
        let mut stream = text.as_bytes();
        let first = read(&mut stream).await.unwrap();
        assert_eq!((first.status, first.header("location"), first.body.as_str()), (303, Some("/chat/1"), "abc"));
        assert_eq!(read(&mut stream).await.unwrap().body, "defgh");
        assert_eq!(read(&mut stream).await.unwrap().status, 204);
        assert!(read(&mut stream).await.unwrap_err().is::<Silence>());
    }

    #[tokio::test]
    async fn a_broken_answer_is_an_error() {
        for text in [
            "HTTP/1.1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        ] {
            assert!(read(&mut text.as_bytes()).await.is_err(), "{text}");
        }
    }

    #[test]
    fn forms_are_escaped() {
        assert_eq!(form(&[("login", "a+b@c.co"), ("body", "ñ &=")]), "login=a%2Bb%40c.co&body=%C3%B1%20%26%3D");
    }
}
