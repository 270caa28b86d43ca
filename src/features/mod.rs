//! What CREA does, one folder a feature. Each hands its routes and topics to `lib.rs` through here.

pub mod access;
pub mod alarms;
pub mod audience;
pub mod audit_log;
pub mod broadcasts;
pub mod campaigns;
pub mod chat;
pub mod employees;
pub mod files;
pub mod floor;
pub mod home;
pub mod live_status;
pub mod people;
pub mod records;
pub mod settings;
pub mod shell;
pub mod tickets;
pub mod users;

use crate::web::Routes;

/// Every feature's routes with the permission that each needs.
pub fn routes() -> Routes {
    access::routes()
        .merge(home::routes())
        .merge(people::routes())
        .merge(users::routes())
        .merge(campaigns::routes())
        .merge(employees::routes())
        .merge(audit_log::routes())
        .merge(settings::routes())
        .merge(live_status::routes())
        .merge(floor::routes())
        .merge(chat::routes())
        .merge(broadcasts::routes())
        .merge(tickets::routes())
        .merge(records::routes())
        .merge(alarms::routes())
}
