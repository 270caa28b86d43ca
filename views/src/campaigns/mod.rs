//! Campaigns, for administrators: what each is, who is in it, when it works.

mod calendar;
mod form;
mod members;

use maud::{Markup, html};

use crate::admin::{self, AdminTab};
use crate::text::{Locale, t};
use crate::{paths, ui};

pub use calendar::{CalendarView, DayView, HolidayView, calendar_panel};
pub use form::{CampaignFormView, form_panel};
pub use members::{MemberView, MembersView, members_panel};

/// A page of one campaign.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum CampaignTab {
    /// What it is.
    #[default]
    Facts,
    /// Who is in it.
    Members,
    /// When it works.
    Calendar,
}

/// The top of each page of a campaign.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CampaignHead {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it gives anybody anything.
    pub is_active: bool,
    /// People in it.
    pub members: i64,
}

/// Whether a campaign, an employee or the like is active, in icon, colour and words.
pub fn state_tag(l: Locale, is_active: bool) -> Markup {
    html! {
        @if is_active { span.tag data-tone="success" { (ui::icon("circle-check")) (t(l, "state.active")) } }
        @else { span.tag data-tone="muted" { (ui::icon("circle-x")) (t(l, "state.inactive")) } }
    }
}

/// The administration's tabs, the campaign's name and its own tabs.
fn head(l: Locale, v: &CampaignHead, open: CampaignTab) -> Markup {
    let tab = |tab: CampaignTab, href: String, words: &str, count: Option<i64>| {
        html! {
            a href=(href) aria-current=[(tab == open).then_some("page")] {
                (words) @if let Some(n) = count { " " span.count.num { (n) } }
            }
        }
    };
    html! {
        (admin::tabs(l, AdminTab::Campaigns))
        header.page-head {
            a.icon-btn href=(paths::CAMPAIGNS) aria-label=(t(l, "campaigns.back")) title=(t(l, "campaigns.back")) { (ui::icon("arrow-left")) }
            h1 { (v.name) }
            (state_tag(l, v.is_active))
        }
        nav.tabs aria-label=(t(l, "campaigns.pages")) {
            (tab(CampaignTab::Facts, paths::campaign(&v.id), t(l, "campaigns.facts"), None))
            (tab(CampaignTab::Members, paths::campaign_members(&v.id), t(l, "campaigns.members"), Some(v.members)))
            (tab(CampaignTab::Calendar, paths::campaign_calendar(&v.id), t(l, "campaigns.calendar"), None))
        }
    }
}
