//! Unread counts of connected people: the figure at a cursor plus ordered events, always sent as an absolute.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;
use views::text::Locale;

use super::{
    Audience, Frame, Topic,
    event::{Control, Event, Figure, Framed, Tallies},
    topics::Topics,
};

/// Applies what an event changes in one figure; answers the figure and the person's total. An event that the counts
/// include already changes nothing: they were read ahead of its delivery, or another socket of the person met it.
pub(super) fn change(tallies: &mut Tallies, seq: i64, key: Uuid, change: impl Fn(Figure) -> Figure) -> (Figure, i64) {
    if seq > tallies.seq {
        tallies.seq = seq;
        tallies.set(change(tallies.figure(key)));
    }
    current(tallies, key)
}

/// One more to read.
pub(super) fn one_more(figure: Figure) -> Figure {
    Figure { count: figure.count + 1, ..figure }
}

/// A figure and the person's total as they are.
pub(super) fn current(tallies: &Tallies, key: Uuid) -> (Figure, i64) {
    (tallies.figure(key), tallies.total())
}

/// Counts read from the database, brought to the present by the events delivered since they were.
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
        match &*event.body {
            Framed::Fragment { tally: Some(add), .. } if add.counts_for(user) && heard.contains(&event.topic) => {
                change(&mut tallies, event.seq, add.key, one_more);
            }
            Framed::Control(Control::SetTally { user: whose, key, value }) if *whose == user => {
                change(&mut tallies, event.seq, *key, |figure| Figure { count: *value, ..figure });
            }
            Framed::Control(Control::SetMuted { user: whose, key, muted }) if *whose == user => {
                change(&mut tallies, event.seq, *key, |figure| Figure { is_muted: *muted, ..figure });
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
    drawn: HashMap<(Locale, Figure, i64), Frame>,
}

impl<'a> TallyFrames<'a> {
    pub(super) fn new(audience: &'a dyn Audience) -> Self {
        Self { audience, drawn: HashMap::new() }
    }

    pub(super) fn frame(&mut self, locale: Locale, figure: Figure, total: i64) -> Frame {
        let draw = || frame(self.audience, locale, &[figure], total);
        self.drawn.entry((locale, figure, total)).or_insert_with(draw).clone()
    }
}
