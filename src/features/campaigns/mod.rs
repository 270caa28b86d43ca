//! Campaigns as administrators keep them: what each is, who is in it, when it works. A campaign gives its members one
//! module, so whoever is taken out, or whose campaign is closed, loses it at once on every screen.
//!
//! [`Calendar`] and [`Schedule`] answer when a campaign works, for whoever counts deadlines.

mod form;
mod model;
mod present;
mod queries;
mod routes;

pub use model::{Calendar, Country, HolidayName, Hours, Schedule};
pub use queries::{
    Campaign, CampaignData, CampaignFilter, CampaignRow, MemberRow, active_members, add_members, choices,
    count_members, find, find_in, hours_of, insert, list, list_members, list_outsiders, remove_members, set_active,
    set_calendar, update,
};
pub use routes::routes;
