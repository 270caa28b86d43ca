//! Administration of users: the list of accounts, and everything that administrators and superusers do with one.
//!
//! Who people are, to everyone, is the feature `people`; this one stands above it, and above access and chat.

mod accept;
mod actions;
mod change;
mod detail;
mod fields;
mod history;
mod import;
mod invite;
mod leaver;
mod list;
mod locks;
mod mails;
mod model;
mod present;
mod queries;
mod reset;

use views::paths;

use crate::{
    auth::Capability,
    web::{Access, Routes},
};

pub use fields::refuse_document;
pub use leaver::{close_leaver, refuse_leaver};
pub use queries::{Filter, UserRow, count_users, list_users};

/// Every route here is the administration's.
const ADMINISTRATION: Access = Access::Can(Capability::ManagePeople);

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::PEOPLE, ADMINISTRATION, list::list_users)
        .post(paths::PEOPLE, ADMINISTRATION, invite::invite)
        .get(paths::PEOPLE_NEW, ADMINISTRATION, invite::show_invite)
        .get("/people/{id}", ADMINISTRATION, detail::show_user)
        .post("/people/{id}", ADMINISTRATION, detail::update_user)
        .post("/people/{id}/state", ADMINISTRATION, actions::change_state)
        .post("/people/{id}/lock", ADMINISTRATION, actions::unlock)
        .post("/people/{id}/sessions", ADMINISTRATION, actions::end_sessions)
        .post("/people/{id}/reset", ADMINISTRATION, reset::force_reset)
        .post("/people/{id}/invitation", ADMINISTRATION, invite::change_invitation)
        .get("/invitation/{token}", Access::Public, accept::show_invitation)
        .post("/invitation/{token}", Access::Public, accept::accept)
        .merge(import::routes())
}
