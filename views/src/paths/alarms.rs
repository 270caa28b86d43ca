//! Alarms.

/// One's own alarms.
pub const ALARMS: &str = "/alarms";

/// POST: the person knows.
pub fn alarm_acknowledge(id: &str) -> String {
    format!("/alarms/{id}/acknowledge")
}

/// POST: puts it off.
pub fn alarm_snooze(id: &str) -> String {
    format!("/alarms/{id}/snooze")
}
