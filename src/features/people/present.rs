//! Rows of people and instants → what screens show.

use chrono::{DateTime, Datelike as _, SecondsFormat, Utc};
use chrono_tz::Tz;
use views::{
    presence::{PersonView, Presence},
    text::{Locale, t},
    time::TimeView,
};

use super::PersonRow;
use crate::{auth::CurrentUser, live::presence::Directory};

/// Where nothing else says so, days begin and end in Bogota (domain: README, section 6).
pub const DEFAULT_ZONE: Tz = chrono_tz::America::Bogota;
const MONTHS: [&str; 12] = [
    "month.1", "month.2", "month.3", "month.4", "month.5", "month.6", "month.7", "month.8", "month.9", "month.10",
    "month.11", "month.12",
];

/// A person with their dot: offline unless connected.
pub fn person_view(person: &PersonRow, directory: &Directory) -> PersonView {
    let state = Presence::from_code(&person.state).unwrap_or_default();
    let presence = if directory.is_online(person.id.0) { state } else { Presence::Offline };
    let first = |name: &str| name.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    PersonView {
        id: person.id.to_string(),
        name: format!("{} {}", person.first_name, person.last_name),
        initials: format!("{}{}", first(&person.first_name), first(&person.last_name)),
        role: person.role.code().to_owned(),
        photo_version: person.photo_version,
        presence,
    }
}

/// The person behind the request, as lists name them. The state is not known here: one's own dot shows in the menu.
pub fn me_view(user: &CurrentUser, directory: &Directory) -> PersonView {
    let row = PersonRow {
        id: user.id,
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        role: user.role,
        photo_version: user.photo_version,
        state: Presence::Available.code().to_owned(),
    };
    person_view(&row, directory)
}

/// An instant in the default zone.
pub fn local_time(l: Locale, at: DateTime<Utc>) -> TimeView {
    zone_time(l, at, DEFAULT_ZONE)
}

/// An instant in a campaign's zone: `14:32`, and in full `22 nov 2026, 14:32`.
pub fn zone_time(l: Locale, at: DateTime<Utc>, zone: Tz) -> TimeView {
    let local = at.with_timezone(&zone);
    let text = local.format("%H:%M").to_string();
    let long = format!("{}, {text}", day_text(l, local.date_naive()));
    let month = MONTHS.get(local.month0() as usize).copied().unwrap_or_default();
    let day = format!("{} {}", local.day(), t(l, month));
    TimeView { iso: at.to_rfc3339_opts(SecondsFormat::Millis, true), text, day, long }
}

/// `22 nov 2026`.
pub fn day_text(l: Locale, day: chrono::NaiveDate) -> String {
    let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    format!("{} {} {}", day.day(), t(l, month), day.year())
}

/// The instant at which a day begins in the default zone.
pub fn local_midnight(day: chrono::NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(chrono::NaiveTime::MIN).and_local_timezone(DEFAULT_ZONE);
    midnight.earliest().map(|at| at.with_timezone(&Utc))
}

/// The day of an instant in the default zone.
pub fn local_day(at: DateTime<Utc>) -> chrono::NaiveDate {
    at.with_timezone(&DEFAULT_ZONE).date_naive()
}

/// The instant of a local time in the default zone.
pub fn local_instant(local: chrono::NaiveDateTime) -> Option<DateTime<Utc>> {
    local.and_local_timezone(DEFAULT_ZONE).earliest().map(|at| at.with_timezone(&Utc))
}
