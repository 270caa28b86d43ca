//! The form of an employee, new or old. Every change is audited; what somebody earns never reaches the audit log.

use axum::{
    extract::State as Extract,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use views::{employees::form_panel, layout::Nav, paths, text::t};

use super::{
    form::{Choices, EmployeeForm},
    leave,
    model::EmployeeData,
    present,
    queries::{self, Employee},
    salary::{self, Salary},
};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::CurrentUser,
    db::is_unique_violation,
    error::{AppResult, FieldErrors},
    features::{campaigns, people::local_day},
    ids::{EmployeeId, UserId},
    web::{ClientIp, Form, Kind, Page, Path, Query, redirect},
};

/// Whether a change was just made.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SavedQuery {
    saved: String,
}

/// What the page says besides what is stored.
#[derive(Default)]
struct Said {
    /// What was typed and is not stored.
    typed: Option<EmployeeForm>,
    /// What is wrong with it.
    errors: FieldErrors,
    /// Somebody else was faster.
    is_conflict: bool,
    /// It was just stored.
    is_saved: bool,
}

async fn choices(app: &App, supervisor: Option<UserId>) -> AppResult<Choices> {
    Ok(Choices {
        campaigns: campaigns::choices(&app.db).await?,
        supervisors: queries::list_supervisors(&app.db, supervisor).await?,
    })
}

/// The form of a new employee.
pub async fn show_new(Extract(app): Extract<App>, user: CurrentUser, Cursor(seq): Cursor) -> AppResult<Page> {
    let form = EmployeeForm::blank(local_day(app.clock.now()));
    Ok(new_page(&user, seq, &form, &choices(&app, None).await?, &FieldErrors::default()))
}

fn new_page(user: &CurrentUser, seq: i64, form: &EmployeeForm, choices: &Choices, errors: &FieldErrors) -> Page {
    let l = user.look.locale;
    let status = if errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let main = form_panel(l, &present::form_view(l, None, form, choices, errors));
    Page::new(Nav::People, t(l, "employees.new"), seq, main).status(status)
}

/// Creates an employee. 422 shows the form again, with what was typed.
pub async fn create(
    Extract(app): Extract<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(form): Form<EmployeeForm>,
) -> AppResult<Response> {
    let choices = choices(&app, None).await?;
    let data = match form.check(&choices) {
        Ok(data) => data,
        Err(errors) => return Ok(new_page(&user, seq, &form, &choices, &errors).into_response()),
    };
    let (id, now) = (EmployeeId::new(), app.clock.now());
    let sealed = salary::sealed(&app.secret, id, data.salary, None)?;
    let ip = ip.to_string();
    let mut tx = app.live.begin().await?;
    let state = match leave::settle(&mut tx, (&user, &ip), None, &data, now).await? {
        Ok(state) => state,
        Err(errors) => return Ok(new_page(&user, seq, &form, &choices, &errors).into_response()),
    };
    match queries::insert(&mut tx, id, &data, (state, sealed), now).await {
        Err(error) if is_unique_violation(&error) => {
            let errors = FieldErrors::one("document", "employees.document.taken");
            return Ok(new_page(&user, seq, &form, &choices, &errors).into_response());
        }
        result => result?,
    };
    let mut after = json_of(&data);
    mark_salary(&mut after, data.salary.is_some());
    let entry = Entry::new(Some(user.id), &ip, "employee.create", "employee", id.0).after(after);
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, &format!("{}?saved=1", paths::employee(&id.to_string()))))
}

/// What is known of an employee, as the audit log keeps it: all but the salary.
fn json_of(data: &EmployeeData) -> Value {
    json!({
        "document": data.document, "first_name": data.first_name, "last_name": data.last_name, "sex": data.sex,
        "phone": data.phone, "email": data.email, "profession": data.profession, "started_on": data.started_on,
        "ended_on": data.ended_on, "end_reason": data.end_reason, "campaign_id": data.campaign_id,
        "supervisor_id": data.supervisor_id,
    })
}

/// The same of what is stored.
fn json_of_stored(employee: &Employee) -> Value {
    json!({
        "document": employee.document, "first_name": employee.first_name, "last_name": employee.last_name,
        "sex": employee.sex, "phone": employee.phone, "email": employee.email, "profession": employee.profession,
        "started_on": employee.started_on, "ended_on": employee.ended_on, "end_reason": employee.end_reason,
        "campaign_id": employee.campaign_id, "supervisor_id": employee.supervisor_id,
    })
}

/// That it changed, never to what.
fn mark_salary(after: &mut Value, is_changed: bool) {
    if is_changed && let Value::Object(fields) = after {
        fields.insert("salary".to_owned(), json!("***"));
    }
}

/// What is known of an employee.
pub async fn show(
    Extract(app): Extract<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<EmployeeId>,
    Query(query): Query<SavedQuery>,
) -> AppResult<Page> {
    page(&app, &user, seq, id, Said { is_saved: query.saved == "1", ..Said::default() }).await
}

async fn page(app: &App, user: &CurrentUser, seq: i64, id: EmployeeId, said: Said) -> AppResult<Page> {
    let l = user.look.locale;
    let row = queries::find(&app.db, id).await?;
    let choices = choices(app, row.employee.supervisor_id).await?;
    let salary = Salary::of(&app.secret, &row.employee);
    let stored = EmployeeForm::of(&row.employee, salary);
    let mut form = said.typed.unwrap_or_else(|| stored.clone());
    let conflict = if said.is_conflict { present::differences(l, &stored, &form, &choices) } else { Vec::new() };
    if said.is_conflict {
        // What is seen side by side may be stored over.
        form.version = stored.version;
    }
    let mut view = present::form_view(l, Some(&row), &form, &choices, &said.errors);
    view.salary_is_unreadable = salary == Salary::Unreadable;
    (view.conflict, view.is_saved) = (conflict, said.is_saved);
    let status = match (said.is_conflict, said.errors.0.is_empty()) {
        (true, _) => StatusCode::CONFLICT,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, true) => StatusCode::OK,
    };
    Ok(Page::new(Nav::People, &view.name.clone(), seq, form_panel(l, &view)).status(status))
}

/// Changes what is known. 422 with what is wrong beside it, 409 with both when somebody else was faster.
pub async fn update(
    Extract(app): Extract<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<EmployeeId>,
    Form(form): Form<EmployeeForm>,
) -> AppResult<Response> {
    let supervisor = queries::find(&app.db, id).await?.employee.supervisor_id;
    let mut said = match form.check(&choices(&app, supervisor).await?) {
        Ok(data) => store(&app, &user, &ip.to_string(), id, (&data, form.version)).await?,
        Err(errors) => Said { errors, ..Said::default() },
    };
    if said.is_saved {
        return Ok(redirect(kind, &format!("{}?saved=1", paths::employee(&id.to_string()))));
    }
    said.typed = Some(form);
    Ok(page(&app, &user, seq, id, said).await?.into_response())
}

async fn store(
    app: &App,
    user: &CurrentUser,
    ip: &str,
    id: EmployeeId,
    (data, version): (&EmployeeData, i64),
) -> AppResult<Said> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    let before = queries::lock(&mut tx, id).await?.employee;
    let sealed = salary::sealed(&app.secret, id, data.salary, Some(&before))?;
    let is_salary_changed = sealed != before.salary_sealed;
    if before.version != version {
        return Ok(Said { is_conflict: true, ..Said::default() });
    }
    let state = match leave::settle(&mut tx, (user, ip), Some(&before), data, now).await? {
        Ok(state) => state,
        Err(errors) => return Ok(Said { errors, ..Said::default() }),
    };
    match queries::update(&mut tx, (id, version), data, (state, sealed), now).await {
        Err(error) if is_unique_violation(&error) => {
            let errors = FieldErrors::one("document", "employees.document.taken");
            return Ok(Said { errors, ..Said::default() });
        }
        result => result?,
    };
    let (was, mut is) = audit::difference(json_of_stored(&before), json_of(data));
    mark_salary(&mut is, is_salary_changed);
    let entry = Entry::new(Some(user.id), ip, "employee.update", "employee", id.0).before(was).after(is);
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await?;
    Ok(Said { is_saved: true, ..Said::default() })
}
