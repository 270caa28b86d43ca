//! What an alarm is, for whom it rings and when.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::ids::UserId;

/// An alarm as a feature sets it.
#[derive(Clone, Debug)]
pub struct NewAlarm {
    /// What the feature calls it, as `ticket.resolution`. One alarm of a kind stands for a subject.
    pub kind: &'static str,
    /// The record that it is about.
    pub subject: Uuid,
    /// What it says: a key of `views/i18n`. Each reader gets their language.
    pub text_key: &'static str,
    /// Values of the text's placeholders.
    pub args: BTreeMap<String, String>,
    /// Where it leads: an address of `views::paths`.
    pub href: String,
    /// When it rings.
    pub due_at: DateTime<Utc>,
    /// For whom.
    pub people: Vec<UserId>,
    /// Who is told when none of them acknowledges it.
    pub escalation: Option<Escalation>,
}

/// Who is told of an alarm that nobody acknowledged, and when. A snooze is no acknowledgement.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// When it rings for them.
    pub at: DateTime<Utc>,
    /// Whom it rings for; who is among the alarm's own people is told once.
    pub people: Vec<UserId>,
}

/// An alarm as one person gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ring {
    /// For whom.
    pub user: UserId,
    /// Whether because nobody else acknowledged it.
    pub is_escalation: bool,
    /// When.
    pub due_at: DateTime<Utc>,
}

impl NewAlarm {
    /// Everybody's ring, once a person. What somebody acknowledged does not escalate.
    pub fn rings(&self, is_acknowledged: bool) -> Vec<Ring> {
        let own = self.people.iter().map(|user| Ring { user: *user, is_escalation: false, due_at: self.due_at });
        let escalation = self.escalation.iter().filter(|_| !is_acknowledged);
        let others = escalation.flat_map(|e| e.people.iter().map(|user| (e.at.max(self.due_at), *user)));
        let others = others.map(|(due_at, user)| Ring { user, is_escalation: true, due_at });
        let mut rings = BTreeMap::new();
        for ring in own.chain(others) {
            rings.entry(ring.user).or_insert(ring);
        }
        rings.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn each_person_gets_one_ring_and_own_people_come_before_an_escalation() {
        let [ana, luz, eva] = [(); 3].map(|()| UserId::new());
        let due_at = DateTime::from_timestamp_millis(1_795_359_600_000).expect("instant");
        let later = due_at + Duration::minutes(15);
        let mut new = NewAlarm {
            kind: "a",
            subject: Uuid::now_v7(),
            text_key: "b",
            args: BTreeMap::new(),
            href: "/".to_owned(),
            due_at,
            people: vec![ana, luz, ana],
            escalation: Some(Escalation { at: later, people: vec![luz, eva] }),
        };
        let ring = |user, is_escalation, due_at| Ring { user, is_escalation, due_at };
        let own = [ring(ana, false, due_at), ring(luz, false, due_at)];
        assert_eq!(new.rings(false), [own[0], own[1], ring(eva, true, later)]);
        assert_eq!(new.rings(true), own, "what is acknowledged does not escalate");
        new.escalation = Some(Escalation { at: due_at - Duration::hours(1), people: vec![eva] });
        assert_eq!(new.rings(false)[2].due_at, due_at, "nobody is told of what is not due");
    }
}
