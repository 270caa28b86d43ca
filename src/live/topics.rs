//! The topics of one socket: a few dozen at most, so a sorted vector, a third of a hash set's memory.

use super::Topic;

/// A set of topics in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Topics(Vec<Topic>);

impl Topics {
    pub fn contains(&self, topic: &Topic) -> bool {
        self.0.binary_search(topic).is_ok()
    }

    /// Whether it was not there.
    pub fn insert(&mut self, topic: Topic) -> bool {
        match self.0.binary_search(&topic) {
            Ok(_) => false,
            Err(at) => {
                self.0.reserve_exact(1);
                self.0.insert(at, topic);
                true
            }
        }
    }

    /// Whether it was there.
    pub fn remove(&mut self, topic: &Topic) -> bool {
        self.0.binary_search(topic).map(|at| self.0.remove(at)).is_ok()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Topic> {
        self.0.iter()
    }
}

impl FromIterator<Topic> for Topics {
    fn from_iter<T: IntoIterator<Item = Topic>>(topics: T) -> Self {
        let mut topics: Vec<Topic> = topics.into_iter().collect();
        topics.sort_unstable();
        topics.dedup();
        topics.shrink_to_fit();
        Self(topics)
    }
}
