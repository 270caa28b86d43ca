//! Canned answers: who steers keeps them; who answers puts them into what is being written.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::json;
use views::{
    layout::Nav,
    paths,
    text::{Locale, t},
    tickets::{MacroFormView, MacroView, macro_form_panel, macros_panel},
};

use super::{
    super::{
        model::{Application, Places, Title, Words},
        present,
        queries::{self, MacroData, MacroRow, TicketRow, Viewer},
    },
    detail::{Said, refused},
};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::CurrentUser,
    error::{AppError, AppResult, FieldErrors},
    ids::{MacroId, TicketId},
    web::{ClientIp, Form, Kind, Page, Path, redirect},
};

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MacroForm {
    application: String,
    name: String,
    body: String,
    version: i64,
}

impl MacroForm {
    fn of(row: MacroRow) -> Self {
        let application = row.application.unwrap_or_default();
        Self { application, name: row.name, body: row.body, version: row.version }
    }

    fn check(&self) -> Result<MacroData, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = Title::new(&self.name).map_err(|error| errors.add("name", error.key()));
        let body = Words::new(&self.body).map_err(|error| errors.add("body", error.key()));
        let application = Application::from_code(&self.application);
        if application.is_none() && !self.application.is_empty() {
            errors.add("application", "field.required");
        }
        match (name, body) {
            (Ok(name), Ok(body)) if errors.0.is_empty() => Ok(MacroData { application, name, body }),
            _ => Err(errors),
        }
    }

    fn view(self, l: Locale, id: Option<MacroId>) -> MacroFormView {
        MacroFormView {
            id: id.map(|id| id.to_string()),
            application: self.application,
            name: self.name,
            body: self.body,
            version: self.version,
            applications: present::applications(l),
            ..MacroFormView::default()
        }
    }
}

/// All of them.
pub async fn list(State(app): State<App>, user: CurrentUser, Cursor(seq): Cursor) -> AppResult<Page> {
    let l = user.look.locale;
    let rows = queries::list_macros(&app.db).await?;
    let view = |row: MacroRow| MacroView {
        id: row.id.to_string(),
        name: row.name,
        application: row.application,
        body: row.body,
        is_active: row.is_active,
    };
    let rows: Vec<MacroView> = rows.into_iter().map(view).collect();
    Ok(Page::new(Nav::Tickets, t(l, "tickets.macros"), seq, macros_panel(l, &rows)))
}

/// The form of a new one.
pub async fn show_new(user: CurrentUser, Cursor(seq): Cursor) -> Page {
    page(&user, seq, &MacroForm::default().view(user.look.locale, None), StatusCode::OK)
}

/// The form of one.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<MacroId>,
) -> AppResult<Page> {
    let row = queries::find_macro(&mut &app.db, id).await?;
    Ok(page(&user, seq, &MacroForm::of(row).view(user.look.locale, Some(id)), StatusCode::OK))
}

fn page(user: &CurrentUser, seq: i64, view: &MacroFormView, status: StatusCode) -> Page {
    let l = user.look.locale;
    let title = t(l, if view.id.is_some() { "tickets.macros.one" } else { "tickets.macros.new" });
    Page::new(Nav::Tickets, title, seq, macro_form_panel(l, view)).status(status)
}

/// Stores a new one.
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ip: ClientIp,
    Form(form): Form<MacroForm>,
) -> AppResult<Response> {
    let data = match form.check() {
        Ok(data) => data,
        Err(errors) => return wrong(&app, &user, form.view(user.look.locale, None), &errors).await,
    };
    let (id, now, ip) = (MacroId::new(), app.clock.now(), ip.text());
    let mut tx = app.live.begin().await?;
    queries::insert_macro(&mut tx, id, &data, now).await?;
    let entry = Entry::new(Some(user.id), &ip, "ticket_macro.create", "ticket_macro", id.0);
    audit::record(&mut tx, entry.after(json!({ "name": data.name.as_str() })), now).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, paths::TICKET_MACROS))
}

async fn wrong(app: &App, user: &CurrentUser, mut view: MacroFormView, errors: &FieldErrors) -> AppResult<Response> {
    view.errors = errors.to_view();
    Ok(page(user, app.live.cursor().await?, &view, StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// Changes it. 409 shows the form again, with both, when somebody else changed it meanwhile.
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ip: ClientIp,
    Path(id): Path<MacroId>,
    Form(form): Form<MacroForm>,
) -> AppResult<Response> {
    let l = user.look.locale;
    let before = queries::find_macro(&mut &app.db, id).await?;
    let data = match form.check() {
        Ok(data) => data,
        Err(errors) => return wrong(&app, &user, form.view(l, Some(id)), &errors).await,
    };
    let (now, ip) = (app.clock.now(), ip.text());
    let mut tx = app.live.begin().await?;
    if !queries::update_macro(&mut tx, id, &data, form.version, now).await? {
        let theirs = MacroForm::of(queries::find_macro(&mut *tx, id).await?);
        drop(tx);
        let mut view = MacroForm { version: theirs.version, ..form }.view(l, Some(id));
        let both = [("tickets.macros.name", theirs.name, &view.name), ("tickets.macros.body", theirs.body, &view.body)];
        let differing = both.into_iter().filter(|(_, theirs, mine)| theirs != *mine);
        view.conflict = differing.map(|(key, theirs, mine)| (t(l, key).to_owned(), theirs, mine.clone())).collect();
        return Ok(page(&user, app.live.cursor().await?, &view, StatusCode::CONFLICT).into_response());
    }
    let entry = Entry::new(Some(user.id), &ip, "ticket_macro.update", "ticket_macro", id.0);
    let application = data.application.map(Application::code);
    let (was, is) = (
        json!({ "application": before.application, "name": before.name, "body": before.body }),
        json!({ "application": application, "name": data.name.as_str(), "body": data.body.as_str() }),
    );
    let (was, is) = audit::difference(was, is);
    audit::record(&mut tx, entry.before(was).after(is), now).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, paths::TICKET_MACROS))
}

/// Whether it is to be offered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StateForm {
    active: String,
}

/// Retires it, or offers it again.
pub async fn set_state(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ip: ClientIp,
    Path(id): Path<MacroId>,
    Form(form): Form<StateForm>,
) -> AppResult<Response> {
    let (now, ip, is_active) = (app.clock.now(), ip.text(), form.active == "1");
    let mut tx = app.live.begin().await?;
    let row = queries::find_macro(&mut *tx, id).await?;
    if row.is_active != is_active {
        queries::set_macro_active(&mut tx, id, is_active, now).await?;
        let action = if is_active { "ticket_macro.restore" } else { "ticket_macro.retire" };
        audit::record(&mut tx, Entry::new(Some(user.id), &ip, action, "ticket_macro", id.0), now).await?;
        app.live.commit(tx).await?;
    }
    Ok(redirect(kind, paths::TICKET_MACROS))
}

/// What is being written, and which answer is to go into it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InsertForm {
    #[serde(rename = "macro")]
    chosen: String,
    body: String,
    note: String,
}

/// The words of an answer, for this ticket and this person: alone for a script, which puts them where the caret is;
/// otherwise the page, with them after what was typed. 403 for who answers nobody here; 404 for a retired one.
pub async fn insert(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<InsertForm>,
) -> AppResult<Response> {
    let viewer = Viewer::of(&user);
    let row = queries::find_for(&app.db, viewer, id).await?;
    if !row.can(viewer).note {
        return Err(AppError::Forbidden);
    }
    let chosen = form.chosen.parse().map_err(|_| AppError::BadRequest("macro".to_owned()))?;
    let answer = queries::find_macro(&mut &app.db, chosen).await?;
    if !answer.is_active {
        return Err(AppError::NotFound);
    }
    let words = filled(&app, &user, &row, &answer.body).await?;
    if kind == Kind::Partial {
        return Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response());
    }
    let draft = if form.body.trim().is_empty() { words } else { format!("{}\n{words}", form.body.trim_end()) };
    let said = Said { draft, draft_is_note: form.note == "1", ..Said::default() };
    Ok(refused(&app, &user, id, said).await?.into_response())
}

async fn filled(app: &App, user: &CurrentUser, row: &TicketRow, body: &str) -> AppResult<String> {
    let people = queries::list_people(&mut &app.db, vec![row.requester_id]).await?;
    let requester = people.get(&row.requester_id);
    let requester = requester.map(|p| format!("{} {}", p.first_name, p.last_name)).unwrap_or_default();
    let agent = format!("{} {}", user.first_name, user.last_name);
    Ok(Places { requester: &requester, number: row.number, agent: &agent }.fill(body))
}
