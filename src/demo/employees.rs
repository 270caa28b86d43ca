//! Everybody's personnel file: who works here, and some who no longer do.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sqlx::FromRow;

use super::{Dice, names};
use crate::{
    auth::Role,
    db::{DbResult, Tx},
    features::employees::{self, EmployeeData, REASONS, State},
    fold::fold,
    ids::{CampaignId, EmployeeId, UserId},
    money::{Currency, Money},
    sql,
};

/// How many left over the last year and have no account any more.
const LEFT: usize = 9;
/// What agents learnt.
const PROFESSIONS: [&str; 5] =
    ["Bachiller", "Técnico en Sistemas", "Tecnóloga en Mercadeo", "Técnica Contable", "Administración de Empresas"];

/// An account, as a personnel file needs it.
#[derive(FromRow)]
struct Account {
    document: String,
    first_name: String,
    last_name: String,
    email: String,
    role: Role,
    campaign_id: Option<CampaignId>,
    currency: Option<String>,
    supervisor_id: Option<UserId>,
}

/// Inserts a file for each account, and those of people who left.
pub async fn insert(tx: &mut Tx, secret: &str, now: DateTime<Utc>) -> anyhow::Result<()> {
    let (accounts, mut dice) = (accounts(tx).await?, Dice::new(4));
    let today = now.date_naive();
    for account in &accounts {
        let data = EmployeeData {
            document: account.document.clone(),
            first_name: account.first_name.clone(),
            last_name: account.last_name.clone(),
            email: account.email.clone(),
            salary: Some(salary(account, &mut dice)),
            campaign_id: account.campaign_id,
            supervisor_id: account.supervisor_id,
            ..file(&account.first_name, today, &mut dice)
        };
        hire(tx, secret, &data, State::Active, now).await?;
    }
    for n in 0..LEFT {
        let (first, last) = (dice.pick(&names::FIRST), dice.pick(&names::LAST));
        let was = dice.pick(&accounts);
        let data = EmployeeData {
            document: format!("10{:08}", 19_112_233 + n * 6_133),
            first_name: (*first).to_owned(),
            last_name: (*last).to_owned(),
            email: fold(&format!("{first}.{last}@correo.example")),
            ended_on: Some(today - Duration::days(i64::try_from(3 + dice.roll(90))?)),
            end_reason: Some(REASONS[n % REASONS.len()]),
            campaign_id: was.campaign_id,
            supervisor_id: was.supervisor_id,
            ..file(first, today - Duration::days(100), &mut dice)
        };
        hire(tx, secret, &data, State::Inactive, now).await?;
    }
    Ok(())
}

/// What a file says of anybody, hired before `until`.
fn file(first_name: &str, until: NaiveDate, dice: &mut Dice) -> EmployeeData {
    let is_woman = first_name.ends_with('a') || first_name == "Beatriz";
    let days = i64::try_from(dice.roll(1_200)).unwrap_or_default();
    EmployeeData {
        document: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        sex: if is_woman { "2" } else { "1" },
        phone: format!("3{:02} 555 {:04}", dice.roll(50), dice.roll(10_000)),
        email: String::new(),
        profession: (*dice.pick(&PROFESSIONS)).to_owned(),
        salary: None,
        started_on: until - Duration::days(20 + days),
        ended_on: None,
        end_reason: None,
        campaign_id: None,
        supervisor_id: None,
    }
}

/// A month's pay in the campaign's currency, in steps that payrolls have.
fn salary(account: &Account, dice: &mut Dice) -> Money {
    let rank = if account.role == Role::Asesor { 1 } else { 2 };
    let step = i64::try_from(dice.roll(6)).unwrap_or_default();
    match account.currency.as_deref().and_then(Currency::from_code) {
        Some(Currency::Mxn) => Money { minor: rank * (9_500 + step * 400) * 100, currency: Currency::Mxn },
        _ => Money { minor: rank * (1_430_000 + step * 85_000) * 100, currency: Currency::Cop },
    }
}

async fn hire(tx: &mut Tx, secret: &str, data: &EmployeeData, state: State, now: DateTime<Utc>) -> anyhow::Result<()> {
    let id = EmployeeId::new();
    let sealed = employees::sealed_salary(secret, id, data.salary, None)?;
    employees::insert(tx, id, data, (state, sealed), now).await?;
    Ok(())
}

/// Who can be signed in as, with one of their campaigns and who leads it.
async fn accounts(tx: &mut Tx) -> DbResult<Vec<Account>> {
    tx.all(sql!(
        "select u.document, u.first_name, u.last_name, u.email, u.role, c.id as campaign_id, c.currency, \
            (select s.id from app_user s join membership m on m.user_id = s.id where m.campaign_id = c.id \
               and s.role = 'supervisor' and s.is_active and s.id <> u.id order by s.email limit 1) as supervisor_id \
         from app_user u left join campaign c on c.id = (select m.campaign_id from membership m \
            join campaign of_m on of_m.id = m.campaign_id where m.user_id = u.id order by of_m.code limit 1) \
         where u.is_active and u.document is not null order by u.email"
    ))
    .await
}
