//! What the form of a user holds, and what is wrong with it.

use crate::{
    auth::Role,
    error::FieldErrors,
    features::access::{refuse_email, refuse_name, refuse_phone},
    ids::CampaignId,
};

use super::model::Fields;

/// Longest document, in characters.
const DOCUMENT_CHARS: usize = 30;
/// Longest user of another system.
const USER_CHARS: usize = 50;
/// Names of boxes that can be ticked more than once repeat in a form.
pub type Pairs = Vec<(String, String)>;

impl Fields {
    /// Reads a form. What is not a campaign or a role of ours is left out.
    pub fn of(pairs: &Pairs) -> Self {
        let text = |name: &str| {
            let value = pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim());
            value.unwrap_or_default().to_owned()
        };
        Self {
            first_name: text("first_name"),
            last_name: text("last_name"),
            email: text("email"),
            document: text("document"),
            greta_user: text("greta_user"),
            c8_user: text("c8_user"),
            phone: text("phone"),
            role: Role::ALL.into_iter().find(|r| r.code() == text("role")),
            is_superuser: text("is_superuser") == "1",
            campaigns: pairs.iter().filter(|(n, _)| n == "campaign").filter_map(|(_, v)| v.parse().ok()).collect(),
            version: text("version").parse().unwrap_or(0),
        }
    }

    /// What is wrong, in the order of the form.
    pub fn errors(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        for (field, refusal) in [
            ("first_name", refuse_name(&self.first_name)),
            ("last_name", refuse_name(&self.last_name)),
            ("email", refuse_email(&self.email)),
            ("document", refuse_document(&self.document)),
            ("greta_user", refuse_length(&self.greta_user)),
            ("c8_user", refuse_length(&self.c8_user)),
            ("phone", refuse_phone(&self.phone)),
            ("role", self.role.is_none().then_some("field.required")),
        ] {
            if let Some(key) = refusal {
                errors.add(field, key);
            }
        }
        errors
    }

    /// Campaigns that are in one list and not in the other: joined, left.
    pub fn moves(&self, former: &[CampaignId]) -> (Vec<CampaignId>, Vec<CampaignId>) {
        let missing = |from: &[CampaignId], of: &[CampaignId]| {
            from.iter().filter(|id| !of.contains(id)).copied().collect::<Vec<_>>()
        };
        (missing(&self.campaigns, former), missing(former, &self.campaigns))
    }
}

/// Why a document is refused: letters, digits and dashes as issued; none is fine.
pub fn refuse_document(document: &str) -> Option<&'static str> {
    if document.chars().count() > DOCUMENT_CHARS {
        return Some("field.too_long");
    }
    let is_plain = document.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (!is_plain).then_some("field.document")
}

fn refuse_length(user: &str) -> Option<&'static str> {
    (user.chars().count() > USER_CHARS).then_some("field.too_long")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(of: &[(&str, &str)]) -> Pairs {
        of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_is_read_with_all_its_ticked_boxes() {
        let (a, b) = (CampaignId::new(), CampaignId::new());
        let form = [
            ("first_name", " Ana "),
            ("role", "supervisor"),
            ("campaign", &*a.to_string()),
            ("campaign", "x"),
            ("campaign", &*b.to_string()),
            ("version", "7"),
        ];
        let fields = Fields::of(&pairs(&form));
        assert_eq!((&*fields.first_name, fields.role, fields.version), ("Ana", Some(Role::Supervisor), 7));
        assert_eq!(fields.campaigns, [a, b]);
        assert_eq!(fields.moves(&[b]), (vec![a], vec![]));
        assert_eq!(Fields::of(&pairs(&[])).moves(&[a]), (vec![], vec![a]));
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        let long = "a".repeat(51);
        let form =
            [("email", "ana"), ("document", "12 34"), ("greta_user", &*long), ("phone", "300"), ("role", "jefe")];
        let errors = Fields::of(&pairs(&form)).errors();
        let expected = [
            ("first_name", "field.required"),
            ("last_name", "field.required"),
            ("email", "field.email"),
            ("document", "field.document"),
            ("greta_user", "field.too_long"),
            ("phone", "field.phone"),
            ("role", "field.required"),
        ];
        assert_eq!(errors.0, expected);
        for good in ["", "1020304050", "CE-90x"] {
            assert_eq!(refuse_document(good), None, "{good}");
        }
    }
}
