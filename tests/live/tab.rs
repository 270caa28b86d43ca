//! A browser tab without a browser: applies frames through the oracle, keeps cursor and view as `20-live.js` does.

use std::{net::SocketAddr, time::Duration};

use axum::http::Method;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::Message;

pub use crate::wire::{Socket, code_of_close, open_socket};
use crate::{
    harness::{Client, PATIENCE, TestApp},
    oracle::{Document, record::Recording},
};

/// An instance that listens.
#[derive(Clone)]
pub struct Server {
    /// The instance.
    pub app: TestApp,
    /// Where.
    pub address: SocketAddr,
}

impl Server {
    /// Lets an instance listen.
    pub async fn start(app: &TestApp) -> Self {
        Self { app: app.clone(), address: app.serve().await }
    }
}

/// What a page states: its topics, and the cursor that it was drawn at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct View {
    topics: String,
    since: String,
    page: i64,
}

/// A tab of one person.
pub struct Tab {
    /// Its browser.
    pub client: Client,
    /// The page that is open.
    pub path: String,
    /// What it shows.
    pub document: Document,
    /// The last event that it applied.
    pub cursor: String,
    /// Every frame since it was opened.
    pub frames: Vec<String>,
    /// The last announced delay before a reconnect, in milliseconds.
    pub retry: Option<u64>,
    /// Whether it was told that events may be late; `None` before any word of it.
    pub delayed: Option<bool>,
    /// How often it was told to fetch its page again.
    pub resets: usize,
    /// The code of the last close; 1006 when the connection just ended.
    pub closed: Option<u16>,
    /// Mass messages that it was told to ring for.
    pub rings: Vec<String>,
    /// Which instance it was last connected to.
    pub at: Option<SocketAddr>,
    /// Pages shown and connections made since somebody last counted.
    pub views: usize,
    /// Its pages with what was pushed to each; the last one goes on.
    pub recordings: Vec<Recording>,
    known: View,
    wanted: View,
    socket: Option<Socket>,
}

impl Tab {
    /// Opens a page and its socket, and waits until the server hears its topics.
    pub async fn open(server: &Server, client: &Client, path: &str) -> Self {
        let mut tab = Self::load(server, client, path).await;
        tab.connect(server).await;
        tab
    }

    /// Opens a page; the socket is still to come.
    pub async fn load(server: &Server, client: &Client, path: &str) -> Self {
        let client = client.on(&server.app);
        let answer = client.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let document = Document::new(&answer.text);
        let known = view(&document, 0);
        Self {
            client,
            path: path.to_owned(),
            document,
            cursor: known.since.clone(),
            frames: Vec::new(),
            retry: None,
            delayed: None,
            resets: 0,
            closed: None,
            rings: Vec::new(),
            at: None,
            views: 0,
            recordings: vec![Recording::new(path, &answer.text)],
            wanted: known.clone(),
            known,
            socket: None,
        }
    }

    /// Connects with its cursor and waits until its page is heard. Closed with 1011 or 1013 meanwhile it tries again.
    pub async fn connect(&mut self, server: &Server) {
        for _ in 0..5 {
            self.dial(server).await;
            let settled = |tab: &Self| tab.known == tab.wanted || matches!(tab.closed, Some(1011 | 1013));
            self.until("the server says which page it hears", settled).await;
            if self.is_connected() {
                return;
            }
        }
        panic!(
            "closed again and again: {:?} on {}, cursor {}, wanted {:?}",
            self.closed, self.path, self.cursor, self.wanted
        );
    }

    /// Connects without waiting for a word.
    pub async fn dial(&mut self, server: &Server) {
        let query = format!(
            "cursor={}&page={}&topics={}",
            self.cursor,
            self.known.page,
            self.known.topics.replace(' ', "%20").replace(';', "%3B")
        );
        self.client = self.client.on(&server.app);
        let cookie = self.client.cookie();
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        self.socket = Some(open_socket(server.address, &query, &headers).await.expect("the socket is accepted"));
        self.closed = None;
        self.at = Some(server.address);
        self.document.lose_feed();
        self.views += 1;
        let greeted = self.frames.len();
        let deadline = Instant::now() + PATIENCE;
        while self.closed.is_none() && !self.frames[greeted..].iter().any(|f| f.contains(" shown=")) {
            assert!(self.step(deadline).await, "no greeting");
        }
        if self.known.page != self.wanted.page {
            self.say().await;
        }
    }

    /// Cuts the connection without a word, as a lost network does.
    pub fn disconnect(&mut self) {
        self.socket = None;
        self.document.lose_feed();
    }

    /// Whether a socket is open.
    pub fn is_connected(&self) -> bool {
        self.socket.is_some()
    }

    /// Follows a link within the tab; the socket stays.
    pub async fn navigate(&mut self, path: &str) {
        let drawn = self.fetch(path).await;
        self.show(&drawn).await;
    }

    /// Asks for a page that is shown later: its path and its HTML.
    pub async fn fetch(&self, path: &str) -> (String, String) {
        let answer = self.client.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        (path.to_owned(), answer.text)
    }

    /// Shows a page that was fetched.
    pub async fn show(&mut self, (path, html): &(String, String)) {
        path.clone_into(&mut self.path);
        self.document.navigate(html);
        self.recordings.push(Recording::new(path, html));
        // Another page, also when it was drawn at the same cursor.
        self.wanted = View { page: self.wanted.page + 1, ..view(&self.document, 0) };
        self.say().await;
    }

    /// Names other topics than its page does, before it connects.
    pub fn forge(&mut self, topics: &str) {
        for view in [&mut self.known, &mut self.wanted] {
            topics.clone_into(&mut view.topics);
        }
    }

    /// Says on the socket whatever a script could.
    pub async fn send(&mut self, text: &str) {
        if let Some(socket) = &mut self.socket {
            let _ = socket.send(Message::text(text)).await;
        }
    }

    /// Loads the start page as a whole; the connection ends with the page before.
    async fn go_home(&mut self) {
        self.end(1001);
        let home = self.fetch("/").await;
        self.document = Document::new(&home.1);
        Box::pin(self.show(&home)).await;
        self.known = self.wanted.clone();
        self.cursor.clone_from(&self.known.since);
    }

    /// The same page was drawn anew: maybe before something that was applied to it already.
    async fn show_again(&mut self) {
        self.wanted = View { page: self.wanted.page + 1, ..view(&self.document, 0) };
        self.say().await;
    }

    async fn say(&mut self) {
        self.views += 1;
        let View { topics, since, page } = &self.wanted;
        let since: i64 = since.parse().unwrap();
        self.send(&serde_json::json!({ "show": topics, "page": page, "since": since }).to_string()).await;
    }

    /// Applies frames until `reached`, or panics.
    pub async fn until(&mut self, what: &str, mut reached: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !reached(self) {
            let last = self.frames.len().saturating_sub(3);
            assert!(
                self.step(deadline).await,
                "{what}: closed {:?}, last frames {:#?}",
                self.closed,
                &self.frames[last..]
            );
        }
    }

    /// Applies what has arrived already.
    pub async fn drain(&mut self) {
        while self.step(Instant::now() + Duration::from_millis(1)).await {}
    }

    /// Waits until the connection ended; its code.
    pub async fn until_closed(&mut self) -> u16 {
        self.until("the server closes", |tab| tab.closed.is_some()).await;
        self.closed.unwrap()
    }

    /// Applies frames until the cursor is at `seq` or beyond, and the server hears the page.
    pub async fn until_seq(&mut self, seq: i64) {
        self.until(&format!("event {seq}"), |tab| tab.is_at(seq)).await;
    }

    /// Whether it is at `seq` or beyond, and the server hears its page.
    pub fn is_at(&self, seq: i64) -> bool {
        self.seq() >= seq && self.known == self.wanted
    }

    /// Its cursor as a number.
    pub fn seq(&self) -> i64 {
        self.cursor.parse().unwrap()
    }

    /// Takes one message off the socket; false when none came before the deadline or the connection is gone.
    async fn step(&mut self, deadline: Instant) -> bool {
        let Some(socket) = &mut self.socket else { return false };
        let Ok(message) = timeout_at(deadline, socket.next()).await else { return false };
        match message {
            Some(Ok(Message::Text(text))) => self.apply(text.as_str()).await,
            Some(Ok(Message::Close(frame))) => self.end(frame.map_or(1005, |f| f.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => self.end(1006),
        }
        true
    }

    fn end(&mut self, code: u16) {
        self.closed = Some(code);
        self.disconnect();
    }

    async fn apply(&mut self, frame: &str) {
        self.frames.push(frame.to_owned());
        let said = self.document.apply(frame);
        if let Some(seq) = said.seq {
            self.cursor = seq;
        }
        if said.shown == Some(self.wanted.page) {
            self.known = self.wanted.clone();
        }
        self.retry = said.retry.or(self.retry);
        self.delayed = said.delayed.or(self.delayed);
        let is_stale = !self.document.lists_of(&said.changed).is_empty();
        let is_old = said.reset || self.document.shows_any(&said.people);
        if is_stale || is_old {
            // A browser says which page it draws again.
            let current = format!("http://127.0.0.1:8080{}", self.path);
            let answer = self.client.send(Method::GET, &self.path, &[("hx-current-url", &current)], &[]).await;
            match answer.status.as_u16() {
                // Signed out meanwhile: the browser loads the page and is shown the door. The socket is told later.
                303 => return self.end(4403),
                // The page is loaded anew, says that it is gone, and its person goes home.
                404 => return self.go_home().await,
                status => assert_eq!(status, 200, "{}", answer.text),
            }
            if is_stale {
                self.document.refetch(&said.changed, &answer.text);
            }
            if is_old {
                self.resets += usize::from(said.reset);
                self.document.refresh(&answer.text);
                Box::pin(self.show_again()).await;
            }
            self.recordings.push(Recording::new(&self.path, &answer.text));
        } else if let Some(recording) = self.recordings.last_mut() {
            recording.add(frame);
        }
        if !said.received.is_empty() {
            self.send(&serde_json::json!({ "received": said.received }).to_string()).await;
        }
        self.rings.extend(said.rings);
    }
}

fn view(document: &Document, page: i64) -> View {
    let main = document.by_id("main").expect("a page has #main");
    let text = |name: &str| main.attr(name).unwrap_or_default().to_owned();
    View { topics: text("data-topics"), since: text("data-seq"), page }
}
