//! Employees, for administrators: the list, and the form with all that is known.

use maud::{Markup, html};

use crate::admin::{self, AdminTab};
use crate::paths;
use crate::text::{Locale, t};
use crate::ui::{self, ChoiceView, FieldView, ListView, Tone, error_for, field, select};

/// Currencies of salaries.
const CURRENCIES: [&str; 2] = ["COP", "MXN"];

/// The account of an employee.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountView {
    /// Its id.
    pub id: String,
    /// Whether it may sign in.
    pub is_active: bool,
}

/// What the form shows: what was typed, or what is stored.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EmployeeFormView {
    /// The employee; `None` for a new one.
    pub id: Option<String>,
    /// The stored name.
    pub name: String,
    /// Code of the stored state.
    pub state: String,
    /// The account of the same document.
    pub account: Option<AccountView>,
    /// National id.
    pub document: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Code of the sex.
    pub sex: String,
    /// Telephone.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Profession.
    pub profession: String,
    /// What they earn, as people write amounts.
    pub salary: String,
    /// ISO 4217 of the salary.
    pub currency: String,
    /// First day: `2026-11-23`.
    pub started_on: String,
    /// Last day; empty while there is none.
    pub ended_on: String,
    /// Code of why they leave.
    pub end_reason: String,
    /// Id of the campaign.
    pub campaign: String,
    /// Id of the supervisor.
    pub supervisor: String,
    /// The version that it was drawn from.
    pub version: i64,
    /// Codes and words of the sexes.
    pub sexes: Vec<(String, String)>,
    /// Codes and words of why somebody leaves.
    pub reasons: Vec<(String, String)>,
    /// Campaigns to choose from.
    pub campaigns: Vec<(String, String)>,
    /// Supervisors to choose from.
    pub supervisors: Vec<(String, String)>,
    /// There is a salary that cannot be read.
    pub salary_is_unreadable: bool,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// What somebody else stored meanwhile: label, theirs, ours.
    pub conflict: Vec<(String, String, String)>,
    /// Whether it was just saved.
    pub is_saved: bool,
}

/// Whether somebody works here, in icon, colour and words.
pub fn state_tag(l: Locale, state: &str) -> Markup {
    let (tone, icon) = if state == "activo" { ("success", "circle-check") } else { ("muted", "circle-x") };
    html! { span.tag data-tone=(tone) { (ui::icon(icon)) (t(l, &format!("employees.state.{state}"))) } }
}

/// The page of the list.
pub fn list_panel(l: Locale, v: &ListView) -> Markup {
    let export = v.address.at(paths::EMPLOYEES_EXPORT).href();
    let actions = html! {
        // The browser saves the file; htmx would take it for a page.
        a.btn href=(export) download hx-boost="false" { (ui::icon("download")) (t(l, "audit.export")) }
        a.btn.btn-primary href=(paths::EMPLOYEE_NEW) { (ui::icon("plus")) (t(l, "employees.new")) }
    };
    html! {
        (admin::tabs(l, AdminTab::Employees))
        (ui::list_page(l, v, &actions))
    }
}

/// The page of a new employee, or of a stored one.
pub fn form_panel(l: Locale, v: &EmployeeFormView) -> Markup {
    html! {
        (admin::tabs(l, AdminTab::Employees))
        header.page-head {
            a.icon-btn href=(paths::EMPLOYEES) aria-label=(t(l, "employees.back")) title=(t(l, "employees.back")) { (ui::icon("arrow-left")) }
            @if v.id.is_some() { h1 { (v.name) } (state_tag(l, &v.state)) }
            @else { h1 { (t(l, "employees.new")) } }
        }
        div.narrow {
            @if v.is_saved { (ui::notice(Tone::Success, t(l, "employees.saved"))) }
            @if let (Some(id), false) = (&v.id, v.conflict.is_empty()) { (ui::conflict(l, &v.conflict, &paths::employee(id))) }
            (form(l, v))
            @if v.id.is_some() { (account(l, v.account.as_ref())) }
        }
    }
}

fn form(l: Locale, v: &EmployeeFormView) -> Markup {
    let action = v.id.as_ref().map_or_else(|| paths::EMPLOYEES.to_owned(), |id| paths::employee(id));
    let line = |name, label_key, kind, value, help_key, required| {
        let error_key = error_for(&v.errors, name);
        let autocomplete = "off";
        let view = FieldView {
            name,
            label_key,
            kind,
            value,
            help_key,
            error_key,
            autocomplete,
            required,
            ..FieldView::default()
        };
        field(l, &view)
    };
    let choice = |name, label_key, value, help_key, options: &[(String, String)], required| {
        let error_key = error_for(&v.errors, name);
        select(l, &ChoiceView { id: "", name, label_key, value, help_key, error_key, required }, options)
    };
    let currencies = CURRENCIES.map(|code| (code.to_owned(), code.to_owned()));
    let salary_help = if v.salary_is_unreadable { "employees.salary.unreadable" } else { "employees.salary.help" };
    html! {
        form.stack method="post" action=(action) hx-status:409="push:false" {
            input type="hidden" name="version" value=(v.version);
            div.pair {
                (line("first_name", "employees.first_name", "text", &v.first_name, None, true))
                (line("last_name", "employees.last_name", "text", &v.last_name, None, true))
                (line("document", "employees.document", "text", &v.document, Some("employees.document.help"), true))
                (choice("sex", "employees.sex", &v.sex, None, &v.sexes, true))
                (line("phone", "employees.phone", "tel", &v.phone, None, false))
                (line("email", "employees.email", "email", &v.email, None, false))
                (line("profession", "employees.profession", "text", &v.profession, None, false))
                (choice("campaign", "employees.campaign", &v.campaign, None, &v.campaigns, false))
                (choice("supervisor", "employees.supervisor", &v.supervisor, None, &v.supervisors, false))
                (line("started_on", "employees.started", "date", &v.started_on, None, true))
                (line("salary", "employees.salary", "text", &v.salary, Some(salary_help), false))
                (choice("currency", "employees.currency", &v.currency, None, &currencies, true))
            }
            fieldset.plain {
                legend.form-label { (t(l, "employees.leaving")) }
                p.field-help { (t(l, "employees.leaving.help")) }
                div.pair {
                    (line("ended_on", "employees.ended", "date", &v.ended_on, None, false))
                    (choice("end_reason", "employees.reason", &v.end_reason, None, &v.reasons, false))
                }
            }
            div.actions {
                (ui::submit(t(l, if v.id.is_some() { "employees.save" } else { "employees.create" })))
                a.btn href=(paths::EMPLOYEES) { (t(l, "employees.cancel")) }
            }
        }
    }
}

/// The account that the document leads to.
fn account(l: Locale, account: Option<&AccountView>) -> Markup {
    html! {
        section.aside-section aria-labelledby="employee-account" {
            h2 id="employee-account" { (t(l, "employees.account")) }
            @match account {
                Some(account) => p {
                    (t(l, if account.is_active { "employees.account.open" } else { "employees.account.closed" })) " "
                    a href=(paths::user(&account.id)) { (t(l, "employees.account.show")) }
                },
                None => p.quiet { (t(l, "employees.account.none")) },
            }
        }
    }
}
