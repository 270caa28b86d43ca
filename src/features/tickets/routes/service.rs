//! Who serves each application, and what is promised for each priority: for administrators.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use views::{
    layout::Nav,
    paths,
    text::t,
    tickets::{PoolMemberView, ServiceView, service_panel},
};

use super::super::{
    live,
    model::{Application, Load, Priority, Promise},
    present_service, queries,
};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::UserId,
    web::{ClientIp, Form, Kind, Page, Query, redirect},
};

/// Whether a change was just made.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SavedQuery {
    saved: String,
}

/// Somebody's part in a pool, as it was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LoadForm {
    application: String,
    /// The account; empty for who is to join.
    user: String,
    /// E-mail or document of who is to join.
    person: String,
    weight: String,
    capacity: String,
    is_active: String,
    /// What the form was drawn from; empty for who is to join.
    drawn: String,
}

/// What is set now.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Query(query): Query<SavedQuery>,
) -> AppResult<Page> {
    let view = view(&app).await?;
    Ok(page(&user, seq, &ServiceView { saved: query.saved == "1", ..view }, StatusCode::OK))
}

async fn view(app: &App) -> AppResult<ServiceView> {
    let promises = queries::list_promises(&mut &app.db).await?;
    let pools = queries::list_pools(&mut &app.db).await?;
    Ok(present_service::service(&promises, &pools))
}

fn page(user: &CurrentUser, seq: i64, view: &ServiceView, status: StatusCode) -> Page {
    let l = user.look.locale;
    Page::new(Nav::People, t(l, "ticket_service.title"), seq, service_panel(l, view)).status(status)
}

fn saved(kind: Kind) -> Response {
    redirect(kind, &format!("{}?saved=1", paths::TICKET_SERVICE))
}

/// Promises other hours; they hold for tickets that are opened from now on. 422 shows the form again, with what was
/// typed, 409 when somebody else was faster.
pub async fn promise(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(fields): Form<Vec<(String, String)>>,
) -> AppResult<Response> {
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let (mut wanted, mut errors) = (Vec::new(), Vec::new());
    for priority in Priority::ALL.iter().rev() {
        let names = [format!("respond_{}", priority.code()), format!("resolve_{}", priority.code())];
        match Promise::new(field(&names[0]), field(&names[1])) {
            Ok(promise) => wanted.push((*priority, promise)),
            Err(keys) => {
                errors.extend(names.into_iter().zip(keys).filter_map(|(name, key)| Some((name, key?.to_owned()))))
            }
        }
    }
    if !errors.is_empty() {
        let mut view = view(&app).await?;
        for promise in &mut view.promises {
            field(&format!("respond_{}", promise.priority)).clone_into(&mut promise.respond);
            field(&format!("resolve_{}", promise.priority)).clone_into(&mut promise.resolve);
        }
        field("drawn").clone_into(&mut view.drawn);
        return Ok(page(&user, seq, &ServiceView { errors, ..view }, StatusCode::UNPROCESSABLE_ENTITY).into_response());
    }
    let mut tx = app.live.begin().await?;
    let before = queries::list_promises(&mut *tx).await?;
    if present_service::drawn(&before) != field("drawn") {
        drop(tx);
        let mut view = view(&app).await?;
        present_service::promises_differ(user.look.locale, &mut view, |name| field(name).to_owned());
        return Ok(page(&user, seq, &view, StatusCode::CONFLICT).into_response());
    }
    for (priority, promise) in &wanted {
        queries::put_promise(&mut tx, *priority, *promise).await?;
    }
    let (was, is) = audit::difference(json_of(&before), json_of(&wanted));
    let ip = ip.to_string();
    let entry = Entry::new(Some(user.id), &ip, "ticket.sla", "ticket_sla", Uuid::nil());
    audit::record(&mut tx, Entry { entity_id: None, ..entry }.before(was).after(is), app.clock.now()).await?;
    app.live.commit(tx).await?;
    Ok(saved(kind))
}

fn json_of(promises: &[(Priority, Promise)]) -> Value {
    let pairs = promises.iter().map(|(priority, promise)| {
        (priority.code().to_owned(), json!([promise.respond_minutes / 60, promise.resolve_minutes / 60]))
    });
    Value::Object(pairs.collect())
}

/// Lets somebody join a pool, or changes their part in it; what waited for them is given to them at the next look. 422
/// shows the form again, with what was typed, 409 with both when somebody else changed it meanwhile.
pub async fn load(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(form): Form<LoadForm>,
) -> AppResult<Response> {
    let application =
        Application::from_code(&form.application).ok_or_else(|| AppError::BadRequest("application".to_owned()))?;
    let mut tx = app.live.begin().await?;
    let (who, load) = match check(&mut tx, &form, application).await? {
        Ok(checked) => checked,
        Err(errors) => {
            drop(tx);
            let mut view = view(&app).await?;
            present_service::put_typed(&mut view, application, typed(&form, errors));
            return Ok(page(&user, seq, &view, StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    let is_active = form.is_active == "1";
    let before = queries::find_load(&mut tx, application, who).await?;
    let was_drawn = before.map(present_service::drawn_load).unwrap_or_default() == form.drawn;
    if !was_drawn || !queries::put_load(&mut tx, application, who, load, is_active, before.is_none()).await? {
        drop(tx);
        let mut view = view(&app).await?;
        let typed = PoolMemberView { id: who.to_string(), ..typed(&form, Vec::new()) };
        present_service::load_differs(user.look.locale, &mut view, application, typed);
        return Ok(page(&user, seq, &view, StatusCode::CONFLICT).into_response());
    }
    live::pool_changed(&mut tx, application);
    let json = |(weight, capacity, is_active): (i64, Option<i64>, bool)| json!({ "application": application.code(), "weight": weight, "capacity": capacity, "is_active": is_active });
    let after = json((load.weight, load.capacity, is_active));
    let ip = ip.to_string();
    let entry = Entry::new(Some(user.id), &ip, "ticket.pool", "ticket_pool", who.0);
    let entry = entry.before(before.map_or(json!({}), json)).after(after);
    audit::record(&mut tx, entry, app.clock.now()).await?;
    app.live.commit(tx).await?;
    Ok(saved(kind))
}

type Checked = Result<(UserId, Load), Vec<(String, String)>>;

async fn check(tx: &mut crate::live::LiveTx, form: &LoadForm, application: Application) -> AppResult<Checked> {
    let mut errors = Vec::new();
    let who = match form.user.parse::<UserId>() {
        // Who is changed is in it; nobody joins by an id.
        Ok(id) => queries::find_load(tx, application, id).await?.map(|_| id).ok_or(AppError::NotFound)?.into(),
        Err(_) => queries::find_person(tx, &form.person).await?,
    };
    if who.is_none() {
        let key = if form.person.trim().is_empty() { "field.required" } else { "ticket_service.person.none" };
        errors.push(("person".to_owned(), key.to_owned()));
    }
    let load = Load::new(&form.weight, &form.capacity);
    if let Err(keys) = load {
        errors.extend(
            ["weight", "capacity"].into_iter().zip(keys).filter_map(|(n, key)| Some((n.to_owned(), key?.to_owned()))),
        );
    }
    Ok(match (who, load) {
        (Some(who), Ok(load)) => Ok((who, load)),
        _ => Err(errors),
    })
}

fn typed(form: &LoadForm, errors: Vec<(String, String)>) -> PoolMemberView {
    PoolMemberView {
        id: form.user.clone(),
        name: form.person.clone(),
        has_account: true,
        weight: form.weight.clone(),
        capacity: form.capacity.clone(),
        is_active: form.is_active == "1",
        errors,
        drawn: form.drawn.clone(),
        ..PoolMemberView::default()
    }
}
