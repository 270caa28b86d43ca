//! When a campaign works: hours of the week, holidays.

use maud::{Markup, html};

use super::{CampaignHead, CampaignTab, head};
use crate::text::{Locale, plural, t};
use crate::ui::{self, Tone, error_for};
use crate::{dom, paths};

/// A weekday's hours as the form shows them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DayView {
    /// Whether one works on it.
    pub is_open: bool,
    /// `08:00`.
    pub from: String,
    /// `18:00`; `00:00` is midnight.
    pub to: String,
}

/// A holiday.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HolidayView {
    /// `2026-12-25`.
    pub day: String,
    /// `25 dic 2026`.
    pub text: String,
    /// Its name in the reader's language, or as it was typed.
    pub name: String,
}

/// What the calendar's page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CalendarView {
    /// The campaign.
    pub head: CampaignHead,
    /// The version that it was drawn from.
    pub version: i64,
    /// IANA name of the zone in which the hours hold.
    pub zone: String,
    /// Monday to Sunday.
    pub week: Vec<DayView>,
    /// In the order of the calendar.
    pub holidays: Vec<HolidayView>,
    /// What was typed for a holiday: day and name.
    pub typed: (String, String),
    /// Countries by code, and years, of which the national holidays can be added.
    pub countries: Vec<&'static str>,
    /// See `countries`.
    pub years: Vec<i32>,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// Whether it was just saved.
    pub saved: bool,
    /// How many holidays were just added.
    pub added: Option<i64>,
}

/// The calendar's page.
pub fn calendar_panel(l: Locale, v: &CalendarView) -> Markup {
    html! {
        (head(l, &v.head, CampaignTab::Calendar))
        @if v.saved { (ui::notice(Tone::Success, t(l, "calendar.saved"))) }
        @if let Some(n) = v.added { (ui::notice(Tone::Success, &plural(l, "calendar.added", n))) }
        div.two-lists {
            section aria-labelledby="calendar-hours" {
                h2 id="calendar-hours" { (t(l, "calendar.hours")) }
                p.quiet { (t(l, "calendar.zone")) " " (v.zone) }
                (hours(l, v))
            }
            section aria-labelledby="calendar-holidays" {
                h2 id="calendar-holidays" { (t(l, "calendar.holidays")) " " span.count.num { (v.holidays.len()) } }
                (add_national(l, v))
                (add_own(l, v))
                (holidays(l, v))
            }
        }
    }
}

fn hours(l: Locale, v: &CalendarView) -> Markup {
    html! {
        form.stack method="post" action=(paths::campaign_calendar(&v.head.id)) {
            input type="hidden" name="version" value=(v.version);
            ul.rows.week {
                @for (n, day) in (1..).zip(&v.week) {
                    @let name = t(l, &format!("weekday.{n}"));
                    @let error = error_for(&v.errors, &format!("day{n}"));
                    @let error_id = format!("day{n}-error");
                    li {
                        (ui::tick(&format!("open{n}"), "1", day.is_open, name))
                        div.week-hours {
                            (hour(&format!("from{n}"), &day.from, &format!("{name}: {}", t(l, "calendar.from")), error.map(|_| &*error_id)))
                            span aria-hidden="true" { "–" }
                            (hour(&format!("to{n}"), &day.to, &format!("{name}: {}", t(l, "calendar.to")), error.map(|_| &*error_id)))
                        }
                        @if let Some(key) = error { p.field-error id=(error_id) { (t(l, key)) } }
                    }
                }
            }
            @if let Some(key) = error_for(&v.errors, "week") { p.field-error { (t(l, key)) } }
            p.field-help { (t(l, "calendar.midnight")) }
            div.actions { (ui::submit(t(l, "calendar.save"))) }
        }
    }
}

fn hour(name: &str, value: &str, label: &str, error_id: Option<&str>) -> Markup {
    html! {
        label.visually-hidden for=(name) { (label) }
        input.form-control.is-invalid[error_id.is_some()] id=(name) type="time" name=(name) value=(value) aria-describedby=[error_id];
    }
}

/// Adds a country's holidays of a year; those that are there stay as they are.
fn add_national(l: Locale, v: &CalendarView) -> Markup {
    html! {
        form.inline-form method="post" action=(paths::campaign_holidays(&v.head.id)) {
            input type="hidden" name="version" value=(v.version);
            div.field {
                label.form-label for="holiday-country" { (t(l, "calendar.national")) }
                select.form-control id="holiday-country" name="country" {
                    @for country in &v.countries { option value=(country) { (t(l, &format!("country.{country}"))) } }
                }
            }
            div.field {
                label.form-label for="holiday-year" { (t(l, "calendar.year")) }
                select.form-control id="holiday-year" name="year" { @for year in &v.years { option value=(year) { (year) } } }
            }
            button.btn type="submit" { (t(l, "calendar.national.button")) }
        }
    }
}

/// Adds one day with a name of one's own.
fn add_own(l: Locale, v: &CalendarView) -> Markup {
    let (day, name) = (error_for(&v.errors, "day"), error_for(&v.errors, "name"));
    html! {
        form.inline-form method="post" action=(paths::campaign_holidays(&v.head.id)) {
            input type="hidden" name="version" value=(v.version);
            div.field {
                label.form-label for="holiday-day" { (t(l, "calendar.own")) }
                input.form-control.is-invalid[day.is_some()] id="holiday-day" type="date" name="day" value=(v.typed.0)
                    aria-describedby=[day.map(|_| "holiday-day-error")];
                @if let Some(key) = day { p.field-error id="holiday-day-error" { (t(l, key)) } }
            }
            div.field {
                label.form-label for="holiday-name" { (t(l, "calendar.own.name")) }
                input.form-control.is-invalid[name.is_some()] id="holiday-name" type="text" name="name" value=(v.typed.1) maxlength="80"
                    autocomplete="off" aria-describedby=[name.map(|_| "holiday-name-error")];
                @if let Some(key) = name { p.field-error id="holiday-name-error" { (t(l, key)) } }
            }
            button.btn type="submit" { (t(l, "calendar.own.button")) }
        }
    }
}

fn holidays(l: Locale, v: &CalendarView) -> Markup {
    html! {
        div id=(dom::holidays().id()) {
            @if v.holidays.is_empty() { (ui::empty("calendar", t(l, "calendar.none"), None)) }
            @else {
                form method="post" action=(paths::campaign_holiday_removal(&v.head.id)) {
                    input type="hidden" name="version" value=(v.version);
                    ul.rows.tick-rows {
                        @for holiday in &v.holidays {
                            li {
                                label.tick-row {
                                    input type="checkbox" name="day" value=(holiday.day);
                                    span.num.holiday-day { (holiday.text) }
                                    span.row-main { span.clip { (holiday.name) } }
                                }
                            }
                        }
                    }
                    div.list-actions { button.btn type="submit" { (t(l, "calendar.remove")) } }
                }
            }
        }
    }
}
