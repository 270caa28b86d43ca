//! The settings, their defaults and what is allowed in them.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use crate::auth::Role;

/// Months that messages may be kept: a month for a small disk, ten years for whoever must prove what was said.
pub const RETENTION_MONTHS: RangeInclusive<i64> = 1..=120;
/// Without a choice of the administrator (domain: chat, retention).
const DEFAULT_MONTHS: i64 = 12;

/// Everything that is set. What is stored and cannot be understood counts as not set: a default is safer than a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Months after which messages are deleted, in [`RETENTION_MONTHS`].
    pub retention_months: i64,
    /// Roles that cannot sign in without a second factor, in the order of [`Role::ALL`].
    pub totp_roles: Vec<Role>,
    /// When any of it was last changed; the version that a form was drawn from.
    pub updated_at: Option<DateTime<Utc>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { retention_months: DEFAULT_MONTHS, totp_roles: Vec::new(), updated_at: None }
    }
}

impl Settings {
    /// Sets the months, if they are allowed.
    #[must_use]
    pub fn with_retention(mut self, months: Option<i64>) -> Self {
        self.retention_months = months.filter(|m| RETENTION_MONTHS.contains(m)).unwrap_or(DEFAULT_MONTHS);
        self
    }

    /// Sets the roles that need a second factor; unknown codes are left out.
    #[must_use]
    pub fn with_totp_roles<'a>(mut self, codes: impl IntoIterator<Item = &'a str>) -> Self {
        let codes: Vec<&str> = codes.into_iter().collect();
        self.totp_roles = Role::ALL.into_iter().filter(|role| codes.contains(&role.code())).collect();
        self
    }

    /// Roles that need a second factor now and did not before.
    pub fn newly_needing_totp(&self, before: &Self) -> Vec<Role> {
        self.totp_roles.iter().copied().filter(|role| !before.needs_totp(*role)).collect()
    }

    /// Whether a person of this role needs a second factor to sign in.
    pub fn needs_totp(&self, role: Role) -> bool {
        self.totp_roles.contains(&role)
    }

    /// Whether this person does: a superuser counts as an administrator.
    pub fn needs_totp_of(&self, role: Role, is_superuser: bool) -> bool {
        self.needs_totp(role) || is_superuser && self.needs_totp(Role::Administrador)
    }
}

/// Months as a person typed them.
///
/// # Errors
/// Key of what to say beside the field.
pub fn months(typed: &str) -> Result<i64, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err("field.required");
    }
    typed.parse().ok().filter(|m| RETENTION_MONTHS.contains(m)).ok_or("settings.retention.range")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_wrongly_counts_as_not_set() {
        let cases = [(Some(1), 1), (Some(120), 120), (Some(0), 12), (Some(121), 12), (None, 12)];
        for (stored, months) in cases {
            assert_eq!(Settings::default().with_retention(stored).retention_months, months, "{stored:?}");
        }
        let some = Settings::default().with_totp_roles(["supervisor", "root", "asesor"]);
        assert_eq!(some.totp_roles, [Role::Asesor, Role::Supervisor]);
        let more = Settings::default().with_totp_roles(["calidad", "asesor"]);
        assert_eq!((more.newly_needing_totp(&some), some.newly_needing_totp(&some)), (vec![Role::Calidad], vec![]));
        assert!(some.needs_totp(Role::Asesor) && !some.needs_totp(Role::Administrador));
    }

    #[test]
    fn months_are_whole_and_in_range() {
        let cases = [
            ("12", Ok(12)),
            (" 120 ", Ok(120)),
            ("", Err("field.required")),
            ("0", Err("settings.retention.range")),
            ("121", Err("settings.retention.range")),
            ("1.5", Err("settings.retention.range")),
            ("doce", Err("settings.retention.range")),
        ];
        for (typed, expected) in cases {
            assert_eq!(months(typed), expected, "{typed:?}");
        }
    }
}
