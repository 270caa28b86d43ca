//! Tickets.

use super::FilePaths;

/// The list of tickets; POST: opens one.
pub const TICKETS: &str = "/tickets";
/// What the list shows, as a spreadsheet.
pub const TICKETS_EXPORT: &str = "/tickets/export";
/// POST: changes several of the list.
pub const TICKETS_BULK: &str = "/tickets/bulk";
/// POST: keeps a filter of the list under a name.
pub const TICKET_VIEWS: &str = "/tickets/views";
/// The form of a new ticket.
pub const TICKET_NEW: &str = "/tickets/new";

/// Canned answers; POST: a new one.
pub const TICKET_MACROS: &str = "/tickets/macros";
/// The form of a new canned answer.
pub const TICKET_MACRO_NEW: &str = "/tickets/macros/new";

/// A canned answer; POST: changes it.
pub fn ticket_macro(id: &str) -> String {
    format!("/tickets/macros/{id}")
}

/// POST: retires it, or offers it again.
pub fn ticket_macro_state(id: &str) -> String {
    format!("/tickets/macros/{id}/state")
}

/// POST: puts a canned answer into what is being written.
pub fn ticket_insert(id: &str) -> String {
    format!("/tickets/{id}/macro")
}
/// Tickets in columns, one a state.
pub const TICKET_BOARD: &str = "/tickets/board";
/// Who serves tickets, and what is promised: for administrators.
pub const TICKET_SERVICE: &str = "/ticket-service";
/// POST: promises other hours.
pub const TICKET_SERVICE_HOURS: &str = "/ticket-service/hours";
/// POST: lets somebody join a pool, or changes their part in it.
pub const TICKET_SERVICE_POOLS: &str = "/ticket-service/pools";
/// Figures and charts over tickets.
pub const TICKET_FIGURES: &str = "/tickets/figures";

/// A ticket.
pub fn ticket(id: &str) -> String {
    format!("/tickets/{id}")
}

/// POST: another name for a filter that is kept.
pub fn ticket_view(id: &str) -> String {
    format!("/tickets/views/{id}")
}

/// POST: keeps a filter no more.
pub fn ticket_view_removal(id: &str) -> String {
    format!("/tickets/views/{id}/removal")
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

/// The form of subject and description; POST: writes them anew.
pub fn ticket_words(id: &str) -> String {
    format!("/tickets/{id}/words")
}

/// POST: links it to another one.
pub fn ticket_links(id: &str) -> String {
    format!("/tickets/{id}/links")
}

/// POST: takes such a link away.
pub fn ticket_unlink(id: &str) -> String {
    format!("/tickets/{id}/links/removal")
}

/// POST: closes it as a duplicate of another one.
pub fn ticket_merge(id: &str) -> String {
    format!("/tickets/{id}/merge")
}

/// Who follows it; POST: makes somebody follow it, oneself without a name.
pub fn ticket_followers(id: &str) -> String {
    format!("/tickets/{id}/followers")
}

/// POST: makes somebody follow it no more, oneself without a name.
pub fn ticket_unfollow(id: &str) -> String {
    format!("/tickets/{id}/followers/removal")
}

/// Who may be named in it.
pub fn ticket_names(id: &str) -> String {
    format!("/tickets/{id}/names")
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
