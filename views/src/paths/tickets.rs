//! Tickets.

use super::FilePaths;

/// The list of tickets; POST: opens one.
pub const TICKETS: &str = "/tickets";
/// What the list shows, as a spreadsheet.
pub const TICKETS_EXPORT: &str = "/tickets/export";
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

/// POST: files for a ticket, or for one that is being written.
pub fn ticket_files(id: &str) -> String {
    format!("/tickets/{id}/files")
}

/// Files of tickets.
pub const TICKET_FILES: FilePaths =
    FilePaths { file: ticket_file, thumbnail: ticket_file_thumbnail, removal: ticket_file_removal };

/// One file of a ticket.
fn ticket_file(id: &str) -> String {
    format!("/tickets/files/{id}")
}

/// The small picture of a file of a ticket.
fn ticket_file_thumbnail(id: &str) -> String {
    format!("/tickets/files/{id}/thumbnail")
}

/// POST: takes back a file that is not sent.
fn ticket_file_removal(id: &str) -> String {
    format!("/tickets/files/{id}/removal")
}
