//! What was seen against what was sent.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::sockets::Seen;

/// What went wrong; all zero when nothing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Messages that a socket should have had.
    pub lost: usize,
    /// Messages that a socket had again.
    pub doubled: usize,
    /// Messages on a socket that they were not meant for.
    pub leaked: usize,
    /// Events whose number was not above the one before, and sockets told to fetch their page again.
    pub disordered: usize,
}

impl Faults {
    /// All of them.
    pub fn total(self) -> usize {
        self.lost + self.doubled + self.leaked + self.disordered
    }
}

/// Compares; `audience` answers the sockets of a message. What was not sent by this run is not looked at.
pub fn faults<'a>(seen: &[Seen], sent: &[Uuid], audience: impl Fn(Uuid) -> &'a HashSet<u32>) -> Faults {
    let mut faults = Faults::default();
    let mut shown: HashMap<Uuid, HashSet<u32>> = sent.iter().map(|message| (*message, HashSet::new())).collect();
    for sighting in seen {
        let Some(sockets) = shown.get_mut(&sighting.message) else { continue };
        if !audience(sighting.message).contains(&sighting.socket) {
            faults.leaked += 1;
        } else if !sockets.insert(sighting.socket) {
            faults.doubled += 1;
        }
    }
    faults.lost = shown.iter().map(|(message, sockets)| audience(*message).len() - sockets.len()).sum();
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_doubles_and_leaks_are_told_apart() {
        let [a, b, other] = [1, 2, 3].map(Uuid::from_u128);
        let (of_a, of_b) = (HashSet::from([0, 1, 4]), HashSet::from([2, 3]));
        let seen = [(a, 0), (a, 4), (a, 4), (a, 2), (b, 2), (other, 0)];
        let seen = seen.map(|(message, socket)| Seen { message, socket, at_us: 0 });
        let found = faults(&seen, &[a, b], |message| if message == a { &of_a } else { &of_b });
        assert_eq!(found, Faults { lost: 2, doubled: 1, leaked: 1, disordered: 0 });
        assert_eq!(found.total(), 4);
    }
}
