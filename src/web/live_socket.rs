//! `/live`: one WebSocket per tab. Reads what the tab missed, then writes what the hub hands out.
//!
//! The past is read after the socket is registered with the hub, which keeps what happens meanwhile: nothing falls
//! between the two.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
    },
    response::Response,
};
use futures_util::{SinkExt as _, future::BoxFuture};
use serde::Deserialize;
use uuid::Uuid;

use super::{Query, session::Anyone};
use crate::{
    app::App,
    auth::{CurrentUser, session},
    error::AppResult,
    live::{
        Link, Topic,
        event::joins_in,
        hub::{Entry, Greeting},
        outbox,
        socket::{Out, Visitor, close},
    },
};

/// Longest message of a browser, in bytes; a longer one ends the socket.
const MAX_MESSAGE: usize = 8 * 1024;
/// What a tab may say at once; the next waits, and with it all else of this tab.
const BURST: f64 = 30.0;
/// What it may say a second after that: most of it costs statements.
const PER_SECOND: f64 = 5.0;
/// A tab that says more often that its person types is not listened to.
const TYPING: Duration = Duration::from_secs(2);
/// Mass messages that one frame may acknowledge.
pub const MAX_RECEIVED: usize = 100;
/// Topics that one page may name.
const MAX_TOPICS: usize = 64;

/// A browser that takes nothing for this long is cut off, so that a revocation cannot wait for it.
const PATIENCE: Duration = Duration::from_secs(4);

/// What a tab says when it connects.
#[derive(Debug, Deserialize)]
pub struct Hello {
    /// The last event that it applied, or that its page was drawn at.
    cursor: i64,
    /// Which page it shows, counted by the tab; echoed once its topics are heard.
    #[serde(default)]
    page: i64,
    /// The page's topics, separated by spaces.
    #[serde(default)]
    topics: String,
}

/// What a tab says later.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Said {
    Show { show: String, page: i64, since: Option<i64> },
    Idle { idle: bool },
    Typing { typing: Uuid },
    Received { received: Vec<Uuid> },
}

/// What the features want to know of a socket; registered by `lib.rs`.
pub trait Watcher: Send + Sync + 'static {
    /// All tabs of a person have been still for a while, or one moved again.
    fn idle(&self, app: App, user: CurrentUser, idle: bool) -> BoxFuture<'static, ()>;

    /// Somebody is typing in a conversation that the tab hears; at most every two seconds per tab.
    fn typing(&self, app: &App, user: &CurrentUser, conversation: Uuid);

    /// Mass messages that reached the tab's screen; at most [`MAX_RECEIVED`]. Ids as the browser said them: whether
    /// they were meant for the person is for the feature's statement to say.
    fn received(&self, app: &App, user: &CurrentUser, broadcasts: Vec<Uuid>);
}

/// `GET /live`. A refused session is accepted and closed with 4403, so that the browser knows why.
pub async fn connect(
    State(app): State<App>,
    axum::Extension(watcher): axum::Extension<Arc<dyn Watcher>>,
    Anyone(user): Anyone,
    Query(hello): Query<Hello>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade.read_buffer_size(4096).write_buffer_size(0).max_message_size(MAX_MESSAGE);
    upgrade.on_upgrade(async move |mut socket| match user {
        Some(user) => {
            if let Err(error) = (Tab { app, user, watcher, pace: Pace::default() }).run(&mut socket, hello).await {
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
    app: App,
    user: CurrentUser,
    watcher: Arc<dyn Watcher>,
    pace: Pace,
}

/// How much a tab said lately.
struct Pace(Mutex<Lately>);

struct Lately {
    left: f64,
    at: Instant,
    typed: Option<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        Self(Mutex::new(Lately { left: BURST, at: Instant::now(), typed: None }))
    }
}

impl Pace {
    /// Takes one of what the tab may say; answers how long it must wait first.
    fn take(&self) -> Duration {
        let (mut lately, now) = (self.0.lock().unwrap_or_else(PoisonError::into_inner), Instant::now());
        lately.left = (lately.left + (now - lately.at).as_secs_f64() * PER_SECOND).min(BURST) - 1.0;
        lately.at = now;
        Duration::from_secs_f64((-lately.left).max(0.0) / PER_SECOND)
    }

    /// Whether it is time to hear again that the person types.
    fn may_type(&self) -> bool {
        let (mut lately, now) = (self.0.lock().unwrap_or_else(PoisonError::into_inner), Instant::now());
        let is_due = lately.typed.is_none_or(|at| now - at >= TYPING);
        if is_due {
            lately.typed = Some(now);
        }
        is_due
    }
}

impl Tab {
    async fn run(self, socket: &mut WebSocket, hello: Hello) -> AppResult<()> {
        let link = self.app.live.hub().connect(Visitor {
            user: self.user.id.0,
            session: self.user.session.0,
            locale: self.user.look.locale,
            expires_at: self.user.session_expires_at,
        });
        // Registered first, then read: a revocation in between is delivered to the link, an earlier one is seen here.
        if !session::is_live(&self.app.db, self.user.session, self.app.clock.now()).await? {
            return Ok(close_with(socket, close::REVOKED).await?);
        }
        let audience = self.app.live.hub().audience();
        let held = audience.held(self.user.id.0).await?;
        let page = self.authorised(&hello.topics).await?;
        let tallies = audience.tallies(self.user.id.0).await?;
        let mut topics = held.clone();
        topics.extend(page.iter().cloned());
        topics.extend([Topic::Everyone, Topic::User(self.user.id.0)]);
        let past = self.replay(socket, &topics, hello.cursor, link.delivered()).await?;
        let greeting = Greeting { page: hello.page, is_reset: !past.is_whole };
        link.go_live(Entry { held, page, tallies, read: past.read, greeting });
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
        match serde_json::from_str(text) {
            Ok(Said::Show { show, page, since }) => {
                let up_to = loop {
                    let leaves = link.leaves();
                    let topics = self.authorised(&show).await?;
                    if let Some(up_to) = link.show(topics, leaves) {
                        break up_to;
                    }
                };
                let past = match since {
                    Some(since) => self.replay(socket, &link.topics(), since, up_to).await?,
                    None => Past::whole(),
                };
                link.shown(&past.read, Greeting { page, is_reset: !past.is_whole });
            }
            Ok(Said::Idle { idle }) => {
                if let Some(all_idle) = link.set_idle(idle) {
                    self.watcher.idle(self.app.clone(), self.user.clone(), all_idle).await;
                }
            }
            Ok(Said::Typing { typing }) => {
                if link.hears(&Topic::Conversation(typing)) && self.pace.may_type() {
                    self.watcher.typing(&self.app, &self.user, typing);
                }
            }
            Ok(Said::Received { mut received }) => {
                received.truncate(MAX_RECEIVED);
                self.watcher.received(&self.app, &self.user, received);
            }
            Err(_) => metrics::counter!("crea_socket_garbage_total").increment(1),
        }
        Ok(())
    }

    /// Of the topics that a page named, those that the person may hear today.
    async fn authorised(&self, topics: &str) -> AppResult<Vec<Topic>> {
        let mut allowed = Vec::new();
        for topic in topics.split(' ').filter_map(|t| t.parse::<Topic>().ok()).take(MAX_TOPICS) {
            if self.app.live.hub().audience().may_subscribe(self.user.id.0, topic.clone()).await? {
                allowed.push(topic);
            }
        }
        Ok(allowed)
    }

    /// Writes what these topics said in (after, up_to].
    async fn replay(&self, socket: &mut WebSocket, topics: &[Topic], after: i64, up_to: i64) -> AppResult<Past> {
        let (db, mut past) = (&self.app.db, Past::whole());
        if after >= up_to {
            // A cursor ahead of us is of another life of this database.
            past.is_whole = after <= self.app.live.cursor().await?;
            return Ok(past);
        }
        let oldest = outbox::oldest(db).await?;
        if oldest.is_none_or(|oldest| after < oldest - 1) {
            past.is_whole = false;
            return Ok(past);
        }
        let (mut from, mut joins) = (after, None);
        loop {
            let events = outbox::list_after_for(db, topics, from, up_to).await?;
            let Some(last) = events.last() else { return Ok(past) };
            from = last.seq;
            past.read.extend(events.iter().filter_map(|e| e.counted_anew(self.user.id.0)));
            let is_last = events.len() < usize::try_from(outbox::PAGE).unwrap_or(usize::MAX);
            // What a conversation said before somebody joined it is not theirs, however late they come.
            let joins = match &mut joins {
                Some(joins) => joins,
                none if is_last => none.insert(joins_in(&events, self.user.id.0)),
                none => none.insert(outbox::list_joins(db, topics, self.user.id.0, after, up_to).await?),
            };
            let heard = events.iter().filter(|e| joins.get(&e.topic).is_none_or(|joined| e.seq >= *joined));
            let frames = heard.filter_map(|e| e.frame(self.user.look.locale).cloned()).collect();
            send(socket, frames).await?;
            if is_last {
                return Ok(past);
            }
        }
    }
}

/// What was replayed.
struct Past {
    /// False when a part of it is no longer kept.
    is_whole: bool,
    /// What the person read in it: figures that may be zero now.
    read: HashSet<Uuid>,
}

impl Past {
    fn whole() -> Self {
        Self { is_whole: true, read: HashSet::new() }
    }
}

/// Writes all that waits in one go; answers the code if the socket is to be closed.
async fn write(socket: &mut WebSocket, waiting: Vec<Out>) -> AppResult<Option<u16>> {
    let code = waiting.iter().find_map(|out| if let Out::Close(code) = out { Some(*code) } else { None });
    let frames = waiting.into_iter().filter_map(|out| if let Out::Frame(frame) = out { Some(frame) } else { None });
    send(socket, frames.collect()).await?;
    Ok(code)
}

async fn send(socket: &mut WebSocket, frames: Vec<Utf8Bytes>) -> Result<(), anyhow::Error> {
    let all = async {
        for frame in frames {
            socket.feed(Message::Text(frame)).await?;
        }
        socket.flush().await
    };
    tokio::time::timeout(PATIENCE, all).await??;
    Ok(())
}

async fn close_with(socket: &mut WebSocket, code: u16) -> Result<(), anyhow::Error> {
    let frame = CloseFrame { code, reason: Utf8Bytes::default() };
    tokio::time::timeout(PATIENCE, socket.send(Message::Close(Some(frame)))).await??;
    Ok(())
}
