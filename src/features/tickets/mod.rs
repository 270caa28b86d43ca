//! Tickets: anybody asks for help about an application; whoever serves it is given the ticket, answers and resolves it.
//!
//! A change goes the same way everywhere: the handler takes the ticket under its lock as somebody who may read it
//! (`queries::find_for_write`), `model` says whether the step is theirs, one query stores it, one row of the timeline
//! tells it, and `live` shows both to whom it concerns, in the same transaction.

mod due;
mod hours;
mod live;
mod model;
mod present;
mod queries;
mod routes;
mod story;
mod watch;

use views::paths;

use crate::{
    auth::Capability,
    web::{Access, Routes},
};

pub use due::{keep, run_once};
pub use live::{LIST, may_list, may_watch, reads};
pub use model::{Application, Kind, Priority, Status, Title, Words};
pub use queries::{NewTicket, Viewer, add_to_pool};
pub use routes::open;
pub use story::{Told, tell};

/// Routes of this feature.
pub fn routes() -> Routes {
    let access = Access::Can(Capability::UseTickets);
    Routes::new()
        .get(paths::TICKETS, access, routes::list::show)
        .post(paths::TICKETS, access, routes::create::create)
        .get(paths::TICKETS_EXPORT, access, routes::export::export_list)
        .get(paths::TICKET_NEW, access, routes::create::show)
        .get("/tickets/n/{number}", access, routes::detail::by_number)
        .get("/tickets/files/{id}", access, routes::files::show_file)
        .get("/tickets/files/{id}/thumbnail", access, routes::files::show_thumbnail)
        .post("/tickets/files/{id}/removal", access, routes::files::remove)
        .post_up_to("/tickets/{id}/files", access, routes::files::BODY_BYTES, routes::files::upload)
        .get("/tickets/{id}", access, routes::detail::show)
        .post("/tickets/{id}/comments", access, routes::comment::comment)
        .post("/tickets/{id}/state", access, routes::step::take)
        .post("/tickets/{id}/assignment", access, routes::assign::assign)
        .post("/tickets/{id}/class", access, routes::class::classify)
}
