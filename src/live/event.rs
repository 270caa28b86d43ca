//! Events: what a transaction appends, what the outbox keeps, what the hub delivers.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use views::text::Locale;

use super::{Frame, Topic};

/// An instruction to every instance's hub, in order with the fragments around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Control {
    /// A new audience: these people hold `topic` from here on.
    Join {
        /// What they join.
        topic: Topic,
        /// Who joins.
        users: Vec<Uuid>,
    },
    /// These people no longer belong to an audience: their sockets hear `topic` no more, whatever page they show.
    Leave {
        /// What they leave.
        topic: Topic,
        /// Who leaves.
        users: Vec<Uuid>,
    },
    /// Close sockets with 4403.
    Revoke {
        /// Whose.
        user: Uuid,
        /// Only this session's; all without it.
        only: Option<Uuid>,
        /// All but this session's.
        except: Option<Uuid>,
    },
    /// A person's own unread count of something changed (it was read).
    SetTally {
        /// Whose count.
        user: Uuid,
        /// Of what: a conversation.
        key: Uuid,
        /// The absolute figure.
        value: i64,
    },
    /// A person muted something, or no longer does: its count stays, the total goes without it.
    SetMuted {
        /// Whose count.
        user: Uuid,
        /// Of what: a conversation.
        key: Uuid,
        /// Whether it is muted.
        muted: bool,
    },
    /// A person's agent state changed; the hub draws the dots anew.
    Presence {
        /// Whose.
        user: Uuid,
    },
}

impl Control {
    /// Whether it ends a session of a person.
    pub(super) fn ends(&self, person: Uuid, session: Uuid) -> bool {
        matches!(self, Self::Revoke { user, only, except }
            if *user == person && only.is_none_or(|only| only == session) && *except != Some(session))
    }
}

/// What a fragment does to the unread counts of its audience: one more, or nothing. What it leaves as it is is shown
/// again, since a row that the fragment brings is the same for everyone and has no count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddTally {
    /// Of what: a conversation.
    pub key: Uuid,
    /// Who caused it, and does not count it.
    pub by: Uuid,
    /// Whether nobody counts it.
    #[serde(default)]
    pub is_quiet: bool,
}

impl AddTally {
    /// Whether the person has one more to read.
    pub fn counts_for(&self, person: Uuid) -> bool {
        !self.is_quiet && self.by != person
    }
}

/// What happened, before it has a number.
#[derive(Clone, Debug)]
pub enum Body {
    /// HTML per locale, in the order of [`Locale::ALL`].
    Fragment {
        /// One text per locale: a series of `<hx-partial>`s.
        html: [String; 2],
        /// What it adds to unread counts.
        tally: Option<AddTally>,
    },
    /// Nothing to show; the hub acts.
    Control(Control),
}

/// An event that a transaction buffered.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Who hears it.
    pub topic: Topic,
    /// What they hear.
    pub body: Body,
}

/// A numbered event, framed once per locale and shared by every socket.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its place in the outbox.
    pub seq: i64,
    /// Who hears it.
    pub topic: Topic,
    /// What they hear.
    pub body: Arc<Framed>,
    /// When it was committed, if that is known.
    pub at: Option<DateTime<Utc>>,
}

/// An event's body as it goes over the wire.
#[derive(Clone, Debug)]
pub enum Framed {
    /// One encoded frame per locale.
    Fragment {
        /// In the order of [`Locale::ALL`].
        frames: [Frame; 2],
        /// What it adds to unread counts.
        tally: Option<AddTally>,
    },
    /// An instruction.
    Control(Control),
}

/// Unread counts of one person, exact at `seq`.
#[derive(Clone, Debug, Default)]
pub struct Tallies {
    /// The last event that the counts include.
    pub seq: i64,
    /// What is not zero or is muted, by its key: a few dozen at most, for every person who is connected.
    figures: Vec<Figure>,
}

/// One count as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Figure {
    /// What is counted: a conversation.
    pub key: Uuid,
    /// How many are unread.
    pub count: i64,
    /// Whether the person muted it: counted, but not in the total.
    pub is_muted: bool,
}

impl Tallies {
    /// These figures, exact at `seq`.
    pub fn new(seq: i64, figures: impl IntoIterator<Item = Figure>) -> Self {
        let mut tallies = Self { seq, figures: Vec::new() };
        figures.into_iter().for_each(|figure| tallies.set(figure));
        tallies
    }

    /// Those that are not zero or are muted, by their keys.
    pub fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// The count of something as it is now.
    pub fn figure(&self, key: Uuid) -> Figure {
        self.place(key).map_or(Figure { key, count: 0, is_muted: false }, |at| self.figures[at])
    }

    /// The sum of all that is not muted.
    pub fn total(&self) -> i64 {
        self.figures.iter().filter(|figure| !figure.is_muted).map(|figure| figure.count).sum()
    }

    /// Puts a figure in place of the one that has its key.
    pub fn set(&mut self, figure: Figure) {
        let is_plain = figure.count == 0 && !figure.is_muted;
        match self.place(figure.key) {
            Ok(at) if is_plain => drop(self.figures.remove(at)),
            Ok(at) => self.figures[at] = figure,
            Err(_) if is_plain => {}
            Err(at) => {
                self.figures.reserve_exact(1);
                self.figures.insert(at, figure);
            }
        }
    }

    fn place(&self, key: Uuid) -> Result<usize, usize> {
        self.figures.binary_search_by_key(&key, |figure| figure.key)
    }
}

impl Event {
    /// Frames `new` under its number.
    pub fn new(seq: i64, new: NewEvent) -> Self {
        let body = match new.body {
            Body::Fragment { html, tally } => {
                Framed::Fragment { frames: html.map(|h| format!("{}{h}", live_tag(seq)).into()), tally }
            }
            Body::Control(control) => Framed::Control(control),
        };
        Self { seq, topic: new.topic, body: Arc::new(body), at: None }
    }

    /// With the time of its commit.
    #[must_use]
    pub fn committed(self, at: Option<DateTime<Utc>>) -> Self {
        Self { at, ..self }
    }

    /// People whose dot it may change, or who may see it: it is drawn anew.
    pub(super) fn redraws(&self) -> &[Uuid] {
        match &*self.body {
            Framed::Control(Control::Presence { user } | Control::Revoke { user, .. }) => std::slice::from_ref(user),
            Framed::Control(
                Control::Join { topic: Topic::Campaign(_) | Topic::Role(..) | Topic::Conversation(_), users }
                | Control::Leave { topic: Topic::Campaign(_) | Topic::Role(..) | Topic::Conversation(_), users },
            ) => users,
            _ => &[],
        }
    }

    /// What of this person it counted anew, to any figure: it was read.
    pub fn counted_anew(&self, person: Uuid) -> Option<Uuid> {
        match &*self.body {
            Framed::Control(Control::SetTally { user, key, .. } | Control::SetMuted { user, key, .. })
                if *user == person =>
            {
                Some(*key)
            }
            _ => None,
        }
    }

    /// How much it brings to a socket, in bytes.
    pub(super) fn bytes(&self) -> usize {
        match &*self.body {
            Framed::Fragment { frames, .. } => frames.iter().map(|f| f.wire().len()).max().unwrap_or(0),
            Framed::Control(_) => 0,
        }
    }

    /// The frame for one locale; `None` for an instruction.
    pub fn frame(&self, locale: Locale) -> Option<&Frame> {
        match &*self.body {
            Framed::Fragment { frames, .. } => Some(&frames[index(locale)]),
            Framed::Control(_) => None,
        }
    }
}

/// Where a person last joined each topic: what it said before is not theirs to hear, also when it is replayed.
pub fn joins_in(events: &[Event], person: Uuid) -> HashMap<Topic, i64> {
    let joined = |event: &Event| match &*event.body {
        Framed::Control(Control::Join { topic, users }) if users.contains(&person) => Some((topic.clone(), event.seq)),
        _ => None,
    };
    events.iter().filter_map(joined).collect()
}

/// The element that carries the cursor: `<hx-live seq="17"></hx-live>`. Alone it is a heartbeat.
pub fn live_tag(seq: i64) -> String {
    format!("<hx-live seq=\"{seq}\"></hx-live>")
}

/// Where a locale stands in [`Locale::ALL`].
pub fn index(locale: Locale) -> usize {
    Locale::ALL.iter().position(|l| *l == locale).unwrap_or(0)
}
