//! What a tab missed: frames of its topics after its cursor, from the outbox, a page of rows at a time.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::guest::Guest;
use crate::{
    error::AppResult,
    live::{Frame, Topic, event::joins_in, outbox},
};

/// The newest event, and the oldest that is kept.
pub(super) type Extent = (i64, Option<i64>);

/// What these topics said in (after, up_to], frame by frame.
pub(super) struct Replay<'a> {
    guest: &'a Guest,
    topics: Vec<Topic>,
    after: i64,
    up_to: i64,
    /// The last event that was read; `None` once all are.
    at: Option<i64>,
    joins: Option<HashMap<Topic, i64>>,
    /// False when a part of it is no longer kept: the page must be fetched again.
    pub is_whole: bool,
    /// What the person read in it so far: figures that may be zero now.
    pub read: HashSet<Uuid>,
}

impl<'a> Replay<'a> {
    /// Nothing is missing.
    pub fn nothing(guest: &'a Guest) -> Self {
        let (topics, read) = (Vec::new(), HashSet::new());
        Self { guest, topics, after: 0, up_to: 0, at: None, joins: None, is_whole: true, read }
    }

    /// Looks whether the past is still kept, by the newest event and the oldest that is; frames follow by
    /// [`Replay::next`].
    pub fn begin(guest: &'a Guest, topics: Vec<Topic>, after: i64, up_to: i64, (newest, oldest): Extent) -> Self {
        let mut past = Self { topics, after, up_to, ..Self::nothing(guest) };
        if after >= up_to {
            // A cursor ahead of us is of another life of this database.
            past.is_whole = after <= newest;
        } else {
            past.is_whole = oldest.is_some_and(|oldest| after >= oldest - 1);
            past.at = past.is_whole.then_some(after);
        }
        if !past.is_whole || past.at.is_some() {
            guest.app.live.hub().meters.replayed(past.is_whole);
        }
        past
    }

    /// Reads no further: there is too much of it, and the page is fetched again instead.
    pub fn give_up(&mut self) {
        self.at = None;
        self.is_whole = false;
    }

    /// The next frames to write, in order; `None` at the end.
    pub async fn next(&mut self) -> AppResult<Option<Vec<Frame>>> {
        let Some(at) = self.at else { return Ok(None) };
        let (db, person) = (&self.guest.app.db, self.guest.user.id.0);
        let events = outbox::list_after_for(db, &self.topics, at, self.up_to).await?;
        let is_last = events.len() < usize::try_from(outbox::PAGE).unwrap_or(usize::MAX);
        self.at = events.last().filter(|_| !is_last).map(|last| last.seq);
        self.read.extend(events.iter().filter_map(|e| e.counted_anew(person)));
        // What a conversation said before somebody joined it is not theirs, however late they come.
        let joins = match &mut self.joins {
            Some(joins) => joins,
            none if is_last => none.insert(joins_in(&events, person)),
            none => none.insert(outbox::list_joins(db, &self.topics, person, self.after, self.up_to).await?),
        };
        let heard = events.iter().filter(|e| joins.get(&e.topic).is_none_or(|joined| e.seq >= *joined));
        Ok(Some(heard.filter_map(|e| e.frame(self.guest.user.look.locale).cloned()).collect()))
    }
}
