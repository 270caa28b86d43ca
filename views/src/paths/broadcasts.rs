//! Mass messages.

/// Mass messages; POST: sends one.
pub const BROADCASTS: &str = "/broadcasts";
/// The form of a mass message.
pub const BROADCASTS_NEW: &str = "/broadcasts/new";
/// POST: the last look before sending, or the form again.
pub const BROADCASTS_REVIEW: &str = "/broadcasts/review";
/// POST: whom it would reach.
pub const BROADCASTS_PREVIEW: &str = "/broadcasts/preview";
/// POST: people to choose from.
pub const BROADCASTS_PEOPLE: &str = "/broadcasts/people";

/// Mass messages that wait for their time.
pub fn broadcasts_scheduled() -> &'static str {
    "/broadcasts?state=scheduled"
}

/// The roll-call of a mass message.
pub fn broadcast(id: &str) -> String {
    format!("/broadcasts/{id}")
}

/// POST: the recipient confirms it.
pub fn broadcast_confirm(id: &str) -> String {
    format!("/broadcasts/{id}/confirm")
}

/// POST: opens the direct conversation with its sender.
pub fn broadcast_reply(id: &str) -> String {
    format!("/broadcasts/{id}/reply")
}

/// POST: reminds those who are missing.
pub fn broadcast_remind(id: &str) -> String {
    format!("/broadcasts/{id}/remind")
}

/// POST: takes back one that is scheduled.
pub fn broadcast_cancel(id: &str) -> String {
    format!("/broadcasts/{id}/cancel")
}

/// The roll-call as a spreadsheet.
pub fn broadcast_export(id: &str) -> String {
    format!("/broadcasts/{id}/export")
}
