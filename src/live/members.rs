//! Who hears which topic: what a delivery walks through. The mailboxes stand in it, so that the sockets themselves need
//! not be looked at.

use std::{collections::HashMap, sync::Arc};

use super::{Topic, mailbox::Mailbox, socket::Key};

/// A socket that hears a topic.
#[derive(Clone)]
pub(super) struct Member {
    pub key: Key,
    pub mailbox: Arc<Mailbox>,
}

/// Live sockets by topic, each list in the order of their keys.
#[derive(Default)]
pub(super) struct Members(HashMap<Topic, Vec<Member>>);

impl Members {
    /// How many topics somebody hears.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether anybody hears it.
    pub fn any(&self, topic: &Topic) -> bool {
        self.0.contains_key(topic)
    }

    /// Who hears it.
    pub fn of(&self, topic: &Topic) -> &[Member] {
        self.0.get(topic).map(Vec::as_slice).unwrap_or_default()
    }

    /// The newest has the highest key: mostly at the end.
    pub fn insert(&mut self, topic: &Topic, member: Member) {
        // Most topics are of one person, who looks at one screen.
        let members = self.0.entry(topic.clone()).or_insert_with(|| Vec::with_capacity(1));
        if let Err(at) = members.binary_search_by_key(&member.key, |m| m.key) {
            members.insert(at, member);
        }
    }

    /// Many at once, none of whom heard it before: sorted once.
    pub fn extend(&mut self, topic: &Topic, new: Vec<Member>) {
        if new.is_empty() {
            return;
        }
        let members = self.0.entry(topic.clone()).or_default();
        members.extend(new);
        members.sort_unstable_by_key(|member| member.key);
    }

    pub fn remove(&mut self, topic: &Topic, key: Key) {
        let Some(members) = self.0.get_mut(topic) else { return };
        if let Ok(at) = members.binary_search_by_key(&key, |member| member.key) {
            members.remove(at);
        }
        if members.is_empty() {
            self.0.remove(topic);
        }
    }
}
