//! Administration of users: the list of accounts, and everything that administrators and superusers do with one.
//!
//! Who people are, to everyone, is the feature `people`; this one stands above it, and above access and chat.

mod list;
mod locks;
mod model;
mod present;
mod queries;

use views::paths;

use crate::{
    auth::Capability,
    web::{Access, Routes},
};

pub use queries::{Filter, UserRow, count_users, list_users};

/// Every route here is the administration's.
const ADMINISTRATION: Access = Access::Can(Capability::ManagePeople);

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new().get(paths::PEOPLE, ADMINISTRATION, list::list_users)
}
