//! The form of a campaign, new or old, and the button that opens or closes it.

use maud::{Markup, html};

use super::{CampaignHead, CampaignTab, head};
use crate::admin::{self, AdminTab};
use crate::text::{Locale, plural, t};
use crate::ui::{self, ChoiceView, FieldView, Tone, error_for, field, lines, select};
use crate::{dom, paths};

/// Codes of the modules, in the order of the list.
const MODULES: [&str; 4] = ["core", "telefonica", "tarjeta_plata", "calidad"];
/// Currencies to choose from.
const CURRENCIES: [&str; 3] = ["COP", "MXN", "USD"];

/// What the form shows: what was typed, or what is stored.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CampaignFormView {
    /// The campaign; `None` for a new one.
    pub head: Option<CampaignHead>,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Code of its module.
    pub module: String,
    /// IANA name of its zone.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    /// The version that it was drawn from.
    pub version: i64,
    /// Names of zones to suggest.
    pub zones: Vec<&'static str>,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// Whether it was just saved.
    pub saved: bool,
}

/// The page of a new campaign, or of what an old one is.
pub fn form_panel(l: Locale, v: &CampaignFormView) -> Markup {
    html! {
        @if let Some(campaign) = &v.head { (head(l, campaign, CampaignTab::Facts)) }
        @else {
            (admin::tabs(l, AdminTab::Campaigns))
            header.page-head { h1 { (t(l, "campaigns.new")) } }
        }
        div.narrow {
            @if v.saved { (ui::notice(Tone::Success, t(l, "campaigns.saved"))) }
            (form(l, v))
            @if let Some(campaign) = &v.head { (state(l, campaign, v.version)) }
        }
    }
}

fn form(l: Locale, v: &CampaignFormView) -> Markup {
    let action = v.head.as_ref().map_or_else(|| paths::CAMPAIGNS.to_owned(), |c| paths::campaign(&c.id));
    let text = |name, label_key, value, help_key| FieldView {
        name,
        label_key,
        kind: "text",
        value,
        help_key,
        error_key: error_for(&v.errors, name),
        autocomplete: "off",
        required: true,
        ..FieldView::default()
    };
    let choice = |name, label_key, value, help_key, required| ChoiceView {
        id: "",
        name,
        label_key,
        value,
        help_key,
        error_key: error_for(&v.errors, name),
        required,
    };
    let modules: Vec<_> = MODULES.iter().map(|m| ((*m).to_owned(), t(l, &format!("module.{m}")).to_owned())).collect();
    let currencies: Vec<_> = CURRENCIES.iter().map(|c| ((*c).to_owned(), (*c).to_owned())).collect();
    let zones = dom::zones();
    let zone = FieldView {
        list: zones.id(),
        ..text("time_zone", "campaigns.zone", &v.time_zone, Some("campaigns.zone.help"))
    };
    html! {
        form.stack method="post" action=(action) {
            input type="hidden" name="version" value=(v.version);
            div.pair {
                (field(l, &text("name", "campaigns.name", &v.name, None)))
                (field(l, &text("code", "campaigns.code", &v.code, Some("campaigns.code.help"))))
            }
            (lines(l, &choice("description", "campaigns.description", &v.description, None, false)))
            div.pair {
                (select(l, &choice("module", "campaigns.module", &v.module, Some("campaigns.module.help"), true), &modules))
                (select(l, &choice("currency", "campaigns.currency", &v.currency, None, true), &currencies))
            }
            (field(l, &zone))
            datalist id=(zones.id()) { @for zone in &v.zones { option value=(zone) {} } }
            div.actions {
                (ui::submit(t(l, if v.head.is_some() { "campaigns.save" } else { "campaigns.create" })))
                a.btn href=(paths::CAMPAIGNS) { (t(l, "campaigns.cancel")) }
            }
        }
    }
}

/// Opens or closes the campaign; what closing takes away is said before it happens.
fn state(l: Locale, campaign: &CampaignHead, version: i64) -> Markup {
    let people = plural(l, "campaigns.close.people", campaign.members);
    html! {
        section.aside-section aria-labelledby="campaign-state" {
            h2 id="campaign-state" { (t(l, if campaign.is_active { "campaigns.close.title" } else { "campaigns.open.title" })) }
            p.quiet { (t(l, if campaign.is_active { "campaigns.close.text" } else { "campaigns.open.text" })) " " (people) }
            form.actions method="post" action=(paths::campaign_state(&campaign.id))
                hx-confirm=[campaign.is_active.then(|| t(l, "campaigns.close.confirm"))] {
                input type="hidden" name="version" value=(version);
                input type="hidden" name="active" value=(if campaign.is_active { "0" } else { "1" });
                button.btn type="submit" data-tone=[campaign.is_active.then_some("danger")] {
                    (t(l, if campaign.is_active { "campaigns.close.button" } else { "campaigns.open.button" }))
                }
            }
        }
    }
}
