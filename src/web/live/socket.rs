//! `/live`: one WebSocket per tab. Writes what the tab missed, then what the hub hands out; hears what the tab says.

use std::sync::Arc;

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
    },
    response::Response,
};
use futures_util::SinkExt as _;

use super::{
    Hello, MAX_RECEIVED, PATIENCE, Watcher,
    guest::Guest,
    replay::Replay,
    said::{Pace, Said},
};
use crate::{
    app::App,
    error::AppResult,
    live::{
        Frame, Link, Topic,
        hub::Greeting,
        socket::{Out, close},
    },
    web::{ClientIp, Query, session::Anyone},
};

/// Longest message of a browser, in bytes; a longer one ends the socket.
const MAX_MESSAGE: usize = 8 * 1024;

/// `GET /live`. A refused session is accepted and closed with 4403, so that the browser knows why.
pub async fn connect(
    State(app): State<App>,
    axum::Extension(watcher): axum::Extension<Arc<dyn Watcher>>,
    Anyone(user): Anyone,
    ip: ClientIp,
    Query(hello): Query<Hello>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade.read_buffer_size(4096).write_buffer_size(0).max_message_size(MAX_MESSAGE);
    upgrade.on_upgrade(async move |mut socket| match user {
        Some(user) => {
            let Some(_seat) = app.live.door().enter(user.id.0, ip.0, app.config.sockets_per_address) else {
                let _ = close_with(&mut socket, close::CROWDED).await;
                return;
            };
            let tab = Tab { guest: Guest { app, user }, watcher, pace: Pace::default() };
            if let Err(error) = tab.run(&mut socket, hello).await {
                tracing::debug!(%error, "socket ended");
                let _ = close_with(&mut socket, close::LAG).await;
            }
        }
        None => {
            let _ = close_with(&mut socket, close::REVOKED).await;
        }
    })
}

struct Tab {
    guest: Guest,
    watcher: Arc<dyn Watcher>,
    pace: Pace,
}

impl Tab {
    async fn run(self, socket: &mut WebSocket, hello: Hello) -> AppResult<()> {
        let link = self.guest.connect();
        let Some(mut arrival) = self.guest.arrive(&link, &hello).await? else {
            return Ok(close_with(socket, close::REVOKED).await?);
        };
        send_all(socket, &mut arrival.past).await?;
        link.go_live(arrival.entry());
        self.serve(socket, &link).await
    }

    /// Writes and listens until either side ends it.
    async fn serve(&self, socket: &mut WebSocket, link: &Link) -> AppResult<()> {
        loop {
            tokio::select! {
                waiting = link.next() => {
                    if let Some(code) = write(socket, waiting).await? {
                        return Ok(close_with(socket, code).await?);
                    }
                }
                message = socket.recv() => match message {
                    Some(Ok(Message::Text(text))) => self.heard(socket, link, &text).await?,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
                    Some(Ok(_)) => {}
                }
            }
        }
    }

    /// A tab showed another page or fell idle; what is neither is ignored.
    async fn heard(&self, socket: &mut WebSocket, link: &Link, text: &str) -> AppResult<()> {
        tokio::time::sleep(self.pace.take()).await;
        let Guest { app, user } = &self.guest;
        match serde_json::from_str(text) {
            Ok(Said::Show { show, page, since }) => {
                let up_to = loop {
                    let leaves = link.leaves();
                    let topics = self.guest.authorised(&show).await?;
                    if let Some(up_to) = link.show(topics, leaves) {
                        break up_to;
                    }
                };
                let mut past = match since {
                    Some(since) => Replay::begin(&self.guest, link.topics(), since, up_to).await?,
                    None => Replay::nothing(&self.guest),
                };
                send_all(socket, &mut past).await?;
                link.shown(&past.read, Greeting { page, is_reset: !past.is_whole });
            }
            Ok(Said::Idle { idle }) => {
                if let Some(all_idle) = link.set_idle(idle) {
                    self.watcher.idle(app.clone(), user.clone(), all_idle).await;
                }
            }
            Ok(Said::Typing { typing }) => {
                if link.hears(&Topic::Conversation(typing)) && self.pace.may_type() {
                    self.watcher.typing(app, user, typing);
                }
            }
            Ok(Said::Received { mut received }) => {
                received.truncate(MAX_RECEIVED);
                self.watcher.received(app, user, received);
            }
            Err(_) => metrics::counter!("crea_socket_garbage_total").increment(1),
        }
        Ok(())
    }
}

/// Writes all that was missed.
async fn send_all(socket: &mut WebSocket, past: &mut Replay<'_>) -> AppResult<()> {
    while let Some(frames) = past.next().await? {
        send(socket, frames).await?;
    }
    Ok(())
}

/// Writes all that waits in one go; answers the code if the socket is to be closed.
async fn write(socket: &mut WebSocket, waiting: Vec<Out>) -> AppResult<Option<u16>> {
    let code = waiting.iter().find_map(|out| if let Out::Close(code) = out { Some(*code) } else { None });
    let frames = waiting.into_iter().filter_map(|out| if let Out::Frame(frame) = out { Some(frame) } else { None });
    send(socket, frames.collect()).await?;
    Ok(code)
}

async fn send(socket: &mut WebSocket, frames: Vec<Frame>) -> Result<(), anyhow::Error> {
    let all = async {
        for frame in frames {
            // The shared buffer itself, and no copy of it.
            socket.feed(Message::Text(Utf8Bytes::try_from(frame.bytes().clone())?)).await?;
        }
        Ok::<_, anyhow::Error>(socket.flush().await?)
    };
    tokio::time::timeout(PATIENCE, all).await??;
    Ok(())
}

async fn close_with(socket: &mut WebSocket, code: u16) -> Result<(), anyhow::Error> {
    let frame = CloseFrame { code, reason: Utf8Bytes::default() };
    tokio::time::timeout(PATIENCE, socket.send(Message::Close(Some(frame)))).await??;
    Ok(())
}
