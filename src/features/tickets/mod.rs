//! Tickets: anybody asks for help about an application; whoever serves it is given the ticket, answers and resolves it.
//!
//! A change goes the same way everywhere: the handler takes the ticket under its lock as somebody who may read it
//! (`queries::find_for_write`), `model` says whether the step is theirs, one query stores it, one row of the timeline
//! tells it, and `live` shows both to whom it concerns, in the same transaction.

mod backlog;
mod company;
mod due;
mod figures;
mod hours;
mod live;
mod model;
mod present;
mod present_board;
mod present_figures;
mod present_service;
mod queries;
mod routes;
mod story;
mod watch;

use views::paths;

use crate::{
    auth::Capability,
    web::{Access, Routes},
};

pub use backlog::{drain_once, keep as keep_backlog, release_once};
pub use company::{looking, typing};
pub use due::{keep, run_once};
pub use figures::FigureBook;
pub use live::{LIST, may_list, may_watch, reads};
pub use model::{Application, Kind, Priority, Status, Title, Words};
pub use queries::{MacroData, NewTicket, Viewer, add_to_pool, fill_index, fill_tally, insert_macro};
pub use routes::open;
pub use story::{Told, tell};

/// Routes of this feature.
pub fn routes() -> Routes {
    let access = Access::Can(Capability::UseTickets);
    let administration = Access::Can(Capability::ManageSettings);
    let keepers = Access::Can(Capability::ManageTickets);
    Routes::new()
        .get(paths::TICKETS, access, routes::list::show)
        .post(paths::TICKETS, access, routes::create::create)
        .get(paths::TICKETS_EXPORT, access, routes::export::export_list)
        .get(paths::TICKET_BOARD, access, routes::board::show)
        .get(paths::TICKET_FIGURES, access, routes::figures::show)
        .post(paths::TICKETS_BULK, access, routes::bulk::change_all)
        .post(paths::TICKET_VIEWS, access, routes::views::keep)
        .post("/tickets/views/{id}", access, routes::views::rename)
        .post("/tickets/views/{id}/removal", access, routes::views::forget)
        .get(paths::TICKET_NEW, access, routes::create::show)
        .get(paths::TICKET_SERVICE, administration, routes::service::show)
        .post(paths::TICKET_SERVICE_HOURS, administration, routes::service::promise)
        .post(paths::TICKET_SERVICE_POOLS, administration, routes::service::load)
        .get(paths::TICKET_MACROS, keepers, routes::answers::list)
        .post(paths::TICKET_MACROS, keepers, routes::answers::create)
        .get(paths::TICKET_MACRO_NEW, keepers, routes::answers::show_new)
        .get("/tickets/macros/{id}", keepers, routes::answers::show)
        .post("/tickets/macros/{id}", keepers, routes::answers::update)
        .post("/tickets/macros/{id}/state", keepers, routes::answers::set_state)
        .post("/tickets/{id}/macro", access, routes::answers::insert)
        .get("/tickets/n/{number}", access, routes::detail::by_number)
        .get("/tickets/files/{id}", access, routes::files::show_file)
        .get("/tickets/files/{id}/thumbnail", access, routes::files::show_thumbnail)
        .post("/tickets/files/{id}/removal", access, routes::files::remove)
        .post_up_to("/tickets/{id}/files", access, routes::files::BODY_BYTES, routes::files::upload)
        .get("/tickets/{id}", access, routes::detail::show)
        .post("/tickets/{id}/comments", access, routes::comment::comment)
        .post("/tickets/{id}/state", access, routes::step::take)
        .post("/tickets/{id}/assignment", access, routes::assign::assign)
        .get("/tickets/{id}/followers", access, routes::followers::show)
        .post("/tickets/{id}/followers", access, routes::followers::follow)
        .post("/tickets/{id}/followers/removal", access, routes::followers::unfollow)
        .get("/tickets/{id}/names", access, routes::followers::list_names)
        .get("/tickets/{id}/words", access, routes::words::show)
        .post("/tickets/{id}/words", access, routes::words::reword)
        .post("/tickets/{id}/links", access, routes::links::link)
        .post("/tickets/{id}/links/removal", access, routes::links::unlink)
        .post("/tickets/{id}/merge", access, routes::merge::merge)
        .post("/tickets/{id}/class", access, routes::class::classify)
}
