//! Unread counts of connected people: the figure at a cursor plus ordered events, always sent as an absolute.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;
use views::text::Locale;

use super::{
    Audience, Frame, Topic,
    event::{Control, Event, Figure, Framed, Tallies},
    topics::Topics,
};

/// Applies one change; answers the new figure and the person's total.
pub(super) fn change(tallies: &mut Tallies, seq: i64, key: Uuid, change: impl Fn(i64) -> i64) -> (Figure, i64) {
    tallies.seq = seq;
    let figure = tallies.figure(key);
    tallies.set(Figure { count: change(figure.count).max(0), ..figure });
    current(tallies, key)
}

/// Mutes something, or no longer; answers its figure and the person's total.
pub(super) fn mute(tallies: &mut Tallies, seq: i64, key: Uuid, muted: bool) -> (Figure, i64) {
    tallies.seq = seq;
    tallies.set(Figure { is_muted: muted, ..tallies.figure(key) });
    current(tallies, key)
}

/// A figure and the person's total as they are.
pub(super) fn current(tallies: &Tallies, key: Uuid) -> (Figure, i64) {
    (tallies.figure(key), tallies.total())
}

/// Counts read from the database, brought to the present by the events delivered since the socket connected.
pub(super) fn caught_up(mut tallies: Tallies, user: Uuid, held: &Topics, kept: &[Event]) -> Tallies {
    let mut heard: HashSet<&Topic> = held.iter().collect();
    for event in kept {
        match &*event.body {
            Framed::Control(Control::Join { topic, users }) if users.contains(&user) => {
                heard.insert(topic);
            }
            Framed::Control(Control::Leave { topic, users }) if users.contains(&user) => {
                heard.remove(topic);
            }
            _ => {}
        }
        if event.seq <= tallies.seq {
            continue;
        }
        match &*event.body {
            Framed::Fragment { tally: Some(add), .. } if add.counts_for(user) && heard.contains(&event.topic) => {
                change(&mut tallies, event.seq, add.key, |old| old + 1);
            }
            Framed::Control(Control::SetTally { user: whose, key, value }) if *whose == user => {
                change(&mut tallies, event.seq, *key, |_| *value);
            }
            Framed::Control(Control::SetMuted { user: whose, key, muted }) if *whose == user => {
                mute(&mut tallies, event.seq, *key, *muted);
            }
            _ => {}
        }
    }
    tallies
}

/// Every figure of a person that is not zero or muted, those of `read` also when they are neither, and the total.
pub(super) fn all(tallies: Option<&Tallies>, read: &HashSet<Uuid>) -> (Vec<Figure>, i64) {
    let none = Tallies::default();
    let tallies = tallies.unwrap_or(&none);
    let others = read.iter().map(|key| tallies.figure(*key)).filter(|figure| figure.count == 0 && !figure.is_muted);
    (tallies.figures().iter().copied().chain(others).collect(), tallies.total())
}

/// A frame of counts. Every frame says that it is one, also without a cursor: the browser then reads its parts one
/// after the other, so that a badge is found which an earlier part put there.
pub(super) fn frame(audience: &dyn Audience, locale: Locale, changed: &[Figure], total: i64) -> Frame {
    format!("<hx-live></hx-live>{}", audience.tally_html(locale, changed, total)).into()
}

/// Frames of one event's counts, drawn once per distinct pair of figures and shared.
pub(super) struct TallyFrames<'a> {
    audience: &'a dyn Audience,
    key: Uuid,
    drawn: HashMap<(Locale, Figure, i64), Frame>,
}

impl<'a> TallyFrames<'a> {
    pub(super) fn new(audience: &'a dyn Audience, key: Uuid) -> Self {
        Self { audience, key, drawn: HashMap::new() }
    }

    pub(super) fn key(&self) -> Uuid {
        self.key
    }

    pub(super) fn frame(&mut self, locale: Locale, figure: Figure, total: i64) -> Frame {
        let draw = || frame(self.audience, locale, &[figure], total);
        self.drawn.entry((locale, figure, total)).or_insert_with(draw).clone()
    }
}
