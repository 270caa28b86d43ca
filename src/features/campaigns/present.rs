//! Rows of campaigns → what screens show.

use maud::html;
use views::{
    campaigns::{CalendarView, CampaignFormView, CampaignHead, DayView, HolidayView, MemberView, state_tag},
    dom, paths,
    text::{Locale, t},
    ui::{Address, Column, FilterView, ListView, PagerView, TableRow, empty},
};

use super::{
    form::CampaignForm,
    model::{Calendar, Country, HolidayName, Hours, YEARS},
    queries::{Campaign, CampaignRow, MemberRow},
};
use crate::{auth::Module, error::FieldErrors, features::people};

/// What stands in the address of the list.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// What was typed.
    pub q: String,
    /// Code of a module, if chosen.
    pub module: String,
    /// `active` or `inactive`, if chosen.
    pub state: String,
}

/// The list's page.
pub fn list_view(l: Locale, filter: &ListFilter, rows: &[CampaignRow]) -> ListView {
    let modules = Module::ALL.map(|m| (m.code().to_owned(), t(l, &format!("module.{}", m.code())).to_owned()));
    let states = ["active", "inactive"].map(|s| (s.to_owned(), t(l, &format!("state.{s}")).to_owned()));
    let address =
        Address::new(paths::CAMPAIGNS).with("q", &filter.q).with("module", &filter.module).with("state", &filter.state);
    let nothing = t(l, "campaigns.none");
    ListView {
        title_key: "campaigns.title",
        total: Some(i64::try_from(rows.len()).unwrap_or(i64::MAX)),
        filters: vec![
            FilterView::search("q", "campaigns.search", &filter.q),
            FilterView::choice("module", "campaigns.module", modules, &filter.module),
            FilterView::choice("state", "campaigns.state", states, &filter.state),
        ],
        columns: vec![
            Column::words("campaigns.name"),
            Column::words("campaigns.code"),
            Column::words("campaigns.module"),
            Column::words("campaigns.zone"),
            Column::words("campaigns.currency"),
            Column::number("campaigns.members"),
            Column::words("campaigns.state"),
        ],
        rows: rows.iter().map(|row| table_row(l, row)).collect(),
        pager: PagerView::keyset(None, None),
        empty: empty("users", nothing, Some((paths::CAMPAIGN_NEW, t(l, "campaigns.new")))),
        address,
    }
}

fn table_row(l: Locale, row: &CampaignRow) -> TableRow {
    let id = row.id.to_string();
    TableRow {
        id: dom::campaign_row(&id),
        cells: vec![
            html! { a href=(paths::campaign(&id)) { (row.name) } },
            html! { span.num { (row.code) } },
            html! { (t(l, &format!("module.{}", row.module.code()))) },
            html! { (row.time_zone) },
            html! { (row.currency) },
            html! { a.num href=(paths::campaign_members(&id)) { (row.members) } },
            state_tag(l, row.is_active),
        ],
    }
}

/// The top of a campaign's pages.
pub fn head(campaign: &Campaign, members: i64) -> CampaignHead {
    CampaignHead { id: campaign.id.to_string(), name: campaign.name.clone(), is_active: campaign.is_active, members }
}

/// The form, as it was typed or stored.
pub fn form_view(head: Option<CampaignHead>, form: &CampaignForm, errors: &FieldErrors) -> CampaignFormView {
    CampaignFormView {
        head,
        code: form.code.clone(),
        name: form.name.clone(),
        description: form.description.clone(),
        module: form.module.clone(),
        time_zone: form.time_zone.clone(),
        currency: form.currency.clone(),
        version: form.version,
        zones: zones(),
        errors: errors.to_view(),
        saved: false,
    }
}

/// Zones to suggest: the Americas, where campaigns are, and UTC. Any other is taken as well.
fn zones() -> Vec<&'static str> {
    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    names.filter(|name| name.starts_with("America/") || *name == "UTC").collect()
}

/// A person in one of the two lists.
pub fn member_view(row: &MemberRow) -> MemberView {
    let known = [row.document.clone().unwrap_or_default(), row.email.clone()];
    MemberView {
        id: row.id.to_string(),
        name: format!("{} {}", row.first_name, row.last_name),
        detail: known.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
        role: row.role.code().to_owned(),
        is_active: row.is_active,
    }
}

/// What is stored as the calendar; the default when it cannot be understood.
pub fn calendar(campaign: &Campaign) -> Calendar {
    serde_json::from_value(campaign.calendar.clone()).unwrap_or_default()
}

/// The calendar's page of a stored calendar.
pub fn calendar_view(l: Locale, head: CampaignHead, campaign: &Campaign) -> CalendarView {
    let calendar = calendar(campaign);
    CalendarView {
        head,
        version: campaign.version,
        zone: campaign.time_zone.clone(),
        week: calendar.week.iter().map(|hours| day_view(*hours)).collect(),
        holidays: calendar
            .holidays
            .iter()
            .map(|(day, name)| HolidayView {
                day: day.to_string(),
                text: people::day_text(l, *day),
                name: match name {
                    HolidayName::Code(code) => t(l, &format!("holiday.{}", code.code())).to_owned(),
                    HolidayName::Own(name) => name.clone(),
                },
            })
            .collect(),
        countries: Country::ALL.map(Country::code).to_vec(),
        years: YEARS.collect(),
        ..CalendarView::default()
    }
}

fn day_view(hours: Option<Hours>) -> DayView {
    // A day that is opened starts with usual hours.
    let (from, to) = hours.map_or_else(|| ("08:00".to_owned(), "18:00".to_owned()), Hours::texts);
    DayView { is_open: hours.is_some(), from, to }
}
