//! What holds for the whole system.

use maud::{Markup, html};

use crate::admin::{AdminTab, tabs};
use crate::paths;
use crate::text::{Locale, t};
use crate::ui::{self, FieldView, Tone, error_for, field, tick};

/// What the page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SettingsView {
    /// Months that messages are kept, as typed.
    pub retention_months: String,
    /// Every role by its code, and whether it needs a second factor.
    pub roles: Vec<(String, bool)>,
    /// The version that the form was drawn from.
    pub version: i64,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// Whether it was just saved.
    pub saved: bool,
}

/// The page of settings.
pub fn panel(l: Locale, v: &SettingsView) -> Markup {
    let months = FieldView {
        name: "retention_months",
        label_key: "settings.retention.label",
        kind: "number",
        value: &v.retention_months,
        help_key: Some("settings.retention.help"),
        error_key: error_for(&v.errors, "retention_months"),
        autocomplete: "off",
        required: true,
        ..FieldView::default()
    };
    html! {
        (tabs(l, AdminTab::Settings))
        header.page-head { h1 { (t(l, "settings.title")) } }
        div.narrow {
            @if v.saved { (ui::notice(Tone::Success, t(l, "settings.saved"))) }
            form.stack method="post" action=(paths::SETTINGS) {
                input type="hidden" name="version" value=(v.version);
                section.setting aria-labelledby="settings-chat" {
                    h2 id="settings-chat" { (t(l, "settings.chat")) }
                    (field(l, &months))
                }
                section.setting aria-labelledby="settings-security" {
                    h2 id="settings-security" { (t(l, "settings.security")) }
                    fieldset.radios aria-describedby="settings-totp-help" {
                        legend.form-label { (t(l, "settings.totp.label")) }
                        @for (role, ticked) in &v.roles { (tick("totp_role", role, *ticked, t(l, &format!("role.{role}")))) }
                    }
                    p.field-help id="settings-totp-help" { (t(l, "settings.totp.help")) }
                }
                section.setting aria-labelledby="settings-access" {
                    h2 id="settings-access" { (t(l, "settings.access")) }
                    p.fixed { (ui::icon("lock")) strong { (t(l, "settings.registration.label")) } " " (t(l, "settings.registration.closed")) }
                    p.field-help { (t(l, "settings.registration.help")) }
                }
                div.actions { (ui::submit(t(l, "settings.save"))) }
            }
        }
    }
}
