//! One socket of one person: opened as the browser does, read to the end, every event checked as it comes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::frame::events;
use crate::http::Server;
use crate::user::{User, between};

/// The server greets within this time, or the socket does not count as open.
const GREETING_WITHIN: Duration = Duration::from_secs(10);

/// What a socket tells the run.
#[derive(Debug)]
pub enum Seen {
    /// A message was shown.
    Message { socket: usize, id: String, at: Instant },
    /// An event came with a number that is not above the last one's.
    OutOfOrder,
    /// The server asked for the page again: from here on nothing is proven for this socket.
    Reset,
    /// The socket ended before the run did.
    Closed,
}

/// An open socket, greeted by the server.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    seq: u64,
}

impl Socket {
    /// Takes the cursor from the chat page and opens the socket with it.
    pub async fn open(server: &Server, user: &User) -> Result<Self> {
        let page = server.get("/chat", &user.cookie).await?;
        let cursor = between(&page.body, "data-seq=\"", "\"")
            .with_context(|| format!("{}: no cursor on /chat (status {})", user.email, page.status))?;
        let url = format!("ws://{}/live?cursor={cursor}&page=0&topics=", server.host());
        let mut request = url.into_client_request()?;
        for (name, value) in [
            ("cookie", user.cookie.clone()),
            ("origin", format!("http://{}", server.host())),
            ("sec-fetch-site", "same-origin".to_owned()),
        ] {
            request.headers_mut().insert(name, HeaderValue::from_str(&value)?);
        }
        let (stream, _) = tokio_tungstenite::client_async(request, server.connect().await?)
            .await
            .with_context(|| format!("{}: socket refused", user.email))?;
        let mut socket = Self { stream, seq: 0 };
        timeout(GREETING_WITHIN, socket.greeting()).await.with_context(|| format!("{}: no greeting", user.email))??;
        Ok(socket)
    }

    async fn greeting(&mut self) -> Result<()> {
        while let Some(message) = self.stream.next().await {
            match message? {
                Message::Text(text) => {
                    let found = events(text.as_str());
                    self.seq = found.iter().filter_map(|e| e.seq).max().unwrap_or(0).max(self.seq);
                    if found.iter().any(|e| e.is_greeting) {
                        return Ok(());
                    }
                }
                Message::Close(frame) => bail!("closed: {frame:?}"),
                _ => {}
            }
        }
        bail!("closed without a word")
    }

    /// Reads until the task is aborted or the server closes; tells everything to `seen`.
    pub async fn read(mut self, socket: usize, seen: Arc<UnboundedSender<Seen>>) {
        while let Some(Ok(message)) = self.stream.next().await {
            let at = Instant::now();
            let text = match message {
                Message::Text(text) => text,
                Message::Close(_) => break,
                _ => continue,
            };
            for event in events(text.as_str()) {
                if event.is_reset {
                    let _ = seen.send(Seen::Reset);
                }
                // What is not stored (presence, heartbeats) repeats the current number; a message has its own.
                let seq = event.seq.unwrap_or(self.seq);
                if seq < self.seq || (seq == self.seq && !event.messages.is_empty()) {
                    let _ = seen.send(Seen::OutOfOrder);
                }
                self.seq = seq.max(self.seq);
                for id in event.messages {
                    let _ = seen.send(Seen::Message { socket, id: id.to_owned(), at });
                }
            }
        }
        let _ = seen.send(Seen::Closed);
    }
}
