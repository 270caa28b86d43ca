//! How many live connections one person and one address may hold on this instance, so that a script that opens them in
//! a loop takes nothing from anybody else.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use uuid::Uuid;

/// Connections of one person on one instance; one more is closed with 4429. Nobody works in more tabs.
pub const PER_USER: usize = 20;

/// Who is inside. Cheap to clone.
#[derive(Clone, Default)]
pub struct Door(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    users: HashMap<Uuid, usize>,
    addresses: HashMap<IpAddr, usize>,
}

/// A place of one connection; given back when it is dropped.
pub struct Seat {
    door: Door,
    user: Uuid,
    address: IpAddr,
}

impl Door {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place, or `None` when the person has [`PER_USER`] of them or the address has `per_address`.
    pub fn enter(&self, user: Uuid, address: IpAddr, per_address: usize) -> Option<Seat> {
        let mut inside = self.inside();
        let held = |count: Option<&usize>| count.copied().unwrap_or_default();
        let cause = if held(inside.users.get(&user)) >= PER_USER {
            "user"
        } else if held(inside.addresses.get(&address)) >= per_address {
            "address"
        } else {
            *inside.users.entry(user).or_default() += 1;
            *inside.addresses.entry(address).or_default() += 1;
            return Some(Seat { door: self.clone(), user, address });
        };
        metrics::counter!("crea_socket_refused_total", "cause" => cause).increment(1);
        None
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut inside = self.door.inside();
        leave(&mut inside.users, &self.user);
        leave(&mut inside.addresses, &self.address);
    }
}

fn leave<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_and_an_address_have_so_many_places_and_get_them_back() {
        let (door, ana, luis) = (Door::default(), Uuid::now_v7(), Uuid::now_v7());
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let mut seats: Vec<Seat> = (0..PER_USER).filter_map(|_| door.enter(ana, here, 1_000)).collect();
        assert_eq!(seats.len(), PER_USER);
        assert!(door.enter(ana, there, 1_000).is_none(), "wherever she is");
        assert!(door.enter(luis, here, PER_USER).is_none(), "the address is full");
        assert!(door.enter(luis, there, PER_USER).is_some());
        seats.pop();
        assert!(door.enter(luis, here, PER_USER).is_some());
        drop(seats);
        assert!(door.inside().users.is_empty() && door.inside().addresses.is_empty(), "nothing is left behind");
    }
}
