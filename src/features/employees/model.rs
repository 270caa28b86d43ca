//! What is known of an employee, and when somebody no longer is one.

use chrono::NaiveDate;

use crate::{
    ids::{CampaignId, UserId},
    money::Money,
};

/// Codes of the sexes, as the payroll has them.
pub const SEXES: [&str; 2] = ["1", "2"];
/// Codes of why somebody left (domain: access, section 7).
pub const REASONS: [&str; 5] =
    ["retiro_voluntario", "periodo_prueba", "despido_justo_causa", "terminacion_contrato", "finaliza_aprendiz"];

/// Whether somebody works here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Yes.
    Active,
    /// No longer.
    Inactive,
}

impl State {
    /// Both, in the order of the filter.
    pub const ALL: [Self; 2] = [Self::Active, Self::Inactive];

    /// As stored and as addresses name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "activo",
            Self::Inactive => "inactivo",
        }
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whoever has a last day is gone when it comes.
    pub fn on(today: NaiveDate, ended_on: Option<NaiveDate>) -> Self {
        if ended_on.is_some_and(|last| last <= today) { Self::Inactive } else { Self::Active }
    }
}

/// What a person typed for an employee, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeeData {
    /// National id; unique.
    pub document: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// One of `SEXES`.
    pub sex: &'static str,
    /// May be empty.
    pub phone: String,
    /// May be empty.
    pub email: String,
    /// May be empty.
    pub profession: String,
    /// What they earn, when known.
    pub salary: Option<Money>,
    /// First day.
    pub started_on: NaiveDate,
    /// Last day.
    pub ended_on: Option<NaiveDate>,
    /// One of [`REASONS`]; with a last day, and only then.
    pub end_reason: Option<&'static str>,
    /// Where they work.
    pub campaign_id: Option<CampaignId>,
    /// To whom they report.
    pub supervisor_id: Option<UserId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_gone_on_the_last_day() {
        let day = |n| NaiveDate::from_ymd_opt(2026, 11, n).expect("a day");
        for (last, expected) in [
            (None, State::Active),
            (Some(day(24)), State::Active),
            (Some(day(23)), State::Inactive),
            (Some(day(1)), State::Inactive),
        ] {
            assert_eq!(State::on(day(23), last), expected, "{last:?}");
        }
    }
}
