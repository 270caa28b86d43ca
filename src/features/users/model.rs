//! Rules of accounts: where one stands, and how a list of them is asked for.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    auth::Role,
    ids::{CampaignId, UserId},
};

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

/// What an administrator sets of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// National id; empty when unknown.
    pub document: String,
    /// User in the operator's platform.
    pub greta_user: String,
    /// User in the dialler.
    pub c8_user: String,
    /// Telephone.
    pub phone: String,
    /// The one role; `None` is no role of ours.
    pub role: Option<Role>,
    /// Passes every check.
    pub is_superuser: bool,
    /// Active campaigns.
    pub campaigns: Vec<CampaignId>,
    /// The version that the form was drawn with.
    pub version: i64,
}

/// Who changes an account.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// Their own account.
    pub id: UserId,
    /// Passes every check.
    pub is_superuser: bool,
}

/// What is about to become of an account.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Which.
    pub id: UserId,
    /// Its role.
    pub role: Role,
    /// Whether it is a superuser's.
    pub is_superuser: bool,
    /// Whether it may sign in.
    pub is_active: bool,
}

impl Standing {
    /// Whether somebody administers with it.
    pub fn administers(&self) -> bool {
        self.is_active && (self.is_superuser || self.role == Role::Administrador)
    }
}

/// Why a change is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Only superusers touch accounts of superusers, or make one: else an administrator could take one over.
    NotSuperuser,
    /// Nobody takes his or her own role or account away.
    Oneself,
}

/// Why this person may not bring an account from one standing to the other.
pub fn refuse(actor: Actor, before: Standing, after: Standing) -> Option<Refusal> {
    if !actor.is_superuser && (before.is_superuser || after.is_superuser) {
        return Some(Refusal::NotSuperuser);
    }
    let is_less =
        before.role != after.role || before.is_superuser && !after.is_superuser || before.is_active && !after.is_active;
    (actor.id == before.id && is_less).then_some(Refusal::Oneself)
}

/// Whether a change takes somebody out of the administration: then another must be left.
pub fn needs_another(before: Standing, after: Standing) -> bool {
    before.administers() && !after.administers()
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
    fn who_may_change_whom() {
        let (me, other) = (UserId::new(), UserId::new());
        let standing = |id, role, is_superuser, is_active| Standing { id, role, is_superuser, is_active };
        let admin = |id| standing(id, Role::Administrador, false, true);
        let root = |id| standing(id, Role::Administrador, true, true);
        let agent = |id| standing(id, Role::Asesor, false, true);
        let gone = |id| standing(id, Role::Asesor, false, false);
        let cases = [
            (false, agent(other), gone(other), None, "an agent is deactivated"),
            (false, admin(other), agent(other), None, "another administrator is demoted"),
            (false, admin(me), agent(me), Some(Refusal::Oneself), "not oneself"),
            (false, admin(me), admin(me), None, "other data of oneself"),
            (false, root(other), gone(other), Some(Refusal::NotSuperuser), "a superuser is out of reach"),
            (
                false,
                root(other),
                root(other),
                Some(Refusal::NotSuperuser),
                "whatever is changed: a link to a new password is a key",
            ),
            (false, agent(other), root(other), Some(Refusal::NotSuperuser), "nor is one made"),
            (true, agent(other), root(other), None, "superusers make superusers"),
            (true, root(me), admin(me), Some(Refusal::Oneself), "nobody takes it from oneself"),
        ];
        for (is_superuser, before, after, expected, why) in cases {
            assert_eq!(refuse(Actor { id: me, is_superuser }, before, after), expected, "{why}");
        }
        assert!(needs_another(admin(other), agent(other)) && needs_another(root(other), gone(other)));
        assert!(!needs_another(root(other), admin(other)) && !needs_another(agent(other), gone(other)));
        assert!(!needs_another(standing(other, Role::Administrador, false, false), gone(other)), "was not in office");
    }

    #[test]
    fn an_invitation_lasts_two_days() {
        let at = DateTime::UNIX_EPOCH;
        assert!(!is_expired(Some(at), at + TimeDelta::hours(47)));
        assert!(is_expired(Some(at), at + TimeDelta::hours(48)));
        assert!(!is_expired(None, at), "who was never invited has nothing to lose");
    }
}
