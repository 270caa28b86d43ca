//! Pages of the administration with believable and with extreme data.

use views::campaigns::{CalendarView, CampaignFormView, CampaignHead, DayView, HolidayView, MemberView, MembersView};

use views::audit_log::{AuditView, Change, EntryView, actions};
use views::live_status::{FigureView, InstanceView};
use views::settings::SettingsView;
use views::text::Locale;
use views::ui::{Address, FilterView, PagerView};

use super::{HOSTILE, at, id};

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

/// Entries known and unknown, with and without a difference.
pub fn audit(l: Locale) -> AuditView {
    let address = Address::new("/audit").with("who", HOSTILE);
    let change =
        |before: &str, after: &str| Change { field: HOSTILE.into(), before: before.into(), after: after.into() };
    let entry = |(n, action): (usize, &str)| EntryView {
        id: id(90 + n),
        at: at(9, n),
        actor: if n == 0 { String::new() } else { HOSTILE.into() },
        ip: "203.0.113.7".into(),
        action: action.into(),
        entity: if n == 1 { "campaign" } else { HOSTILE }.into(),
        target: HOSTILE.into(),
        entity_id: id(60),
        changes: vec![change("", "Uno"), change("Uno", "Dos"), change(HOSTILE, "")].into_iter().skip(3 - n).collect(),
    };
    AuditView {
        filters: vec![
            FilterView::search("who", "audit.search", HOSTILE),
            FilterView::choice("action", "audit.what", actions(l), ""),
        ],
        export: "/audit/export?who=x".into(),
        rows: [(0, "user.create"), (1, "campaign.update"), (2, HOSTILE)].into_iter().map(entry).collect(),
        pager: PagerView::keyset(None, Some(address.with("after", "1.2"))),
        address,
    }
}

/// An instance that lost its Redis and lags behind.
pub fn instance() -> InstanceView {
    let figure = |key, text: &str, is_bad| FigureView { key, text: text.into(), is_bad };
    InstanceView {
        id: id(61),
        name: "3f2a".into(),
        since: at(14, 32),
        redis: "down",
        tick: 7,
        head: vec![figure("sockets", "9840", false), figure("lag", "1.2 s", true)],
        rest: vec![figure("lag_max", "2.1 s", true), figure("behind", "140", true), figure("queued", "0", false)],
    }
}

/// Settings with something wrong in them.
pub fn settings() -> SettingsView {
    SettingsView {
        retention_months: HOSTILE.into(),
        roles: vec![("asesor".into(), false), ("administrador".into(), true)],
        version: 1,
        errors: vec![("retention_months".into(), "settings.retention.range".into())],
        saved: true,
    }
}
