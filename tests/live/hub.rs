//! The hub by itself: moments that are too short to be hit from outside.

use std::{collections::HashSet, sync::Arc, time::Duration};

use anyhow::Result;
use chrono::{DateTime, Utc};
use crea::live::{
    AddTally, Audience, Control, Event, Figure, Link, Standing, Tallies, Topic,
    event::{Body, NewEvent},
    hub::{Entry, Greeting, Hub},
    socket::{Out, Visitor},
};
use futures_util::future::BoxFuture;
use uuid::Uuid;
use views::{presence::Presence, text::Locale};

/// The hub answers at once; longer than this is never.
const PATIENCE: Duration = Duration::from_secs(5);

/// Features that know nobody; a count is drawn as its total.
pub struct Nobody;

impl Audience for Nobody {
    fn standing(&self, _: Uuid, _: Uuid) -> BoxFuture<'_, Result<Option<Standing>>> {
        Box::pin(async { Ok(None) })
    }
    fn may_subscribe(&self, _: Uuid, _: Topic) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async { Ok(false) })
    }
    fn tally_html(&self, _: Locale, _: &[crea::live::Figure], total: i64) -> String {
        format!("total {total}")
    }
    fn presence_of(&self, _: Vec<Uuid>) -> BoxFuture<'_, Result<Vec<(Uuid, Presence, Vec<Topic>)>>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

struct Room {
    hub: Arc<Hub>,
    user: Uuid,
    talk: Uuid,
}

impl Room {
    fn new() -> Self {
        Self { hub: Arc::new(Hub::new(0, Arc::new(Nobody))), user: Uuid::now_v7(), talk: Uuid::now_v7() }
    }

    fn connect(&self) -> Link {
        self.hub.connect(
            Visitor {
                user: self.user,
                session: Uuid::now_v7(),
                locale: Locale::Es,
                expires_at: DateTime::<Utc>::MAX_UTC,
                visited_at: None,
            },
            None,
        )
    }

    /// What a tab brings that read the database when event `seq` was the last one and `unread` messages were unread.
    fn entry(&self, seq: i64, unread: i64) -> Entry {
        let figure = Figure { key: self.talk, count: unread, is_muted: false };
        Entry {
            held: vec![Topic::Conversation(self.talk)],
            page: Vec::new(),
            tallies: Tallies::new(seq, [figure]),
            read: HashSet::new(),
            greeting: Greeting::default(),
        }
    }

    fn read_all(&self, seq: i64) {
        let body = Body::Control(Control::SetTally { user: self.user, key: self.talk, value: 0 });
        self.hub.deliver(&Event::new(seq, NewEvent { topic: Topic::User(self.user), body }));
    }

    fn control(&self, seq: i64, control: Control) {
        self.hub.deliver(&Event::new(seq, NewEvent { topic: self.topic(), body: Body::Control(control) }));
    }

    fn topic(&self) -> Topic {
        Topic::Conversation(self.talk)
    }

    fn message(&self, seq: i64) {
        let tally = Some(AddTally { key: self.talk, by: Uuid::nil(), is_quiet: false });
        let body = Body::Fragment { html: [format!("message {seq}"), String::new()], tally };
        self.hub.deliver(&Event::new(seq, NewEvent { topic: Topic::Conversation(self.talk), body }));
    }
}

async fn heard(link: &Link) -> String {
    let frames = tokio::time::timeout(PATIENCE, link.next()).await.expect("nothing was sent");
    frames.iter().map(|out| if let Out::Frame(frame) = out { frame.as_str() } else { "closed" }).collect()
}

#[tokio::test]
async fn a_count_survives_that_the_last_live_tab_closes_while_another_one_opens() {
    let room = Room::new();
    let first = room.connect();
    first.go_live(room.entry(0, 0));
    room.message(1);
    assert!(heard(&first).await.contains("total 1"));
    let second = room.connect();
    let entry = room.entry(1, 1);
    drop(first);
    // Nobody of the person is live at this moment.
    room.message(2);
    second.go_live(entry);
    let frames = heard(&second).await;
    assert!(frames.contains("message 2") && frames.contains("total 2"), "{frames}");
}

#[tokio::test]
async fn a_count_that_was_read_ahead_of_delivery_is_shown_when_its_event_comes() {
    let room = Room::new();
    let link = room.connect();
    // The tab's page was drawn at event 1, with one unread; the database says of event 2 that it was read.
    room.message(1);
    link.go_live(room.entry(2, 0));
    assert!(heard(&link).await.contains("total 0"));
    room.read_all(2);
    assert!(heard(&link).await.contains("total 0"), "the page still shows the figure of before");
    room.message(3);
    assert!(heard(&link).await.contains("total 1"));
}

#[tokio::test]
async fn what_happens_while_a_tab_reads_its_past_comes_once_and_in_order() {
    let room = Room::new();
    let link = room.connect();
    room.message(1);
    room.message(2);
    // It read the database after the first of them.
    link.go_live(room.entry(1, 1));
    room.message(3);
    let frames = heard(&link).await;
    let at = |text: &str| frames.find(text).unwrap_or_else(|| panic!("{text}: {frames}"));
    assert!(at("message 2") < at("message 3"));
    assert_eq!((frames.matches("message 1").count(), frames.matches("message 2").count()), (0, 1), "it read the first");
    assert!(frames.contains("total 2") && frames.ends_with("total 3"), "{frames}");
}

#[tokio::test]
async fn no_cursor_overtakes_what_is_kept_for_a_tab_that_opens() {
    let room = Room::new();
    let link = room.connect();
    room.message(1);
    room.hub.set_delayed(true);
    link.go_live(room.entry(0, 0));
    let frames = heard(&link).await;
    assert!(frames.find("message 1") < frames.find("delayed=\"1\""), "{frames}");
    assert_eq!(frames.matches("delayed=\"1\"").count(), 1, "{frames}");
}

#[tokio::test]
async fn who_left_hears_nothing_more_and_what_was_authorised_before_is_asked_again() {
    let room = Room::new();
    let (link, late) = (room.connect(), room.connect());
    link.go_live(room.entry(0, 0));
    let leaves = link.leaves();
    assert_eq!(link.show(vec![room.topic()], leaves), Some(0));
    let entry = room.entry(0, 0);
    room.control(1, Control::Leave { topic: room.topic(), users: vec![room.user] });
    // It read the database before the person left.
    late.go_live(entry);
    room.message(2);
    for tab in [&link, &late] {
        let frames = heard(tab).await;
        assert!(!frames.contains("message") && !frames.contains("total 1"), "{frames}");
        assert!(!tab.hears(&room.topic()));
    }
    assert_eq!(link.show(vec![room.topic()], leaves), None, "authorised before somebody left");
    assert_eq!(link.show(Vec::new(), link.leaves()), Some(2));
}

#[tokio::test]
async fn a_revoked_tab_can_ask_for_nothing_until_it_is_closed() {
    let room = Room::new();
    let link = room.connect();
    link.go_live(room.entry(0, 0));
    let leaves = link.leaves();
    room.control(1, Control::Revoke { user: room.user, only: None, except: None });
    room.message(2);
    assert_eq!(link.show(vec![room.topic()], leaves), None, "authorised before the session ended");
    assert_eq!(link.topics(), [], "what it held is no longer replayed to it");
    assert_eq!(heard(&link).await, "closed");
}

#[tokio::test]
async fn a_tab_that_is_revoked_before_it_is_live_hears_nothing() {
    let room = Room::new();
    let link = room.connect();
    room.control(1, Control::Revoke { user: room.user, only: None, except: None });
    link.go_live(room.entry(0, 1));
    assert_eq!(link.topics(), [], "what it read before is not its own any more");
    room.message(2);
    assert_eq!(heard(&link).await, "closed");
}

#[tokio::test]
async fn a_tab_that_read_its_rights_after_a_loss_is_not_sent_away_for_it() {
    let room = Room::new();
    let link = room.connect();
    room.control(1, Control::Revoke { user: room.user, only: None, except: None });
    room.control(2, Control::Leave { topic: room.topic(), users: vec![room.user] });
    // Signed in again, and let in again, before this instance heard of either.
    link.go_live(room.entry(2, 0));
    room.message(3);
    assert!(heard(&link).await.contains("message 3"));
    room.control(4, Control::Revoke { user: room.user, only: None, except: None });
    assert_eq!(heard(&link).await, "closed");
}

#[tokio::test]
async fn no_count_survives_events_that_are_no_longer_kept() {
    let room = Room::new();
    let (slow, joining) = (room.connect(), room.connect());
    slow.go_live(room.entry(0, 1));
    let entry = room.entry(0, 1);
    room.hub.reset_all(5);
    // It read the database before; the other one has not taken its close yet.
    joining.go_live(entry);
    let fresh = room.connect();
    fresh.go_live(room.entry(5, 3));
    assert!(heard(&fresh).await.contains("total 3"));
    for link in [&slow, &joining] {
        assert_eq!(heard(link).await, "closed");
    }
}

#[tokio::test]
async fn an_event_is_waited_for_until_it_is_delivered_or_the_instance_stops() {
    let room = Room::new();
    assert!(room.hub.reached(0).await);
    let (there, _) = tokio::join!(room.hub.reached(2), async {
        room.message(1);
        room.message(2);
    });
    assert!(there);
    let (ended, ()) = tokio::join!(room.hub.reached(9), async { room.hub.stop(|| 1) });
    assert!(ended, "who waits is closed like everybody");
}

#[tokio::test]
async fn what_is_muted_keeps_its_figure_and_leaves_the_total() {
    let room = Room::new();
    let (link, late) = (room.connect(), room.connect());
    link.go_live(room.entry(0, 1));
    assert!(heard(&link).await.contains("total 1"));
    let mute = |muted| Control::SetMuted { user: room.user, key: room.talk, muted };
    room.control(1, mute(true));
    assert!(heard(&link).await.ends_with("total 0"));
    drop(link);
    room.message(2);
    // It read the database before it was muted: what it missed is added in order.
    late.go_live(room.entry(0, 1));
    assert!(heard(&late).await.contains("total 0"));
    room.control(3, mute(false));
    assert!(heard(&late).await.ends_with("total 2"), "the message that came meanwhile counts now");
}

#[tokio::test]
async fn a_row_that_comes_in_brings_no_badge_so_what_is_muted_or_unread_is_told_again() {
    for (muted, unread, is_told) in [(true, 0, true), (false, 2, true), (false, 0, false)] {
        let room = Room::new();
        let tab = room.connect();
        let mut entry = room.entry(0, unread);
        entry.tallies.set(Figure { key: room.talk, count: unread, is_muted: muted });
        tab.go_live(entry);
        let tally = Some(AddTally { key: room.talk, by: room.user, is_quiet: true });
        let body = Body::Fragment { html: ["notice".to_owned(), String::new()], tally };
        assert!(heard(&tab).await.contains("total"), "a tab that goes live is told all counts");
        room.hub.deliver(&Event::new(1, NewEvent { topic: room.topic(), body }));
        let after = heard(&tab).await;
        assert!(after.contains("notice"), "{after}");
        assert_eq!(after.contains("total"), is_told, "muted {muted}, {unread} unread: {after}");
    }
}
