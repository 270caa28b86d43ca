//! Rules of accounts: where one stands, and how a list of them is asked for.

use chrono::{DateTime, TimeDelta, Utc};

/// How long an invitation can be used (domain: access, section 4).
const INVITATION: TimeDelta = TimeDelta::hours(48);

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// May sign in.
    Active,
    /// May not.
    Inactive,
    /// Has a link to set a first password.
    Invited,
    /// May not for a while, after too many wrong passwords.
    Locked,
}

/// Where an account stands: an invitation counts as long as the account was never active with it, locks only while it
/// is active.
pub fn state(is_active: bool, invited_at: Option<DateTime<Utc>>, is_locked: bool) -> State {
    match (is_active, invited_at, is_locked) {
        (true, _, true) => State::Locked,
        (true, _, false) => State::Active,
        (false, Some(_), _) => State::Invited,
        (false, None, _) => State::Inactive,
    }
}

/// Whether the link of an invitation can no longer be used.
pub fn is_expired(invited_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    invited_at.is_some_and(|at| at + INVITATION <= now)
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By name, A first.
    #[default]
    Name,
    /// By name, Z first.
    NameDown,
    /// Who signed in longest ago on top; who never did before all.
    Seen,
    /// Who signed in last on top.
    SeenDown,
}

impl Sort {
    /// The order of what an address says; by name when it says nothing.
    pub fn from_code(code: &str) -> Self {
        match code {
            "-name" => Self::NameDown,
            "seen" => Self::Seen,
            "-seen" => Self::SeenDown,
            _ => Self::Name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_an_account_stands() {
        let at = Some(DateTime::UNIX_EPOCH);
        let cases = [
            ((true, None, false), State::Active, "in use"),
            ((true, None, true), State::Locked, "too many wrong passwords"),
            ((true, at, false), State::Active, "activated by hand while invited"),
            ((false, at, false), State::Invited, "has not set a password yet"),
            ((false, at, true), State::Invited, "wrong passwords of who cannot sign in anyway"),
            ((false, None, true), State::Inactive, "the same"),
            ((false, None, false), State::Inactive, "deactivated"),
        ];
        for ((is_active, invited, is_locked), expected, why) in cases {
            assert_eq!(state(is_active, invited, is_locked), expected, "{why}");
        }
    }

    #[test]
    fn an_invitation_lasts_two_days() {
        let at = DateTime::UNIX_EPOCH;
        assert!(!is_expired(Some(at), at + TimeDelta::hours(47)));
        assert!(is_expired(Some(at), at + TimeDelta::hours(48)));
        assert!(!is_expired(None, at), "who was never invited has nothing to lose");
    }
}
