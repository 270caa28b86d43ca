//! SQL of accounts as administrators see them.

mod list;

pub use list::{Filter, UserRow, count_users, list_active_campaigns, list_logins, list_users};
