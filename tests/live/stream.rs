//! A tab without a socket: an event stream as `hx-sse` reads it, and polls.

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use futures_util::StreamExt as _;
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::harness::{Answer, Client, PATIENCE, TestApp};

/// An event as it came: its id, if it has one, and its data.
pub type Event = (Option<i64>, String);

/// An open event stream.
pub struct Stream {
    body: axum::body::BodyDataStream,
    buffer: String,
    /// All that came so far.
    pub events: Vec<Event>,
    /// The answer's headers.
    pub headers: axum::http::HeaderMap,
}

impl Stream {
    /// Opens `/live/sse` with this query, as the browser of `client`.
    pub async fn open(app: &TestApp, client: &Client, query: &str, last_event_id: Option<i64>) -> Self {
        let mut request = Request::builder()
            .uri(format!("/live/sse?{query}"))
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::ACCEPT_ENCODING, "br, gzip")
            .header(header::COOKIE, client.cookie());
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from((client.ip, 40_000))));
        let answer = app.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        let (parts, body) = answer.into_parts();
        Self { body: body.into_data_stream(), buffer: String::new(), events: Vec::new(), headers: parts.headers }
    }

    /// Reads the next event; `None` when the server ended the stream.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((text, rest)) = self.buffer.split_once("\n\n") {
                let event = parse(text);
                self.buffer = rest.to_owned();
                self.events.push(event.clone());
                return Some(event);
            }
            let chunk = timeout(PATIENCE, self.body.next()).await.expect("an event or the end")?;
            self.buffer.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }

    /// Reads up to an event that has `part` in it.
    pub async fn until(&mut self, part: &str) -> Event {
        while let Some(event) = self.next().await {
            if event.1.contains(part) {
                return event;
            }
        }
        panic!("ended without {part}: {:#?}", self.events);
    }

    /// Whether a word was sent in any event so far.
    pub fn was_sent(&self, word: &str) -> bool {
        self.events.iter().any(|(_, data)| data.contains(word))
    }
}

fn parse(text: &str) -> Event {
    let id = text.lines().find_map(|line| line.strip_prefix("id: ")).map(|id| id.parse().unwrap());
    let data: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    (id, data.join("\n"))
}

/// Polls once.
pub async fn poll(client: &Client, query: &str) -> Answer {
    let answer = client.get(&format!("/live/poll?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

/// The cursor that an answer ends with.
pub fn cursor_of(text: &str) -> i64 {
    let (_, last) = text.rsplit_once("<hx-live seq=\"").expect("a cursor");
    last.split('"').next().unwrap().parse().unwrap()
}
