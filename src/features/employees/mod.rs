//! Employees as administrators keep them: whoever works for the company, with an account here or without. The account
//! of the same document is theirs.

mod edit;
mod export;
mod form;
mod leave;
mod list;
mod model;
mod present;
mod queries;
mod salary;

use views::paths;

use crate::{
    auth::Capability,
    web::{Access, Routes},
};

pub use leave::dismiss_departed;
pub use model::{EmployeeData, REASONS, State};
pub use queries::{Employee, EmployeeFilter, EmployeeRow, count, find, insert, list, update};
pub use salary::sealed as sealed_salary;

/// Routes of this feature.
pub fn routes() -> Routes {
    let access = Access::Can(Capability::ManageEmployees);
    Routes::new()
        .get(paths::EMPLOYEES, access, list::show_list)
        .post(paths::EMPLOYEES, access, edit::create)
        .get(paths::EMPLOYEE_NEW, access, edit::show_new)
        .get(paths::EMPLOYEES_EXPORT, access, export::export_list)
        .get("/employees/{id}", access, edit::show)
        .post("/employees/{id}", access, edit::update)
}
