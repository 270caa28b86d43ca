//! Who is connected, in which state, and who may see it: kept as it was shown, so that pages, polls and screens that
//! just came read it without a statement.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use uuid::Uuid;
use views::presence::Presence;

use super::{Topic, audience::Seen};

/// The directory of connected people.
#[derive(Default)]
pub struct Directory(Mutex<Known>);

#[derive(Default)]
struct Known {
    people: HashMap<Uuid, (Presence, Vec<Topic>)>,
    /// The same people by whoever may see them.
    seen_by: HashMap<Topic, BTreeSet<Uuid>>,
}

impl Directory {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the person has a screen open somewhere.
    pub fn is_online(&self, user: Uuid) -> bool {
        self.known().people.contains_key(&user)
    }

    /// Everyone who is connected.
    pub fn online(&self) -> HashSet<Uuid> {
        self.known().people.keys().copied().collect()
    }

    /// Dots of everybody whom a holder of one of these topics may see; whoever is not named is offline.
    pub fn dots(&self, topics: &[Topic]) -> String {
        let known = self.known();
        let seen: BTreeSet<Uuid> =
            topics.iter().filter_map(|topic| known.seen_by.get(topic)).flatten().copied().collect();
        views::live::presence_all(&known.states(seen)).into_string()
    }

    /// Dots of those whom a holder of `topics` may see and a holder of `others` alone may not; empty when there are none.
    pub fn dots_besides(&self, topics: &[Topic], others: &[Topic]) -> String {
        let known = self.known();
        let seen: BTreeSet<Uuid> =
            topics.iter().filter_map(|topic| known.seen_by.get(topic)).flatten().copied().collect();
        let is_new = |user: &Uuid| known.people.get(user).is_some_and(|(_, of)| !others.iter().any(|o| of.contains(o)));
        let states = known.states(seen.into_iter().filter(is_new));
        states.iter().map(|(user, state)| views::live::presence(user, *state).into_string()).collect()
    }

    /// These are connected and look like this.
    pub(super) fn put(&self, seen: impl IntoIterator<Item = Seen>) {
        let mut known = self.known();
        for (user, state, mut topics) in seen {
            known.remove(user);
            topics.shrink_to_fit();
            for topic in &topics {
                known.seen_by.entry(topic.clone()).or_default().insert(user);
            }
            known.people.insert(user, (state, topics));
        }
    }

    /// The person is gone; answers who could see them.
    pub(super) fn remove(&self, user: Uuid) -> Vec<Topic> {
        self.known().remove(user)
    }
}

impl Known {
    fn states(&self, users: impl IntoIterator<Item = Uuid>) -> Vec<(String, Presence)> {
        let state = |user: Uuid| self.people.get(&user).map(|(state, _)| (user.to_string(), *state));
        users.into_iter().filter_map(state).collect()
    }

    fn remove(&mut self, user: Uuid) -> Vec<Topic> {
        let topics = self.people.remove(&user).map(|(_, topics)| topics).unwrap_or_default();
        for topic in &topics {
            if let Some(users) = self.seen_by.get_mut(topic) {
                users.remove(&user);
                if users.is_empty() {
                    self.seen_by.remove(topic);
                }
            }
        }
        topics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sees_whom_one_of_ones_topics_shows_and_once_gone_nobody_does() {
        let (ana, luz) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let floor = [Topic::Campaign(Uuid::from_u128(3))];
        let talk = [Topic::Conversation(Uuid::from_u128(4))];
        let both = [floor.clone(), talk.clone()].concat();
        let directory = Directory::default();
        directory.put([(ana, Presence::OnCall, both.clone()), (luz, Presence::Available, talk.to_vec())]);
        let dot = |user: Uuid, state: &str| format!("{user}:{state}");
        let all = |dots: &[String]| format!("<hx-presence all=\"{}\"></hx-presence>", dots.join(" "));
        assert_eq!(directory.dots(&floor), all(&[dot(ana, "on_call")]));
        assert_eq!(directory.dots(&both), all(&[dot(ana, "on_call"), dot(luz, "available")]));
        assert_eq!(
            directory.dots_besides(&talk, &floor),
            format!("<hx-presence of=\"{luz}\" state=\"available\"></hx-presence>")
        );
        directory.put([(ana, Presence::Away, talk.to_vec())]);
        assert_eq!(directory.dots(&floor), all(&[]), "she left the campaign");
        assert_eq!(directory.remove(ana), talk);
        assert_eq!(directory.dots(&talk), all(&[dot(luz, "available")]));
        assert!(directory.is_online(luz) && !directory.is_online(ana));
    }
}
