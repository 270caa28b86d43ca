//! The form of a user's data, for editing and for inviting.

use maud::{Markup, html};

use crate::text::{Locale, t};
use crate::ui::{self, ChoiceView, FieldView, error_for, field};

/// What the form holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UserForm {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// National id.
    pub document: String,
    /// User in the operator's platform.
    pub greta_user: String,
    /// User in the dialler.
    pub c8_user: String,
    /// Telephone.
    pub phone: String,
    /// Code of the role.
    pub role: String,
    /// Passes every check.
    pub is_superuser: bool,
    /// Active campaigns: id, name, whether it is ticked.
    pub campaigns: Vec<(String, String, bool)>,
    /// The version that it was drawn with.
    pub version: i64,
    /// Codes and words of the roles.
    pub roles: Vec<(String, String)>,
    /// Whether the box of superusers is shown.
    pub can_superuser: bool,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
}

/// The fields, in two groups.
pub(super) fn fields(l: Locale, v: &UserForm) -> Markup {
    let line = |name, label_key, kind, value: &str, required| {
        let error_key = error_for(&v.errors, name);
        let autocomplete = "off";
        field(l, &FieldView { name, label_key, kind, value, error_key, autocomplete, required, ..FieldView::default() })
    };
    let role = ChoiceView {
        name: "role",
        label_key: "people.role",
        value: &v.role,
        error_key: error_for(&v.errors, "role"),
        required: true,
        ..ChoiceView::default()
    };
    html! {
        input type="hidden" name="version" value=(v.version);
        div.pair {
            (line("first_name", "people.field.first_name", "text", &v.first_name, true))
            (line("last_name", "people.field.last_name", "text", &v.last_name, true))
            (line("email", "people.field.email", "email", &v.email, true))
            (line("document", "people.field.document", "text", &v.document, false))
            (line("phone", "people.field.phone", "tel", &v.phone, false))
            (line("greta_user", "people.field.greta_user", "text", &v.greta_user, false))
            (line("c8_user", "people.field.c8_user", "text", &v.c8_user, false))
            (ui::select(l, &role, &v.roles))
        }
        @if v.can_superuser {
            div.field {
                (ui::tick("is_superuser", "1", v.is_superuser, t(l, "people.superuser")))
                p.field-help { (t(l, "people.superuser.help")) }
            }
        }
        fieldset.radios {
            legend.form-label { (t(l, "people.campaigns")) }
            @if v.campaigns.is_empty() { p.quiet { (t(l, "people.campaigns.none")) } }
            div.ticks { @for (id, name, ticked) in &v.campaigns { (ui::tick("campaign", id, *ticked, name)) } }
        }
    }
}
