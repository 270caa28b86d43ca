//! Rules of mass messages: whom one may write to at once, how important they are, how long they last.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    auth::Role,
    ids::{CampaignId, UserId},
};

/// Mass messages that one person may send in [`RATE_WINDOW`] (domain: chat, section 3.4).
pub const RATE: i64 = 6;
/// The window of [`RATE`].
pub const RATE_WINDOW: Duration = Duration::hours(1);
/// Who has not confirmed is not reminded more often.
pub const REMIND_EVERY: Duration = Duration::minutes(5);
/// A critical message without an end of its own asks no longer than this: nobody answers for it any more.
pub const LONGEST: Duration = Duration::days(30);
/// How far ahead one may be scheduled, and how late it may end.
pub const FARTHEST: Duration = Duration::days(90);
/// People chosen one by one; larger audiences are campaigns.
pub const MOST_PEOPLE: usize = 200;

/// How much a mass message matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Importance {
    /// Read when there is time.
    #[default]
    Normal,
    /// Marked as such.
    Important,
    /// Stays on the screen until it is confirmed, and rings.
    Critical,
}

impl Importance {
    /// Every importance, the least first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Important, Self::Critical];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Important => "important",
            Self::Critical => "critical",
        }
    }

    /// The importance of a code; anything else is normal.
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|i| i.code() == code).unwrap_or_default()
    }
}

/// Whom a mass message is for, as chosen. Who that is, is decided when it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Everyone with one of the roles, whatever the campaign.
    #[serde(default)]
    pub everyone: bool,
    /// Members of these campaigns with one of the roles.
    #[serde(default)]
    pub campaigns: Vec<CampaignId>,
    /// Codes of roles.
    #[serde(default)]
    pub roles: Vec<String>,
    /// People chosen one by one.
    #[serde(default)]
    pub people: Vec<UserId>,
}

/// Who sends: what decides how far they reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The account.
    pub id: UserId,
    /// The one role.
    pub role: Role,
    /// Passes every check.
    pub is_superuser: bool,
}

impl Sender {
    /// Whether any campaign, any role and everyone are within reach (domain: chat, section 3.1).
    pub fn reaches_all(self) -> bool {
        self.is_superuser || self.role == Role::Administrador
    }

    /// Roles that the person may write to at once; those of supervisors in own campaigns alone.
    pub fn roles(self) -> &'static [Role] {
        if self.reaches_all() {
            return &Role::ALL;
        }
        match self.role {
            Role::Supervisor => &[Role::Asesor, Role::Backoffice],
            _ => &[],
        }
    }
}

/// What of the audience is within the sender's reach: what a form could not have offered is left out.
pub fn within_reach(sender: Sender, mut audience: Audience) -> Audience {
    audience.everyone &= sender.reaches_all();
    let allowed: Vec<&str> = sender.roles().iter().map(|role| role.code()).collect();
    audience.roles.retain(|code| allowed.contains(&code.as_str()));
    audience.people.truncate(MOST_PEOPLE);
    audience
}

/// When it asks for nothing any more.
pub fn end_of(importance: Importance, due_at: DateTime<Utc>, chosen: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    chosen.or((importance == Importance::Critical).then_some(due_at + LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(role: Role, is_superuser: bool) -> Sender {
        Sender { id: UserId::new(), role, is_superuser }
    }

    #[test]
    fn who_may_write_to_which_roles_at_once() {
        let cases = [
            (Role::Asesor, false, 0, "agents to nobody"),
            (Role::Backoffice, false, 0, "nor back office"),
            (Role::Calidad, false, 0, "nor quality"),
            (Role::Supervisor, false, 2, "supervisors to agents and back office"),
            (Role::Administrador, false, 5, "administrators to all"),
            (Role::Asesor, true, 5, "and superusers"),
        ];
        for (role, is_superuser, count, why) in cases {
            assert_eq!(sender(role, is_superuser).roles().len(), count, "{why}");
        }
    }

    #[test]
    fn a_supervisor_cannot_reach_everyone_or_another_role() {
        let wished = Audience {
            everyone: true,
            roles: vec!["asesor".into(), "calidad".into(), "administrador".into()],
            ..Audience::default()
        };
        let got = within_reach(sender(Role::Supervisor, false), wished.clone());
        assert_eq!((got.everyone, got.roles), (false, vec!["asesor".to_owned()]));
        assert_eq!(within_reach(sender(Role::Administrador, false), wished.clone()), wished);
    }

    #[test]
    fn a_critical_message_ends_some_day() {
        let at: DateTime<Utc> = "2026-11-22T15:00:00Z".parse().expect("instant");
        let soon = at + Duration::hours(1);
        assert_eq!(end_of(Importance::Critical, at, None), Some(at + LONGEST));
        assert_eq!(end_of(Importance::Critical, at, Some(soon)), Some(soon));
        assert_eq!(end_of(Importance::Normal, at, None), None);
    }

    #[test]
    fn codes_there_and_back() {
        for importance in Importance::ALL {
            assert_eq!(Importance::from_code(importance.code()), importance);
        }
        assert_eq!(Importance::from_code("?"), Importance::Normal);
    }
}
