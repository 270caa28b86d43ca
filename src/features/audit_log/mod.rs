//! The audit log as administrators read it: who did what, from where, before and after; filtered, page by page, and as
//! a spreadsheet. It only reads; every feature writes its own entries with `crate::audit`.

mod present;
mod queries;
mod routes;

pub use queries::{AuditFilter, AuditRow, Mark, list, people_like};
pub use routes::routes;
