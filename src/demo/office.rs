//! What administrators did over the last weeks: entries for the audit page, and calendars with their holidays.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{Dice, floor::Member};
use crate::{
    audit::{self, Entry},
    auth::Role,
    db::Tx,
    features::campaigns::{Calendar, Country},
};

/// Weeks of history.
const WEEKS: i64 = 6;
/// Addresses of the two offices.
const ADDRESSES: [&str; 2] = ["190.24.56.18", "187.141.77.9"];

/// The calendar of a campaign in a zone: usual hours, and the national holidays of three years.
pub fn calendar(zone: &str) -> Value {
    let country = if zone == "America/Mexico_City" { Country::Mexico } else { Country::Colombia };
    let mut calendar = Calendar::default();
    calendar.add_holidays((2026..=2028).flat_map(|year| country.holidays(year)));
    serde_json::to_value(calendar).unwrap_or_else(|_| json!({}))
}

/// Inserts the entries, the oldest first.
pub async fn insert(tx: &mut Tx, staff: &[Member], now: DateTime<Utc>) -> anyhow::Result<()> {
    let administrators: Vec<_> = staff.iter().filter(|m| m.role == Role::Administrador).collect();
    let agents: Vec<_> = staff.iter().filter(|m| m.role == Role::Asesor).collect();
    let mut dice = Dice::new(77);
    for day in (1..=WEEKS * 7).rev() {
        for n in 0..3 {
            let (Some(actor), ip) = (administrators.get(n % 2), *dice.pick(&ADDRESSES)) else { continue };
            let agent = dice.pick(&agents);
            // The office opens at 13:00 in Greenwich, 8:00 in Bogota.
            let midnight = (now - Duration::days(day)).date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
            let at = midnight + Duration::hours(13) + Duration::minutes(i64::try_from(dice.roll(540))?);
            let (on, off) = (json!({ "is_active": true }), json!({ "is_active": false }));
            let (action, before, after) = match dice.roll(5) {
                // Who stood still for an hour works again today.
                0 | 1 => {
                    let entry = Entry::new(Some(actor.id), ip, "user.disable", "app_user", agent.id.0);
                    audit::record(tx, entry.before(on.clone()).after(off.clone()), at - Duration::hours(1)).await?;
                    ("user.enable", off, on)
                }
                2 => ("user.unlock", json!({}), json!({})),
                3 => ("user.sessions", json!({}), json!({})),
                _ => (
                    "user.update",
                    json!({ "greta_user": "" }),
                    json!({ "greta_user": format!("GRETA_{}", dice.roll(900)) }),
                ),
            };
            let entry = Entry::new(Some(actor.id), ip, action, "app_user", agent.id.0);
            audit::record(tx, entry.before(before).after(after), at).await?;
        }
    }
    Ok(())
}
