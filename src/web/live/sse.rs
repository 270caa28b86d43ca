//! `/live/sse`: what the socket carries, for networks that let no WebSocket through. One event per frame; its id is the
//! frame's cursor, and comes back as `Last-Event-ID`.

use std::{convert::Infallible, fmt::Write as _};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use tokio::{sync::mpsc, time::timeout};

use super::{Hello, PATIENCE, REVOKED, guest::Guest};
use crate::{
    app::App,
    error::AppResult,
    live::{
        Link,
        socket::{Out, close},
    },
    web::{ClientIp, Query, session::Anyone},
};

/// Who lagged, or met a database that does not answer, comes back after this.
const COME_BACK: &str = "<hx-live retry=\"2000\"></hx-live>";

/// Whoever has as many connections as one may comes back after this: another tab may be closed by then.
const NO_ROOM: &str = "<hx-live retry=\"30000\"></hx-live>";

/// `GET /live/sse`. A refused session is told so in the stream; the stream then ends.
pub async fn stream(
    State(app): State<App>,
    Anyone(user): Anyone,
    ip: ClientIp,
    Query(hello): Query<Hello>,
    headers: HeaderMap,
) -> Response {
    let hello = Hello { cursor: last_event_id(&headers).unwrap_or(hello.cursor), ..hello };
    let (outgoing, chunks) = mpsc::channel(1);
    tokio::spawn(async move {
        let tab = Tab(outgoing);
        let last = match user {
            Some(user) => match app.live.door().enter(user.id.0, ip.0, app.config.sockets_per_address) {
                Some(_seat) => tab.run(&Guest { app, user }, &hello).await.unwrap_or_else(|error| {
                    tracing::debug!(%error, "event stream ended");
                    Some(close::FAILED)
                }),
                None => Some(close::CROWDED),
            },
            None => Some(close::REVOKED),
        };
        // Somebody who does not read does not need the last word.
        let _ = tab.say_why(last).await;
    });
    let body = stream::unfold(chunks, async |mut chunks: mpsc::Receiver<Bytes>| {
        chunks.recv().await.map(|chunk| (Ok::<_, Infallible>(chunk), chunks))
    });
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-store, no-transform"),
        // nginx would keep the events until its buffer is full.
        ("x-accel-buffering", "no"),
    ];
    (headers, Body::from_stream(body)).into_response()
}

fn last_event_id(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

/// The way to one browser: a chunk at a time.
struct Tab(mpsc::Sender<Bytes>);

impl Tab {
    /// Writes until either side ends it; answers why, as a socket's close code, unless the browser left.
    async fn run(&self, guest: &Guest, hello: &Hello) -> AppResult<Option<u16>> {
        let link = guest.connect(None);
        let ended = self.serve(guest, hello, &link).await;
        if ended.is_err() {
            link.give_up();
        }
        ended
    }

    /// The past, then what comes.
    async fn serve(&self, guest: &Guest, hello: &Hello, link: &Link) -> AppResult<Option<u16>> {
        let Some(mut arrival) = guest.arrive(hello).await? else { return Ok(Some(close::REVOKED)) };
        while let Some(frames) = arrival.past.next().await? {
            self.send(frames.iter().map(|frame| frame.as_str())).await?;
        }
        link.go_live(arrival.entry());
        loop {
            tokio::select! {
                waiting = link.next() => {
                    self.send(waiting.iter().filter_map(text_of)).await?;
                    if let Some(Out::Close(code)) = waiting.last() {
                        return Ok(Some(*code));
                    }
                }
                () = self.0.closed() => return Ok(None),
            }
        }
    }

    async fn say_why(&self, code: Option<u16>) -> anyhow::Result<()> {
        match code {
            Some(close::REVOKED) => self.send([REVOKED]).await,
            Some(close::LAG | close::FAILED) => self.send([COME_BACK]).await,
            Some(close::CROWDED) => self.send([NO_ROOM]).await,
            // The hub has told when to come back; or nobody is there.
            _ => Ok(()),
        }
    }

    async fn send<'a>(&self, frames: impl IntoIterator<Item = &'a str>) -> anyhow::Result<()> {
        let mut text = String::new();
        for frame in frames {
            write_event(&mut text, frame);
        }
        if !text.is_empty() {
            timeout(PATIENCE, self.0.send(text.into())).await??;
        }
        Ok(())
    }
}

fn text_of(out: &Out) -> Option<&str> {
    if let Out::Frame(frame) = out { Some(frame.as_str()) } else { None }
}

/// A frame as an event. A line break of any kind would end the field: each line is one of its own.
fn write_event(text: &mut String, frame: &str) {
    // Writing to memory does not fail.
    if let Some(seq) = attribute(frame, "<hx-live seq=\"") {
        let _ = writeln!(text, "id: {seq}");
    }
    if let Some(retry) = attribute(frame, "<hx-live retry=\"") {
        let _ = writeln!(text, "retry: {retry}");
    }
    for line in frame.replace("\r\n", "\n").split(['\n', '\r']) {
        let _ = writeln!(text, "data: {line}");
    }
    text.push('\n');
}

fn attribute<'a>(frame: &'a str, start: &str) -> Option<&'a str> {
    frame.strip_prefix(start)?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(frame: &str) -> String {
        let mut text = String::new();
        write_event(&mut text, frame);
        text
    }

    #[test]
    fn a_frame_is_an_event_with_its_cursor_as_id() {
        assert_eq!(
            event("<hx-live seq=\"17\"></hx-live><p>á</p>"),
            "id: 17\ndata: <hx-live seq=\"17\"></hx-live><p>á</p>\n\n"
        );
        assert_eq!(event("<hx-live></hx-live>"), "data: <hx-live></hx-live>\n\n", "counts have no number");
        assert_eq!(
            event("<hx-live retry=\"900\"></hx-live>"),
            "retry: 900\ndata: <hx-live retry=\"900\"></hx-live>\n\n"
        );
    }

    #[test]
    fn lines_of_a_message_cannot_become_fields() {
        assert_eq!(event("a\nid: 9\r\n\revent: x"), "data: a\ndata: id: 9\ndata: \ndata: event: x\n\n");
    }
}
