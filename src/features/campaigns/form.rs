//! What a person typed into the campaign's form, and what is wrong with it.

use chrono_tz::Tz;
use serde::Deserialize;

use super::queries::{Campaign, CampaignData};
use crate::{auth::Module, error::FieldErrors, money::Currency};

/// Longest name, in characters (domain: README, section 5).
const MAX_NAME: usize = 100;
/// Longest code, in characters.
const MAX_CODE: usize = 50;
/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 500;

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CampaignForm {
    /// Unique code.
    #[serde(default)]
    pub code: String,
    /// Name.
    #[serde(default)]
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub description: String,
    /// Code of the module.
    #[serde(default)]
    pub module: String,
    /// IANA name of the zone, in any case.
    #[serde(default)]
    pub time_zone: String,
    /// ISO 4217.
    #[serde(default)]
    pub currency: String,
    /// The version that the form was drawn from; 0 for a new campaign.
    #[serde(default)]
    pub version: i64,
}

impl CampaignForm {
    /// The form of a new campaign.
    pub fn blank() -> Self {
        Self { time_zone: "America/Bogota".to_owned(), currency: "COP".to_owned(), ..Self::default() }
    }

    /// The form of a stored one.
    pub fn of(campaign: &Campaign) -> Self {
        Self {
            code: campaign.code.clone(),
            name: campaign.name.clone(),
            description: campaign.description.clone(),
            module: campaign.module.code().to_owned(),
            time_zone: campaign.time_zone.clone(),
            currency: campaign.currency.clone(),
            version: campaign.version,
        }
    }

    /// # Errors
    /// What is wrong, field by field.
    pub fn check(&self) -> Result<CampaignData, FieldErrors> {
        let mut errors = FieldErrors::default();
        let (code, name, description) = (self.code.trim(), self.name.trim(), self.description.trim());
        let is_code = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        match code {
            "" => errors.add("code", "field.required"),
            code if code.chars().count() > MAX_CODE => errors.add("code", "field.too_long"),
            code if !code.chars().all(is_code) => errors.add("code", "campaigns.code.invalid"),
            _ => {}
        }
        if name.is_empty() {
            errors.add("name", "field.required");
        } else if name.chars().count() > MAX_NAME {
            errors.add("name", "field.too_long");
        }
        if description.chars().count() > MAX_DESCRIPTION {
            errors.add("description", "field.too_long");
        }
        let module = Module::from_code(&self.module);
        if module.is_none() {
            errors.add("module", "field.required");
        }
        let zone = zone(&self.time_zone);
        if zone.is_none() {
            errors.add("time_zone", "campaigns.zone.unknown");
        }
        let currency =
            Some(self.currency.as_str()).filter(|code| Currency::from_code(code).is_some() || *code == "USD");
        if currency.is_none() {
            errors.add("currency", "field.required");
        }
        match (module, zone, currency) {
            (Some(module), Some(zone), Some(currency)) if errors.0.is_empty() => Ok(CampaignData {
                code: code.to_owned(),
                name: name.to_owned(),
                description: description.to_owned(),
                module,
                time_zone: zone.name().to_owned(),
                currency: currency.to_owned(),
            }),
            _ => Err(errors),
        }
    }
}

/// The zone of an IANA name, typed in any case and with spaces for underscores.
fn zone(typed: &str) -> Option<Tz> {
    let name = typed.trim().replace(' ', "_");
    chrono_tz::TZ_VARIANTS.iter().copied().find(|zone| zone.name().eq_ignore_ascii_case(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> CampaignForm {
        CampaignForm {
            code: "carysol".to_owned(),
            name: "Cartera Carysol".to_owned(),
            module: "core".to_owned(),
            ..CampaignForm::blank()
        }
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        type Change = fn(&mut CampaignForm);
        let cases: [(Change, &str, &str); 8] = [
            (|f| f.code = " ".to_owned(), "code", "field.required"),
            (|f| f.code = "car y sol".to_owned(), "code", "campaigns.code.invalid"),
            (|f| f.code = "c".repeat(51), "code", "field.too_long"),
            (|f| f.name = "ñ".repeat(101), "name", "field.too_long"),
            (|f| f.description = "d".repeat(501), "description", "field.too_long"),
            (|f| f.module = "ventas".to_owned(), "module", "field.required"),
            (|f| f.time_zone = "America/Macondo".to_owned(), "time_zone", "campaigns.zone.unknown"),
            (|f| f.currency = "EUR".to_owned(), "currency", "field.required"),
        ];
        for (change, field, key) in cases {
            let mut form = good();
            change(&mut form);
            assert_eq!(form.check().expect_err(field), FieldErrors::one(field, key));
        }
    }

    #[test]
    fn a_zone_is_found_however_it_is_typed() {
        for typed in ["America/Mexico_City", "america/mexico city", " AMERICA/MEXICO_CITY "] {
            let form = CampaignForm { time_zone: typed.to_owned(), ..good() };
            assert_eq!(form.check().map(|data| data.time_zone), Ok("America/Mexico_City".to_owned()), "{typed}");
        }
        for currency in ["COP", "MXN", "USD"] {
            assert!(CampaignForm { currency: currency.to_owned(), ..good() }.check().is_ok(), "{currency}");
        }
    }
}
