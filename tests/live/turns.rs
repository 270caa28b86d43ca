//! Whose turn it is to write to a socket: the hub's as a rule, its own task's for a piece of the past.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use crea::live::{
    Event, Frame, Link, Tallies, Topic,
    event::{Body, NewEvent},
    hub::{Entry, Greeting, Hub},
    socket::Visitor,
    wire::Outlet,
};
use tokio::{
    io::AsyncReadExt as _,
    net::{TcpListener, TcpStream},
};
use uuid::Uuid;
use views::text::Locale;

use crate::hub::Nobody;

/// A loopback answers at once; longer than this is never.
const PATIENCE: Duration = Duration::from_secs(10);

/// A hub with one live socket.
struct Line {
    hub: Arc<Hub>,
    link: Link,
}

impl Line {
    /// With the far end of the socket.
    async fn open() -> (Self, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let far = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let outlet = Outlet::new(listener.accept().await.unwrap().0);
        let hub = Arc::new(Hub::new(0, Arc::new(Nobody)));
        let visitor = Visitor {
            user: Uuid::now_v7(),
            session: Uuid::now_v7(),
            locale: Locale::Es,
            expires_at: DateTime::<Utc>::MAX_UTC,
            visited_at: None,
        };
        let link = hub.connect(visitor, Some(outlet));
        link.go_live(Entry {
            held: Vec::new(),
            page: Vec::new(),
            tallies: Tallies::default(),
            read: std::collections::HashSet::new(),
            greeting: Greeting::default(),
        });
        link.open();
        (Self { hub, link }, far)
    }

    /// An event to everyone, of about so many bytes.
    fn event(&self, seq: i64, bytes: usize) {
        let body = Body::Fragment { html: [format!("event {seq};{}", "x".repeat(bytes)), String::new()], tally: None };
        self.hub.deliver(&Event::new(seq, NewEvent { topic: Topic::Everyone, body }));
    }

    /// Writes a piece of the past, as the socket's task does.
    async fn past(&self, text: &str) {
        self.link.hold(PATIENCE).await.unwrap();
        self.event(1_000, 0);
        self.link.outlet().unwrap().send(vec![Frame::text(text)], PATIENCE).await.unwrap();
        self.link.open();
    }
}

/// All that arrives until `last` has.
async fn heard(far: &mut TcpStream, last: &str) -> String {
    let (mut text, mut buffer) = (String::new(), vec![0; 64 * 1024]);
    while !text.contains(last) {
        let read = tokio::time::timeout(PATIENCE, far.read(&mut buffer)).await.expect("nothing more came").unwrap();
        assert!(read > 0, "hung up");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    text
}

/// Where each of these stands, which is once.
fn places(text: &str, signs: &[&str]) -> Vec<usize> {
    signs
        .iter()
        .map(|sign| {
            assert_eq!(text.matches(sign).count(), 1, "{sign}");
            text.find(sign).unwrap()
        })
        .collect()
}

#[tokio::test]
async fn a_piece_of_the_past_comes_before_what_happens_while_it_is_written() {
    let (line, mut far) = Line::open().await;
    line.event(1, 0);
    line.past("the past;").await;
    line.event(1_001, 0);
    let text = heard(&mut far, "event 1001;").await;
    let places = places(&text, &["event 1;", "the past;", "event 1000;", "event 1001;"]);
    assert!(places.is_sorted(), "{places:?}");
}

#[tokio::test]
async fn a_frame_that_a_full_kernel_took_half_of_leaves_whole_before_the_past() {
    const BYTES: usize = 40_000;
    let (line, mut far) = Line::open().await;
    // More than a loopback takes from who does not read, and less than a queue does.
    let sent = (1..200).find(|seq| {
        line.event(*seq, BYTES);
        line.hub.load().queued > 1
    });
    let sent = sent.expect("the kernel took everything");
    let reader = tokio::spawn(async move { heard(&mut far, "event 1001;").await });
    line.past("the past;").await;
    line.event(1_001, 0);
    let text = reader.await.unwrap();
    let places = places(&text, &["event 1;", "the past;", "event 1000;", "event 1001;"]);
    assert!(places.is_sorted(), "{places:?}");
    for seq in 1..=sent {
        assert!(text.contains(&format!("event {seq};{}", "x".repeat(BYTES))), "event {seq} is whole");
    }
}
