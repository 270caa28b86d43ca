//! `/live`: one WebSocket per tab. Writes what the tab missed, then what the hub hands out; hears what the tab says.

use std::sync::Arc;

use anyhow::Context as _;
use axum::{body::Bytes, extract::State, response::Response};

use super::{
    Hello, MAX_RECEIVED, PATIENCE, Watcher,
    guest::Guest,
    replay::Replay,
    said::{Pace, Said},
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::AppResult,
    live::{
        Link, Topic,
        door::Seat,
        hub::Greeting,
        socket::close,
        wire::{Frame, Heard, Incoming, Inlet, Outlet},
    },
    web::{ClientIp, Query, session::Anyone, upgrade::Upgrade},
};

/// `GET /live`. A refused session is accepted and closed with 4403, so that the browser knows why.
pub async fn connect(
    State(app): State<App>,
    axum::Extension(watcher): axum::Extension<Arc<dyn Watcher>>,
    Anyone(user): Anyone,
    ip: ClientIp,
    Query(hello): Query<Hello>,
    upgrade: Upgrade,
) -> Response {
    upgrade.accept(move |stream, early| {
        let outlet = Outlet::new(stream);
        let seated = match sit_down(app, user, ip) {
            Ok((guest, seat)) => {
                let link = guest.connect(Some(outlet));
                Ok(Tab { guest, watcher, pace: Pace::default(), inlet: Inlet::default(), link, _seat: seat })
            }
            Err(code) => Err((outlet, code)),
        };
        attend(seated.map(Box::new), Box::new((hello, early)))
    })
}

/// The task of a tab. It keeps what its future is begun with for as long as it lives, so that is little; what happens once or
/// seldom is boxed here and below.
async fn attend(seated: Result<Box<Tab>, (Outlet, u16)>, first: Box<(Hello, Bytes)>) {
    match seated {
        Ok(tab) => tab.run(first).await,
        Err((outlet, code)) => Box::pin(refuse(&outlet, code)).await,
    }
}

/// Finds a tab its place; the code to close with when there is none for it.
fn sit_down(app: App, user: Option<CurrentUser>, ip: ClientIp) -> Result<(Guest, Seat), u16> {
    let user = user.ok_or(close::REVOKED)?;
    let seat = app.live.door().enter(user.id.0, ip.0, app.config.sockets_per_address).ok_or(close::CROWDED)?;
    Ok((Guest { app, user }, seat))
}

/// Says why and hangs up.
async fn refuse(outlet: &Outlet, code: u16) {
    log(outlet.send(vec![Frame::close(code)], PATIENCE).await);
    outlet.linger().await;
}

/// A tab that is connected. Dropped, it is forgotten by the hub.
struct Tab {
    guest: Guest,
    watcher: Arc<dyn Watcher>,
    pace: Pace,
    inlet: Inlet,
    link: Link,
    _seat: Seat,
}

impl Tab {
    /// Serves the tab until either side ends it. `early` came together with the handshake.
    async fn run(mut self: Box<Self>, first: Box<(Hello, Bytes)>) {
        log(self.serve(first).await);
        let Self { link, .. } = *self;
        Box::pin(link.linger()).await;
    }

    async fn serve(&mut self, first: Box<(Hello, Bytes)>) -> std::io::Result<()> {
        let mut ended = Box::pin(self.begin(first)).await;
        while matches!(ended, Ok(None)) {
            ended = tokio::select! {
                written = self.link.tend(PATIENCE) => return written,
                heard = self.inlet.listen(self.link.outlet()?) => Box::pin(self.hear(heard?)).await,
            };
        }
        let code = ended.unwrap_or_else(|error| {
            tracing::debug!(%error, "socket ended");
            Some(close::FAILED)
        });
        Box::pin(self.link.close(code.unwrap_or(close::LAG), PATIENCE)).await
    }

    async fn begin(&mut self, first: Box<(Hello, Bytes)>) -> AppResult<Option<u16>> {
        let (hello, early) = *first;
        let end = self.arrive(hello).await?;
        if end.is_some() {
            return Ok(end);
        }
        let heard = self.inlet.parse(&early);
        self.hear(heard).await
    }

    /// Writes what the tab missed and lets the hub write from there; answers the code to close with, if it is to be closed.
    async fn arrive(&self, hello: Hello) -> AppResult<Option<u16>> {
        let Some(mut arrival) = self.guest.arrive(&hello).await? else { return Ok(Some(close::REVOKED)) };
        if !self.send_all(&mut arrival.past).await? {
            return Ok(Some(close::LAG));
        }
        self.link.go_live(arrival.entry());
        self.link.open();
        Ok(None)
    }

    /// Hears one read's messages; answers the code to close with, if it is to be closed.
    async fn hear(&self, heard: Heard) -> AppResult<Option<u16>> {
        for said in heard.said {
            match said {
                Incoming::Text(text) => {
                    let end = self.heard(&text).await?;
                    if end.is_some() {
                        return Ok(end);
                    }
                }
                // Answered at the pace of all that a tab says: a flood of them only waits.
                Incoming::Ping(payload) => {
                    tokio::time::sleep(self.pace.take()).await;
                    self.link.answer(Frame::pong(&payload));
                }
                Incoming::Pong => tokio::time::sleep(self.pace.take()).await,
                Incoming::Close(code) => return Ok(Some(code)),
            }
        }
        if heard.violation.is_some() {
            self.guest.app.live.hub().meters.malformed();
        }
        Ok(heard.violation)
    }

    /// A tab showed another page or fell idle; what is neither is ignored. Answers the code to close with.
    async fn heard(&self, text: &str) -> AppResult<Option<u16>> {
        tokio::time::sleep(self.pace.take()).await;
        let (Guest { app, user }, link) = (&self.guest, &self.link);
        match serde_json::from_str(text) {
            Ok(Said::Show { show, page, since }) => {
                if link.hold(PATIENCE).await.is_err() {
                    return Ok(Some(close::LAG));
                }
                let (up_to, extent) = loop {
                    let leaves = link.leaves();
                    let Some((topics, extent)) = self.guest.authorised(&show).await? else {
                        return Ok(Some(close::REVOKED));
                    };
                    if let Some(up_to) = link.show(topics, leaves) {
                        break (up_to, extent);
                    }
                };
                let mut past = match since {
                    Some(since) => Replay::begin(&self.guest, link.topics(), since, up_to, extent),
                    None => Replay::nothing(&self.guest),
                };
                if !self.send_all(&mut past).await? {
                    return Ok(Some(close::LAG));
                }
                link.shown(&past.read, Greeting { page, is_reset: !past.is_whole });
                link.open();
            }
            Ok(Said::Idle { idle }) => {
                if let Some(all_idle) = link.set_idle(idle) {
                    self.watcher.idle(app.clone(), user.clone(), all_idle).await;
                }
            }
            Ok(Said::Typing { typing }) => {
                let heard = typing.topic().filter(|topic| link.hears(topic));
                if let Some(topic) = heard.filter(|_| self.pace.may_type()) {
                    self.watcher.typing(app, user, topic);
                }
            }
            Ok(Said::Looking { looking, how }) => {
                if link.hears(&Topic::Ticket(looking)) {
                    self.watcher.looking(app, user, looking, how);
                }
            }
            Ok(Said::Received { mut received }) => {
                received.truncate(MAX_RECEIVED);
                self.watcher.received(app, user, received);
            }
            Err(_) => metrics::counter!("crea_socket_garbage_total").increment(1),
        }
        Ok(None)
    }

    /// Writes all that was missed; false when the connection did not take it in time.
    async fn send_all(&self, past: &mut Replay<'_>) -> AppResult<bool> {
        while let Some(frames) = past.next().await? {
            let outlet = self.link.outlet().context("not a socket")?;
            if outlet.send(frames, PATIENCE).await.is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn log(ended: std::io::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "socket ended");
    }
}
