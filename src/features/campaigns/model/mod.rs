//! What a campaign is, beyond its row: its calendar, and the national holidays that go into it.

mod calendar;
mod holidays;

pub use calendar::{Calendar, HolidayName, Hours, MAX_HOLIDAYS, Schedule, WEEK};
pub use holidays::{Country, YEARS};
