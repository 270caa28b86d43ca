//! Bulk import of people: a file is read and checked (nothing is made yet), its report is shown, then its good rows are
//! taken. Each person waits for an invitation, whose links are handed out in one list.

mod file;
mod queries;
mod report;
mod routes;
mod rows;
mod run;

use views::paths;

use super::ADMINISTRATION;
use crate::web::Routes;

/// Routes of the import.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::PEOPLE_IMPORT, ADMINISTRATION, routes::show_upload)
        .post_up_to(paths::PEOPLE_IMPORT, ADMINISTRATION, file::FILE_BYTES + 64 * 1024, routes::upload)
        .get(paths::PEOPLE_TEMPLATE, ADMINISTRATION, report::template)
        .get("/people/import/{id}", ADMINISTRATION, routes::show_import)
        .post("/people/import/{id}", ADMINISTRATION, routes::start)
        .get("/people/import/{id}/report", ADMINISTRATION, report::download)
        .post("/people/import/{id}/links", ADMINISTRATION, report::links)
}
