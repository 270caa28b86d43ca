//! What somebody earns: sealed before it reaches the database, opened for administrators alone.

use anyhow::Context as _;

use super::queries::Employee;
use crate::{
    auth::secret::{self, Purpose},
    error::AppResult,
    ids::EmployeeId,
    money::{Currency, Money},
};

/// What is known of a salary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Salary {
    /// Nothing.
    Unknown,
    /// The amount.
    Known(Money),
    /// There is one, sealed with another `SECRET_KEY`.
    Unreadable,
}

impl Salary {
    /// Opens what is stored.
    pub fn of(secret: &str, employee: &Employee) -> Self {
        let Some(sealed) = &employee.salary_sealed else { return Self::Unknown };
        match open(secret, employee.id, sealed) {
            Ok(money) => Self::Known(money),
            Err(error) => {
                tracing::warn!(employee = %employee.id, %error, "cannot read a salary");
                Self::Unreadable
            }
        }
    }

    /// The amount, when it can be read.
    pub fn known(self) -> Option<Money> {
        if let Self::Known(money) = self { Some(money) } else { None }
    }
}

/// What to store for `typed`: the same bytes when nothing changed, and what cannot be read stays until another amount
/// is typed.
///
/// # Errors
/// The cipher refused.
pub fn sealed(
    secret: &str,
    id: EmployeeId,
    typed: Option<Money>,
    before: Option<&Employee>,
) -> AppResult<Option<String>> {
    let was = before.map_or(Salary::Unknown, |employee| Salary::of(secret, employee));
    let kept = || before.and_then(|employee| employee.salary_sealed.clone());
    match (typed, was) {
        (None, Salary::Unreadable) => Ok(kept()),
        (None, _) => Ok(None),
        (Some(typed), Salary::Known(was)) if typed == was => Ok(kept()),
        (Some(typed), _) => {
            let plain = format!("{} {}", typed.minor, typed.currency.code());
            Ok(Some(secret::seal(secret, Purpose::Salary, id.0, plain.as_bytes())?))
        }
    }
}

fn open(secret: &str, id: EmployeeId, sealed: &str) -> anyhow::Result<Money> {
    let plain = String::from_utf8(secret::open(secret, Purpose::Salary, id.0, sealed)?)?;
    let (minor, code) = plain.split_once(' ').context("no amount with its currency")?;
    let currency = Currency::from_code(code).context("a currency of ours")?;
    Ok(Money { minor: minor.parse()?, currency })
}
