//! Pages of the administration with believable and with extreme data.

use views::campaigns::{CalendarView, CampaignFormView, CampaignHead, DayView, HolidayView, MemberView, MembersView};

use super::{HOSTILE, id};

fn head() -> CampaignHead {
    CampaignHead { id: id(60), name: HOSTILE.into(), is_active: true, members: 41 }
}

/// The form of a new campaign with everything wrong.
pub fn new_campaign() -> CampaignFormView {
    let wrong = |field: &str, key: &str| (field.to_owned(), key.to_owned());
    CampaignFormView {
        code: "car y sol".into(),
        time_zone: "America/Macondo".into(),
        zones: vec!["America/Bogota", "America/Mexico_City"],
        errors: vec![
            wrong("name", "field.required"),
            wrong("code", "campaigns.code.invalid"),
            wrong("module", "field.required"),
            wrong("time_zone", "campaigns.zone.unknown"),
        ],
        ..CampaignFormView::default()
    }
}

/// A campaign as it is stored.
pub fn campaign() -> CampaignFormView {
    CampaignFormView {
        head: Some(head()),
        code: "carysol".into(),
        name: HOSTILE.into(),
        description: HOSTILE.into(),
        module: "core".into(),
        time_zone: "America/Bogota".into(),
        currency: "COP".into(),
        version: 3,
        saved: true,
        ..CampaignFormView::default()
    }
}

fn people(from: usize) -> Vec<MemberView> {
    let names = ["Ana Beltrán", HOSTILE, "Luis Cárdenas"];
    let person = |(n, name): (usize, &str)| MemberView {
        id: id(from + n),
        name: name.into(),
        detail: "1020304050 · ana@ejemplo.com".into(),
        role: "asesor".into(),
        is_active: n != 2,
    };
    names.into_iter().enumerate().map(person).collect()
}

/// Members and people to add.
pub fn members() -> MembersView {
    MembersView {
        head: head(),
        members: people(70),
        next: Some("/campaigns/x/members?after=luis&after_id=1".into()),
        is_first: true,
        outsiders: people(80),
        more_outsiders: true,
        added: Some(2),
        ..MembersView::default()
    }
}

/// Nobody in either list.
pub fn nobody() -> MembersView {
    let head = CampaignHead { is_active: false, members: 0, ..head() };
    MembersView { head, add_query: HOSTILE.into(), is_first: true, removed: Some(1), ..MembersView::default() }
}

/// A calendar with something wrong in it.
pub fn calendar() -> CalendarView {
    let day = |n| DayView { is_open: n < 6, from: "08:00".into(), to: "18:00".into() };
    let holiday =
        |(day, name): (&str, &str)| HolidayView { day: day.into(), text: "25 dic 2026".into(), name: name.into() };
    CalendarView {
        head: head(),
        version: 3,
        zone: "America/Bogota".into(),
        week: (0..7).map(day).collect(),
        holidays: [("2026-12-25", "Navidad"), ("2026-12-31", HOSTILE)].into_iter().map(holiday).collect(),
        countries: vec!["co", "mx"],
        years: vec![2026, 2027],
        errors: vec![
            ("day3".into(), "calendar.hours.invalid".into()),
            ("day".into(), "field.required".into()),
            ("name".into(), "field.required".into()),
        ],
        added: Some(18),
        ..CalendarView::default()
    }
}
