//! Tickets.

/// The list of tickets; POST: opens one.
pub const TICKETS: &str = "/tickets";
/// The form of a new ticket.
pub const TICKET_NEW: &str = "/tickets/new";

/// A ticket.
pub fn ticket(id: &str) -> String {
    format!("/tickets/{id}")
}

/// A ticket by what people say: leads to it.
pub fn ticket_number(number: i64) -> String {
    format!("/tickets/n/{number}")
}

/// POST: says something in it.
pub fn ticket_comments(id: &str) -> String {
    format!("/tickets/{id}/comments")
}

/// POST: takes it to another state.
pub fn ticket_state(id: &str) -> String {
    format!("/tickets/{id}/state")
}

/// POST: gives it to somebody.
pub fn ticket_assignment(id: &str) -> String {
    format!("/tickets/{id}/assignment")
}

/// POST: changes priority, kind and application.
pub fn ticket_class(id: &str) -> String {
    format!("/tickets/{id}/class")
}

/// What came before in its timeline.
pub fn ticket_before(id: &str, number: i64) -> String {
    format!("/tickets/{id}?before={number}")
}
