//! When a campaign works: hours of each weekday in its zone, and holidays. Deadlines count working minutes alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Days, Duration, NaiveDate, NaiveTime, TimeZone as _, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::holidays::HolidayCode;

/// The days of a week, Monday first: the order of [`Hours`].
pub const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
/// Most holidays that a calendar holds: ten years of the longest national set.
pub const MAX_HOLIDAYS: usize = 200;
/// Minutes of a day; as an end, midnight.
const DAY: u16 = 24 * 60;
/// Days that a deadline is looked for; a campaign that works on none of them counts all hours from there on.
const LONGEST_WAIT: u64 = 366 * 2;

/// From when to when one works on a day, in minutes after midnight; the end is after the beginning, 1,440 at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u16, u16)", into = "(u16, u16)")]
pub struct Hours {
    from: u16,
    to: u16,
}

impl Hours {
    /// Hours of a day, if they are some: `to` is exclusive.
    pub fn new(from: u16, to: u16) -> Option<Self> {
        (from < to && to <= DAY).then_some(Self { from, to })
    }

    /// Of `HH:MM` texts, as a form sends them. An end of `00:00` is midnight.
    pub fn parse(from: &str, to: &str) -> Option<Self> {
        let to = minutes(to)?;
        Self::new(minutes(from)?, if to == 0 { DAY } else { to })
    }

    /// `08:00` and `18:00`, as a form shows them.
    pub fn texts(self) -> (String, String) {
        let text = |m: u16| format!("{:02}:{:02}", m / 60 % 24, m % 60);
        (text(self.from), text(self.to))
    }
}

impl TryFrom<(u16, u16)> for Hours {
    type Error = &'static str;
    fn try_from((from, to): (u16, u16)) -> Result<Self, &'static str> {
        Self::new(from, to).ok_or("hours end before they begin")
    }
}

impl From<Hours> for (u16, u16) {
    fn from(hours: Hours) -> Self {
        (hours.from, hours.to)
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    // Some browsers add seconds.
    let minute = minute.split(':').next()?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// What a holiday is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayName {
    /// A national one, named in the reader's language.
    Code(HolidayCode),
    /// One of the company's own, named by whoever added it.
    Own(String),
}

/// Working hours and holidays. Stored as the object that serde makes of it; `{}` is the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calendar {
    /// Hours of each day of `WEEK`; `None`: closed.
    pub week: [Option<Hours>; 7],
    /// Days on which nobody works, whatever the weekday says.
    pub holidays: BTreeMap<NaiveDate, HolidayName>,
}

impl Default for Calendar {
    /// Monday to Saturday, 8:00 to 18:00, no holidays.
    fn default() -> Self {
        let hours = Hours::new(8 * 60, 18 * 60);
        Self { week: [hours, hours, hours, hours, hours, hours, None], holidays: BTreeMap::new() }
    }
}

/// A calendar in a campaign's zone.
#[derive(Clone, Copy, Debug)]
pub struct Schedule<'a> {
    /// Hours and holidays.
    pub calendar: &'a Calendar,
    /// Where the clocks hang.
    pub zone: Tz,
}

impl Calendar {
    /// Hours of a day; `None` when it is closed or a holiday.
    pub fn hours_on(&self, day: NaiveDate) -> Option<Hours> {
        let hours = self.week[day.weekday().num_days_from_monday() as usize];
        hours.filter(|_| !self.holidays.contains_key(&day))
    }

    /// Adds holidays that are not in it yet; those that are keep their name. Answers how many were added.
    pub fn add_holidays(&mut self, days: impl IntoIterator<Item = (NaiveDate, HolidayCode)>) -> usize {
        let before = self.holidays.len();
        for (day, code) in days {
            self.holidays.entry(day).or_insert(HolidayName::Code(code));
        }
        self.holidays.len() - before
    }
}

impl Schedule<'_> {
    /// Whether one works at this instant.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        let day = at.with_timezone(&self.zone).date_naive();
        self.span(day).is_some_and(|(from, to)| from <= at && at < to)
    }

    /// Whole working minutes from one instant to a later one; 0 when it is not later.
    pub fn working_minutes_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        let last = to.with_timezone(&self.zone).date_naive();
        let mut day = from.with_timezone(&self.zone).date_naive();
        let mut worked = Duration::zero();
        while day <= last {
            if let Some((opens, closes)) = self.span(day) {
                worked += (closes.min(to) - opens.max(from)).max(Duration::zero());
            }
            let Some(next) = day.checked_add_days(Days::new(1)) else { break };
            day = next;
        }
        worked.num_minutes()
    }

    /// The instant at which so many working minutes after another one are over; the same instant for none.
    pub fn after(&self, from: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
        let mut left = Duration::minutes(minutes.max(0));
        if left.is_zero() {
            return from;
        }
        let first = from.with_timezone(&self.zone).date_naive();
        for n in 0..LONGEST_WAIT {
            let Some((opens, closes)) = first.checked_add_days(Days::new(n)).and_then(|day| self.span(day)) else {
                continue;
            };
            let begins = opens.max(from);
            let worked = (closes - begins).max(Duration::zero());
            if worked >= left {
                return begins + left;
            }
            left -= worked;
        }
        from + Duration::days(LONGEST_WAIT as i64) + left
    }

    /// The same instant of the day, so many working days later.
    pub fn days_after(&self, from: DateTime<Utc>, days: i64) -> DateTime<Utc> {
        let first = from.with_timezone(&self.zone).date_naive();
        let later = (1..LONGEST_WAIT).filter(|n| {
            let day = first.checked_add_days(Days::new(*n));
            day.is_some_and(|day| self.calendar.hours_on(day).is_some())
        });
        let n = later.take(usize::try_from(days).unwrap_or(0)).last().unwrap_or(0);
        from + Duration::days(i64::try_from(n).unwrap_or(0))
    }

    /// The working hours of a day as instants.
    fn span(&self, day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let hours = self.calendar.hours_on(day)?;
        Some((self.instant(day, hours.from)?, self.instant(day, hours.to)?))
    }

    /// When the clocks of the zone show a time. One that they skip in spring is an hour later; of one that they show
    /// twice in autumn, the first.
    fn instant(&self, day: NaiveDate, minute: u16) -> Option<DateTime<Utc>> {
        let midnight = day.and_time(NaiveTime::MIN);
        let shown = midnight + Duration::minutes(i64::from(minute));
        let local = self.zone.from_local_datetime(&shown).earliest();
        let local = local.or_else(|| self.zone.from_local_datetime(&(shown + Duration::hours(1))).earliest())?;
        Some(local.to_utc())
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::America::{Bogota, Mexico_City, New_York};

    use super::*;

    fn at(zone: Tz, text: &str) -> DateTime<Utc> {
        let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time");
        zone.from_local_datetime(&naive).earliest().expect("a time of the zone").to_utc()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_campaign_is_open_in_its_hours_alone() {
        let mut calendar = Calendar::default();
        calendar.holidays.insert(day("2026-12-08"), HolidayName::Own("fiesta".to_owned()));
        let cases = [
            (Bogota, "2026-11-23 08:00", true, "the first minute of a Monday"),
            (Bogota, "2026-11-23 07:59", false, "before it"),
            (Bogota, "2026-11-23 17:59", true, "the last minute"),
            (Bogota, "2026-11-23 18:00", false, "the end is not worked"),
            (Bogota, "2026-11-28 12:00", true, "Saturday"),
            (Bogota, "2026-11-29 12:00", false, "Sunday"),
            (Bogota, "2026-12-08 12:00", false, "a holiday"),
            (Mexico_City, "2026-11-23 08:00", true, "eight in Mexico is nine in Bogota"),
        ];
        for (zone, text, open, why) in cases {
            let schedule = Schedule { calendar: &calendar, zone };
            assert_eq!(schedule.is_open(at(zone, text)), open, "{text}: {why}");
        }
        let bogota = Schedule { calendar: &calendar, zone: Bogota };
        assert!(!bogota.is_open(at(Mexico_City, "2026-11-23 17:30")), "18:30 in Bogota");
    }

    #[test]
    fn a_deadline_falls_into_working_hours_and_agrees_with_the_minutes_between() {
        let mut calendar = Calendar::default();
        calendar.holidays.insert(day("2026-12-08"), HolidayName::Own("fiesta".to_owned()));
        let schedule = Schedule { calendar: &calendar, zone: Bogota };
        let cases = [
            ("2026-11-23 09:00", 60, "2026-11-23 10:00", "the same day"),
            ("2026-11-23 17:30", 60, "2026-11-24 08:30", "over night"),
            ("2026-11-28 17:00", 120, "2026-11-30 09:00", "over Sunday"),
            ("2026-12-07 17:00", 120, "2026-12-09 09:00", "over a holiday"),
            ("2026-11-23 05:00", 30, "2026-11-23 08:30", "begun before the doors open"),
            ("2026-11-23 17:00", 60, "2026-11-23 18:00", "at the end of a day"),
            ("2026-11-23 03:00", 0, "2026-11-23 03:00", "no time at all"),
        ];
        for (from, minutes, expected, why) in cases {
            let (from, end) = (at(Bogota, from), schedule.after(at(Bogota, from), minutes));
            assert_eq!(end, at(Bogota, expected), "{why}");
            assert_eq!(schedule.working_minutes_between(from, end), minutes, "{why}");
        }
        let closed = Calendar { week: [None; 7], ..Calendar::default() };
        let never = Schedule { calendar: &closed, zone: Bogota };
        assert!(never.after(at(Bogota, "2026-11-23 09:00"), 60) > at(Bogota, "2028-01-01 00:00"), "bounded");
    }

    #[test]
    fn working_minutes_leave_out_nights_sundays_and_holidays() {
        let mut calendar = Calendar::default();
        calendar.holidays.insert(day("2026-12-08"), HolidayName::Own("fiesta".to_owned()));
        let schedule = Schedule { calendar: &calendar, zone: Bogota };
        let cases = [
            ("2026-11-23 09:00", "2026-11-23 09:45", 45, "inside a day"),
            ("2026-11-23 17:30", "2026-11-24 08:30", 60, "over a night"),
            ("2026-11-28 17:00", "2026-11-30 09:00", 120, "over a Sunday"),
            ("2026-12-07 17:00", "2026-12-09 09:00", 120, "over a holiday"),
            ("2026-11-23 19:00", "2026-11-24 07:00", 0, "all night"),
            ("2026-11-24 09:00", "2026-11-23 09:00", 0, "backwards"),
            ("2026-11-23 00:00", "2026-11-30 00:00", 3_600, "a week of six days of ten hours"),
        ];
        for (from, to, minutes, why) in cases {
            let found = schedule.working_minutes_between(at(Bogota, from), at(Bogota, to));
            assert_eq!(found, minutes, "{from} to {to}: {why}");
        }
    }

    #[test]
    fn clocks_that_change_neither_lose_nor_double_a_day() {
        let all_day = Hours::parse("00:00", "00:00");
        let calendar = Calendar { week: [all_day; 7], holidays: BTreeMap::new() };
        let schedule = Schedule { calendar: &calendar, zone: New_York };
        let minutes = |from: &str, to: &str| schedule.working_minutes_between(at(New_York, from), at(New_York, to));
        assert_eq!(minutes("2026-03-08 00:00", "2026-03-09 00:00"), 23 * 60, "an hour is skipped");
        assert_eq!(minutes("2026-11-01 00:00", "2026-11-02 00:00"), 25 * 60, "an hour comes twice");
        let skipped = Calendar { week: [Hours::parse("02:30", "04:00"); 7], holidays: BTreeMap::new() };
        let schedule = Schedule { calendar: &skipped, zone: New_York };
        let span = (at(New_York, "2026-03-08 00:00"), at(New_York, "2026-03-09 00:00"));
        assert_eq!(schedule.working_minutes_between(span.0, span.1), 30, "2:30 is 3:30 that night");
    }

    #[test]
    fn hours_end_after_they_begin() {
        let cases = [
            ("08:00", "18:00", Some(("08:00", "18:00"))),
            ("08:00:00", "18:30:00", Some(("08:00", "18:30"))),
            ("22:00", "00:00", Some(("22:00", "00:00"))),
            ("18:00", "08:00", None),
            ("08:00", "08:00", None),
            ("24:00", "25:00", None),
            ("", "18:00", None),
            ("8", "18:00", None),
            ("08:60", "18:00", None),
        ];
        for (from, to, texts) in cases {
            let found = Hours::parse(from, to).map(Hours::texts);
            let texts = texts.map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(found, texts, "{from} {to}");
        }
    }

    #[test]
    fn adding_the_national_days_twice_adds_nothing_and_renames_nothing() {
        let mut calendar = Calendar::default();
        calendar.holidays.insert(day("2026-01-01"), HolidayName::Own("Inventario".to_owned()));
        let days = [(day("2026-01-01"), HolidayCode::NewYear), (day("2026-12-25"), HolidayCode::Christmas)];
        assert_eq!(calendar.add_holidays(days), 1);
        assert_eq!(calendar.add_holidays(days), 0);
        assert_eq!(calendar.holidays[&day("2026-01-01")], HolidayName::Own("Inventario".to_owned()));
    }
}
