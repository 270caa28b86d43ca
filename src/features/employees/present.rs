//! Rows of employees → what screens show.

use maud::html;
use views::{
    dom,
    employees::{AccountView, EmployeeFormView, state_tag},
    paths,
    text::{Locale, t},
    ui::{Address, Column, FilterView, ListView, PagerView, TableRow, empty},
};

use super::{
    form::{Choices, EmployeeForm},
    model::{REASONS, SEXES, State},
    queries::{EmployeeFilter, EmployeeRow},
    salary::Salary,
};
use crate::{
    error::FieldErrors,
    export::{Cell, Column as Head, Sheet},
    features::people,
    ids::CampaignId,
};

/// The list's page.
pub fn list_view(
    l: Locale,
    address: Address,
    filter: &EmployeeFilter,
    campaigns: Vec<(CampaignId, String)>,
    rows: &[EmployeeRow],
    pager: PagerView,
) -> ListView {
    let states = State::ALL.map(|s| (s.code().to_owned(), t(l, &format!("employees.state.{}", s.code())).to_owned()));
    let state = filter.state.map_or("", State::code);
    let campaign = filter.campaign.map(|id| id.to_string()).unwrap_or_default();
    let campaigns: Vec<_> = campaigns.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let empty = if address.pairs().is_empty() {
        empty("users", t(l, "employees.empty"), Some((paths::EMPLOYEE_NEW, t(l, "employees.new"))))
    } else {
        empty("users", t(l, "employees.none"), Some((paths::EMPLOYEES, t(l, "people.show_all"))))
    };
    ListView {
        title_key: "employees.title",
        total: pager.shown.map(|(_, _, total)| total),
        address,
        filters: vec![
            FilterView::search("q", "employees.search", &filter.text),
            FilterView::choice("state", "employees.state", states, state),
            FilterView::choice("campaign", "employees.campaign", campaigns, &campaign),
        ],
        columns: vec![
            Column::words("employees.name"),
            Column::words("employees.document"),
            Column::words("employees.campaign"),
            Column::words("employees.supervisor"),
            Column::words("employees.started"),
            Column::words("employees.account"),
            Column::words("employees.state"),
        ],
        rows: rows.iter().map(|row| table_row(l, row)).collect(),
        pager,
        empty,
    }
}

fn table_row(l: Locale, row: &EmployeeRow) -> TableRow {
    let (employee, none) = (&row.employee, html! { span.quiet { "–" } });
    let id = employee.id.to_string();
    let or_none = |text: &Option<String>| text.as_ref().map_or_else(|| none.clone(), |text| html! { (text) });
    TableRow {
        id: dom::employee_row(&id),
        cells: vec![
            html! {
                a.who href=(paths::employee(&id)) {
                    span.clip { (employee.first_name) " " (employee.last_name) }
                    span.quiet.clip { (employee.profession) }
                }
            },
            html! { span.num { (employee.document) } },
            or_none(&row.campaign),
            or_none(&row.supervisor),
            html! { span.num { (people::day_text(l, employee.started_on)) } },
            match row.account_id {
                Some(account) => {
                    let key = if row.account_is_active == Some(true) { "active" } else { "inactive" };
                    html! { a href=(paths::user(&account.to_string())) { (t(l, &format!("people.state.{key}"))) } }
                }
                None => none,
            },
            html! {
                (state_tag(l, &employee.state))
                @if let Some(last) = employee.ended_on { " " span.quiet.num { (people::day_text(l, last)) } }
            },
        ],
    }
}

/// The form, as it was typed or stored.
pub fn form_view(
    l: Locale,
    row: Option<&EmployeeRow>,
    form: &EmployeeForm,
    choices: &Choices,
    errors: &FieldErrors,
) -> EmployeeFormView {
    let options = |kind: &str, codes: &[&str]| {
        let words = codes.iter().map(|code| ((*code).to_owned(), t(l, &format!("employees.{kind}.{code}")).to_owned()));
        words.collect::<Vec<_>>()
    };
    EmployeeFormView {
        id: row.map(|row| row.employee.id.to_string()),
        name: row.map(|row| format!("{} {}", row.employee.first_name, row.employee.last_name)).unwrap_or_default(),
        state: row.map(|row| row.employee.state.clone()).unwrap_or_default(),
        account: row.and_then(|row| {
            let is_active = row.account_is_active == Some(true);
            row.account_id.map(|id| AccountView { id: id.to_string(), is_active })
        }),
        document: form.document.clone(),
        first_name: form.first_name.clone(),
        last_name: form.last_name.clone(),
        sex: form.sex.clone(),
        phone: form.phone.clone(),
        email: form.email.clone(),
        profession: form.profession.clone(),
        salary: form.salary.clone(),
        currency: form.currency.clone(),
        started_on: form.started_on.clone(),
        ended_on: form.ended_on.clone(),
        end_reason: form.end_reason.clone(),
        campaign: form.campaign.clone(),
        supervisor: form.supervisor.clone(),
        version: form.version,
        sexes: options("sex", &SEXES),
        reasons: options("reason", &REASONS),
        campaigns: choices.campaigns.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        supervisors: choices.supervisors.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        errors: errors.to_view(),
        ..EmployeeFormView::default()
    }
}

/// What differs between the stored form and the typed one: label, stored, typed.
pub fn differences(
    l: Locale,
    stored: &EmployeeForm,
    typed: &EmployeeForm,
    choices: &Choices,
) -> Vec<(String, String, String)> {
    let (theirs, mine) = (words(l, stored, choices), words(l, typed, choices));
    let changed = theirs.into_iter().zip(mine).filter(|((_, a), (_, b))| a != b);
    changed.map(|((key, a), (_, b))| (t(l, key).to_owned(), a, b)).collect()
}

/// Every field of a form as a person reads it, after the key of its label.
fn words(l: Locale, form: &EmployeeForm, choices: &Choices) -> Vec<(&'static str, String)> {
    let word = |kind: &str, code: &str, codes: &[&str]| {
        if codes.contains(&code) { t(l, &format!("employees.{kind}.{code}")).to_owned() } else { String::new() }
    };
    let campaign = choices.campaigns.iter().find(|(id, _)| id.to_string() == form.campaign);
    let supervisor = choices.supervisors.iter().find(|(id, _)| id.to_string() == form.supervisor);
    let text = |text: &str| text.trim().to_owned();
    vec![
        ("employees.first_name", text(&form.first_name)),
        ("employees.last_name", text(&form.last_name)),
        ("employees.document", text(&form.document)),
        ("employees.sex", word("sex", &form.sex, &SEXES)),
        ("employees.phone", text(&form.phone)),
        ("employees.email", text(&form.email)),
        ("employees.profession", text(&form.profession)),
        ("employees.campaign", campaign.map(|(_, name)| name.clone()).unwrap_or_default()),
        ("employees.supervisor", supervisor.map(|(_, name)| name.clone()).unwrap_or_default()),
        ("employees.salary", text(&form.salary)),
        ("employees.started", text(&form.started_on)),
        ("employees.ended", text(&form.ended_on)),
        ("employees.reason", word("reason", &form.end_reason, &REASONS)),
    ]
}

/// The same rows as a spreadsheet.
pub fn sheet(l: Locale, secret: &str, rows: &[EmployeeRow]) -> Sheet {
    let heads = [
        ("employees.document", 16),
        ("employees.first_name", 22),
        ("employees.last_name", 22),
        ("employees.sex", 12),
        ("employees.phone", 16),
        ("employees.email", 28),
        ("employees.profession", 24),
        ("employees.campaign", 24),
        ("employees.supervisor", 24),
        ("employees.salary", 16),
        ("employees.currency", 10),
        ("employees.started", 14),
        ("employees.ended", 14),
        ("employees.reason", 28),
        ("employees.state", 12),
    ];
    let word = |kind: &str, code: &str| Cell::text(t(l, &format!("employees.{kind}.{code}")));
    let cells = |row: &EmployeeRow| {
        let (e, salary) = (&row.employee, Salary::of(secret, &row.employee).known());
        vec![
            Cell::text(&*e.document),
            Cell::text(&*e.first_name),
            Cell::text(&*e.last_name),
            word("sex", &e.sex),
            Cell::text(&*e.phone),
            Cell::text(&*e.email),
            Cell::text(&*e.profession),
            Cell::text(row.campaign.clone().unwrap_or_default()),
            Cell::text(row.supervisor.clone().unwrap_or_default()),
            salary.map_or(Cell::Empty, Cell::Money),
            Cell::text(salary.map_or("", |money| money.currency.code())),
            Cell::Day(e.started_on),
            Cell::day(e.ended_on),
            e.end_reason.as_ref().map_or(Cell::Empty, |code| word("reason", code)),
            word("state", &e.state),
        ]
    };
    Sheet {
        name: t(l, "employees.title").to_owned(),
        columns: heads.map(|(key, width)| Head::new(t(l, key), width)).to_vec(),
        rows: rows.iter().map(cells).collect(),
    }
}
