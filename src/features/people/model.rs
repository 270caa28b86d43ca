//! Who may write to whom (domain: chat, section 3.1). One table, used by the list of recipients and by every write.

use crate::auth::Role;

/// Whom a person may reach, by role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Roles anywhere.
    pub anywhere: &'static [Role],
    /// Roles in an active campaign of one's own.
    pub in_campaign: &'static [Role],
}

use Role::{Administrador, Asesor, Backoffice, Calidad, Supervisor};

/// Whom a role reaches. Who was written to first may always answer; that is the conversation's matter.
pub fn reach(role: Role, is_superuser: bool) -> Reach {
    if is_superuser {
        return Reach { anywhere: &Role::ALL, in_campaign: &[] };
    }
    match role {
        Asesor => Reach { anywhere: &[], in_campaign: &[Supervisor, Backoffice, Administrador] },
        Backoffice => Reach { anywhere: &[], in_campaign: &[Asesor, Supervisor, Administrador] },
        Supervisor => Reach { anywhere: &[Supervisor, Administrador], in_campaign: &Role::ALL },
        Calidad => Reach { anywhere: &[Supervisor, Administrador], in_campaign: &[] },
        Administrador => Reach { anywhere: &Role::ALL, in_campaign: &[] },
    }
}

impl Reach {
    /// Whether a person of `role` is within reach.
    pub fn includes(&self, role: Role, shares_campaign: bool) -> bool {
        self.anywhere.contains(&role) || (shares_campaign && self.in_campaign.contains(&role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_write_to_whom() {
        let cases = [
            (Asesor, Supervisor, true, true, "to the supervisor of the campaign"),
            (Asesor, Supervisor, false, false, "not to one of another campaign"),
            (Asesor, Asesor, true, false, "not to each other"),
            (Asesor, Calidad, true, false, "quality writes first"),
            (Asesor, Administrador, true, true, "to an administrator of the campaign"),
            (Backoffice, Asesor, true, true, "in the same campaign"),
            (Backoffice, Backoffice, true, false, "not to each other"),
            (Supervisor, Asesor, true, true, "every member of own campaigns"),
            (Supervisor, Calidad, true, true, "every member of own campaigns"),
            (Supervisor, Asesor, false, false, "not in other campaigns"),
            (Supervisor, Supervisor, false, true, "other supervisors anywhere"),
            (Calidad, Supervisor, false, true, "supervisors anywhere"),
            (Calidad, Asesor, true, false, "agents only about an audit"),
            (Administrador, Asesor, false, true, "everyone"),
        ];
        for (from, to, shares, may, why) in cases {
            assert_eq!(reach(from, false).includes(to, shares), may, "{from:?} → {to:?}: {why}");
        }
        assert!(reach(Asesor, true).includes(Calidad, false), "a superuser reaches everyone");
    }
}
