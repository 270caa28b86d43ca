//! The administration: people, campaigns, audit, settings.

/// Accounts, for administrators.
pub const PEOPLE: &str = "/people";
/// Campaigns, for administrators; POST: a new one.
pub const CAMPAIGNS: &str = "/campaigns";
/// The form of a new campaign.
pub const CAMPAIGN_NEW: &str = "/campaigns/new";
/// Employees, for administrators; POST: a new one.
pub const EMPLOYEES: &str = "/employees";
/// The form of a new employee.
pub const EMPLOYEE_NEW: &str = "/employees/new";
/// The employees that a list shows, as a spreadsheet.
pub const EMPLOYEES_EXPORT: &str = "/employees/export";
/// The form of a new user.
pub const PEOPLE_NEW: &str = "/people/new";
/// The audit log.
pub const AUDIT: &str = "/audit";
/// The audit log as a spreadsheet.
pub const AUDIT_EXPORT: &str = "/audit/export";
/// How the live engine does.
pub const LIVE_STATUS: &str = "/live-status";
/// What holds for the whole system; POST: changes it.
pub const SETTINGS: &str = "/settings";
/// The form that takes a file of people, and its POST.
pub const PEOPLE_IMPORT: &str = "/people/import";
/// An empty file with the right heads.
pub const PEOPLE_TEMPLATE: &str = "/people/import/template";

/// A campaign; POST: changes it.
pub fn campaign(id: &str) -> String {
    format!("/campaigns/{id}")
}

/// POST: opens or closes a campaign.
pub fn campaign_state(id: &str) -> String {
    format!("/campaigns/{id}/state")
}

/// Who is in a campaign; POST: adds people.
pub fn campaign_members(id: &str) -> String {
    format!("/campaigns/{id}/members")
}

/// POST: takes people out of a campaign.
pub fn campaign_removal(id: &str) -> String {
    format!("/campaigns/{id}/members/removal")
}

/// When a campaign works; POST: sets its hours.
pub fn campaign_calendar(id: &str) -> String {
    format!("/campaigns/{id}/calendar")
}

/// POST: adds holidays.
pub fn campaign_holidays(id: &str) -> String {
    format!("/campaigns/{id}/holidays")
}

/// POST: takes holidays out.
pub fn campaign_holiday_removal(id: &str) -> String {
    format!("/campaigns/{id}/holidays/removal")
}

/// A user: detail, and the POST that changes it.
pub fn user(id: &str) -> String {
    format!("/people/{id}")
}

/// A person's photo; another version is another address, so that browsers may keep it.
pub fn photo(id: &str, version: i64) -> String {
    format!("/people/{id}/photo?v={version}")
}

/// POST: lets a user sign in, or no longer.
pub fn user_state(id: &str) -> String {
    format!("/people/{id}/state")
}

/// POST: forgets a user's wrong passwords.
pub fn user_lock(id: &str) -> String {
    format!("/people/{id}/lock")
}

/// POST: ends one session of a user, or all.
pub fn user_sessions(id: &str) -> String {
    format!("/people/{id}/sessions")
}

/// POST: makes a user choose a new password.
pub fn user_reset(id: &str) -> String {
    format!("/people/{id}/reset")
}

/// POST: invites a user again, or takes the invitation back.
pub fn user_invitation(id: &str) -> String {
    format!("/people/{id}/invitation")
}

/// The page of an invitation's link, and its POST.
pub fn invitation(token: &str) -> String {
    format!("/invitation/{token}")
}

/// POST: takes a person's second factor away, for who lost it.
pub fn reset_factor(id: &str) -> String {
    format!("/people/{id}/two-factor")
}

/// What came of a file of people; POST: imports its good rows.
pub fn people_import(id: &str) -> String {
    format!("/people/import/{id}")
}

/// The bad rows of a file with their reasons, to take away.
pub fn people_import_report(id: &str) -> String {
    format!("/people/import/{id}/report")
}

/// POST: links for who was imported and still waits.
pub fn people_import_links(id: &str) -> String {
    format!("/people/import/{id}/links")
}

/// An employee; POST: changes what is known.
pub fn employee(id: &str) -> String {
    format!("/employees/{id}")
}
