//! What a person typed into an employee's form, and what is wrong with it.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    model::{EmployeeData, REASONS, SEXES},
    queries::Employee,
    salary::Salary,
};
use crate::{
    error::FieldErrors,
    features::{access::refuse_email, users::refuse_document},
    ids::{CampaignId, UserId},
    money::{Currency, Money},
};

/// Longest name or telephone number, in characters (domain: access, section 7).
const MAX_NAME: usize = 50;
/// Longest profession, in characters.
const MAX_TEXT: usize = 100;
/// Highest salary in centavos: ten digits.
const MAX_SALARY: i64 = 9_999_999_999;
/// Days that a person can have begun or ended on: what is outside is a slip of the finger.
const YEARS: std::ops::RangeInclusive<i32> = 1950..=2100;

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EmployeeForm {
    /// National id.
    pub document: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Code of the sex.
    pub sex: String,
    /// Telephone.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Profession.
    pub profession: String,
    /// What they earn, as people write amounts.
    pub salary: String,
    /// ISO 4217 of the salary.
    pub currency: String,
    /// First day: `2026-11-23`.
    pub started_on: String,
    /// Last day; empty while there is none.
    pub ended_on: String,
    /// Code of why they leave.
    pub end_reason: String,
    /// Id of the campaign.
    pub campaign: String,
    /// Id of the supervisor.
    pub supervisor: String,
    /// The version that the form was drawn from; 0 for a new employee.
    pub version: i64,
}

/// What may be chosen in the form: ids with their names.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Campaigns.
    pub campaigns: Vec<(CampaignId, String)>,
    /// People who lead others.
    pub supervisors: Vec<(UserId, String)>,
}

impl EmployeeForm {
    /// The form of a new employee, who begins today.
    pub fn blank(today: NaiveDate) -> Self {
        Self { started_on: today.to_string(), currency: Currency::Cop.code().to_owned(), ..Self::default() }
    }

    /// The form of a stored one, with what the salary says.
    pub fn of(employee: &Employee, salary: Salary) -> Self {
        let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        Self {
            document: employee.document.clone(),
            first_name: employee.first_name.clone(),
            last_name: employee.last_name.clone(),
            sex: employee.sex.clone(),
            phone: employee.phone.clone(),
            email: employee.email.clone(),
            profession: employee.profession.clone(),
            salary: salary.known().map(|money| money.to_string()).unwrap_or_default(),
            currency: salary.known().map_or(Currency::Cop, |money| money.currency).code().to_owned(),
            started_on: employee.started_on.to_string(),
            ended_on: employee.ended_on.map(|day| day.to_string()).unwrap_or_default(),
            end_reason: employee.end_reason.clone().unwrap_or_default(),
            campaign: id(employee.campaign_id.map(|id| id.0)),
            supervisor: id(employee.supervisor_id.map(|id| id.0)),
            version: employee.version,
        }
    }

    /// # Errors
    /// What is wrong, field by field.
    pub fn check(&self, choices: &Choices) -> Result<EmployeeData, FieldErrors> {
        let mut errors = FieldErrors::default();
        let first_name = required(&mut errors, "first_name", &self.first_name, MAX_NAME);
        let last_name = required(&mut errors, "last_name", &self.last_name, MAX_NAME);
        let document = required(&mut errors, "document", &self.document, usize::MAX);
        if let Some(key) = refuse_document(&document) {
            errors.add("document", key);
        }
        let sex = SEXES.into_iter().find(|code| *code == self.sex);
        if sex.is_none() {
            errors.add("sex", "field.required");
        }
        let phone = optional(&mut errors, "phone", &self.phone, MAX_NAME);
        let email = self.email.trim().to_owned();
        if let Some(key) = refuse_email(&email).filter(|_| !email.is_empty()) {
            errors.add("email", key);
        }
        let profession = optional(&mut errors, "profession", &self.profession, MAX_TEXT);
        let campaign_id = chosen(&mut errors, "campaign", &self.campaign, &choices.campaigns);
        let supervisor_id = chosen(&mut errors, "supervisor", &self.supervisor, &choices.supervisors);
        let salary = self.check_salary(&mut errors);
        let started_on = day(&mut errors, "started_on", &self.started_on);
        if started_on.is_none() && self.started_on.trim().is_empty() {
            errors.add("started_on", "field.required");
        }
        let (ended_on, end_reason) = self.check_end(&mut errors, started_on);
        match (sex, started_on) {
            (Some(sex), Some(started_on)) if errors.0.is_empty() => Ok(EmployeeData {
                document,
                first_name,
                last_name,
                sex,
                phone,
                email,
                profession,
                salary,
                started_on,
                ended_on,
                end_reason,
                campaign_id,
                supervisor_id,
            }),
            _ => Err(errors),
        }
    }

    fn check_salary(&self, errors: &mut FieldErrors) -> Option<Money> {
        if self.salary.trim().is_empty() {
            return None;
        }
        let Some(currency) = Currency::from_code(&self.currency) else {
            errors.add("currency", "field.required");
            return None;
        };
        let salary = Money::parse(&self.salary, currency).filter(|money| money.minor <= MAX_SALARY);
        if salary.is_none() {
            errors.add("salary", "employees.salary.invalid");
        }
        salary
    }

    /// The last day and why: both or neither.
    fn check_end(
        &self,
        errors: &mut FieldErrors,
        started_on: Option<NaiveDate>,
    ) -> (Option<NaiveDate>, Option<&'static str>) {
        let ended_on = day(errors, "ended_on", &self.ended_on);
        if ended_on.zip(started_on).is_some_and(|(ended, started)| ended < started) {
            errors.add("ended_on", "employees.ended.before_start");
        }
        let end_reason = REASONS.into_iter().find(|code| *code == self.end_reason);
        match (self.ended_on.trim(), end_reason) {
            ("", Some(_)) => errors.add("ended_on", "employees.ended.missing"),
            (typed, None) if !typed.is_empty() => errors.add("end_reason", "employees.reason.missing"),
            _ => {}
        }
        (ended_on, end_reason)
    }
}

fn optional(errors: &mut FieldErrors, field: &'static str, typed: &str, most: usize) -> String {
    let text = typed.trim();
    if text.chars().count() > most {
        errors.add(field, "field.too_long");
    }
    text.to_owned()
}

fn required(errors: &mut FieldErrors, field: &'static str, typed: &str, most: usize) -> String {
    let text = optional(errors, field, typed, most);
    if text.is_empty() {
        errors.add(field, "field.required");
    }
    text
}

fn day(errors: &mut FieldErrors, field: &'static str, typed: &str) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let day = typed.trim().parse::<NaiveDate>().ok().filter(|day| YEARS.contains(&day.year()));
    if day.is_none() && !typed.trim().is_empty() {
        errors.add(field, "employees.day.invalid");
    }
    day
}

fn chosen<T: std::str::FromStr + PartialEq + Copy>(
    errors: &mut FieldErrors,
    field: &'static str,
    typed: &str,
    among: &[(T, String)],
) -> Option<T> {
    if typed.is_empty() {
        return None;
    }
    let id = typed.parse::<T>().ok().filter(|id| among.iter().any(|(other, _)| other == id));
    if id.is_none() {
        errors.add(field, "employees.choice.gone");
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> EmployeeForm {
        EmployeeForm {
            document: "1020304050".to_owned(),
            first_name: " Ana ".to_owned(),
            last_name: "Ruiz".to_owned(),
            sex: "2".to_owned(),
            salary: "$ 2.500.000".to_owned(),
            ..EmployeeForm::blank(NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day"))
        }
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        type Change = fn(&mut EmployeeForm);
        let cases: [(Change, &str, &str); 15] = [
            (|f| f.document = " ".to_owned(), "document", "field.required"),
            (|f| f.document = "10 20".to_owned(), "document", "field.document"),
            (|f| f.document = "1".repeat(31), "document", "field.too_long"),
            (|f| f.first_name = String::new(), "first_name", "field.required"),
            (|f| f.last_name = "ñ".repeat(51), "last_name", "field.too_long"),
            (|f| f.sex = "3".to_owned(), "sex", "field.required"),
            (|f| f.email = "ana".to_owned(), "email", "field.email"),
            (|f| f.profession = "p".repeat(101), "profession", "field.too_long"),
            (|f| f.salary = "2.5".to_owned(), "salary", "employees.salary.invalid"),
            (|f| f.salary = "100.000.000".to_owned(), "salary", "employees.salary.invalid"),
            (|f| f.started_on = String::new(), "started_on", "field.required"),
            (|f| f.started_on = "0026-11-22".to_owned(), "started_on", "employees.day.invalid"),
            (|f| f.end_reason = "periodo_prueba".to_owned(), "ended_on", "employees.ended.missing"),
            (|f| f.ended_on = "2026-12-01".to_owned(), "end_reason", "employees.reason.missing"),
            (|f| f.campaign = UserId::new().to_string(), "campaign", "employees.choice.gone"),
        ];
        for (change, field, key) in cases {
            let mut form = good();
            change(&mut form);
            assert_eq!(form.check(&Choices::default()).expect_err(field), FieldErrors::one(field, key));
        }
        let early =
            EmployeeForm { ended_on: "2026-11-22".to_owned(), end_reason: "periodo_prueba".to_owned(), ..good() };
        let errors = early.check(&Choices::default()).expect_err("before the first day");
        assert_eq!(errors, FieldErrors::one("ended_on", "employees.ended.before_start"));
    }

    #[test]
    fn what_is_right_comes_out_typed() {
        let campaign = CampaignId::new();
        let choices = Choices { campaigns: vec![(campaign, "Cartera".to_owned())], supervisors: Vec::new() };
        let form = EmployeeForm { campaign: campaign.to_string(), currency: "MXN".to_owned(), ..good() };
        let form = EmployeeForm { salary: "25,000.5".to_owned(), ..form };
        let data = form.check(&choices).expect("right");
        assert_eq!((&*data.first_name, data.sex, data.campaign_id), ("Ana", "2", Some(campaign)));
        assert_eq!(data.salary, Some(Money { minor: 2_500_050, currency: Currency::Mxn }));
    }
}
