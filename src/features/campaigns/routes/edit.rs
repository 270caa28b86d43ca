//! The list, and what a campaign is.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use maud::html;
use serde::Deserialize;
use serde_json::json;
use views::{
    admin::{self, AdminTab},
    campaigns::form_panel,
    layout::Nav,
    paths,
    text::t,
    ui::{list_answer, list_page},
};

use super::{changed, conflict, head};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{CurrentUser, Module},
    db::is_unique_violation,
    error::{AppResult, FieldErrors},
    features::{
        campaigns::{
            form::CampaignForm,
            model::Calendar,
            present::{self, ListFilter},
            queries::{self, CampaignData, CampaignFilter},
        },
        chat, people,
        records::{self, Record},
    },
    ids::CampaignId,
    web::{ClientIp, Form, Fragment, Kind, Page, Path, Query, redirect},
};

/// Filters of the list.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    module: String,
    #[serde(default)]
    state: String,
}

/// Whether a change was just made.
#[derive(Debug, Deserialize)]
pub struct SavedQuery {
    #[serde(default)]
    saved: String,
}

/// Opening or closing.
#[derive(Debug, Deserialize)]
pub struct StateForm {
    #[serde(default)]
    active: String,
    #[serde(default)]
    version: i64,
}

/// Campaigns, filtered.
pub async fn list_campaigns(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Query(query): Query<ListQuery>,
) -> AppResult<Response> {
    let l = user.look.locale;
    let text = query.q.chars().take(100).collect::<String>();
    let filter = CampaignFilter {
        text: text.clone(),
        module: Module::from_code(&query.module),
        is_active: match query.state.as_str() {
            "active" => Some(true),
            "inactive" => Some(false),
            _ => None,
        },
    };
    let rows = queries::list(&app.db, &filter).await?;
    let shown = ListFilter {
        q: text,
        module: filter.module.map_or("", Module::code).to_owned(),
        state: filter.is_active.map_or(String::new(), |_| query.state),
    };
    let view = present::list_view(l, &shown, &rows);
    if kind == Kind::Partial {
        return Ok(Fragment(list_answer(l, &view)).into_response());
    }
    let new =
        html! { a.btn.btn-primary href=(paths::CAMPAIGN_NEW) { (views::ui::icon("plus")) (t(l, "campaigns.new")) } };
    let main = html! { (admin::tabs(l, AdminTab::Campaigns)) (list_page(l, &view, &new)) };
    Ok(Page::new(Nav::People, t(l, "campaigns.title"), seq, main).into_response())
}

/// The form of a new campaign.
pub async fn show_new(user: CurrentUser, Cursor(seq): Cursor) -> Page {
    new_page(&user, seq, &CampaignForm::blank(), &FieldErrors::default())
}

fn new_page(user: &CurrentUser, seq: i64, form: &CampaignForm, errors: &FieldErrors) -> Page {
    let l = user.look.locale;
    let main = form_panel(l, &present::form_view(None, form, errors));
    Page::new(Nav::People, t(l, "campaigns.new"), seq, main).status(status(errors))
}

fn status(errors: &FieldErrors) -> StatusCode {
    if errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Creates a campaign and leads to its members. 422 shows the form again, with what was typed.
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(form): Form<CampaignForm>,
) -> AppResult<Response> {
    let data = match form.check() {
        Ok(data) => data,
        Err(errors) => return Ok(new_page(&user, seq, &form, &errors).into_response()),
    };
    let (id, now) = (CampaignId::new(), app.clock.now());
    let calendar = serde_json::to_value(Calendar::default()).map_err(anyhow::Error::from)?;
    let mut tx = app.live.begin().await?;
    match queries::insert(&mut tx, id, &data, calendar, now).await {
        Err(error) if is_unique_violation(&error) => {
            let errors = FieldErrors::one("code", "campaigns.code.taken");
            return Ok(new_page(&user, seq, &form, &errors).into_response());
        }
        result => result?,
    }
    let ip = ip.to_string();
    let entry = Entry::new(Some(user.id), &ip, "campaign.create", "campaign", id.0).after(json_of(&data));
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, &paths::campaign_members(&id.to_string())))
}

/// What a campaign is, as the audit log keeps it.
fn json_of(data: &CampaignData) -> serde_json::Value {
    json!({
        "code": data.code, "name": data.name, "description": data.description, "module": data.module.code(),
        "time_zone": data.time_zone, "currency": data.currency,
    })
}

/// What a campaign is.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<CampaignId>,
    Query(query): Query<SavedQuery>,
) -> AppResult<Page> {
    page(&app, &user, seq, id, None, &FieldErrors::default(), query.saved == "1").await
}

async fn page(
    app: &App,
    user: &CurrentUser,
    seq: i64,
    id: CampaignId,
    typed: Option<CampaignForm>,
    errors: &FieldErrors,
    saved: bool,
) -> AppResult<Page> {
    let l = user.look.locale;
    let campaign = queries::find(&app.db, id).await?;
    let form = typed.unwrap_or_else(|| CampaignForm::of(&campaign));
    let mut view = present::form_view(Some(head(app, &campaign).await?), &form, errors);
    view.saved = saved;
    Ok(Page::new(Nav::People, &campaign.name, seq, form_panel(l, &view)).status(status(errors)))
}

/// Changes what a campaign is. Members of a campaign whose module changes get their pages anew.
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<CampaignId>,
    Form(form): Form<CampaignForm>,
) -> AppResult<Response> {
    let data = match form.check() {
        Ok(data) => data,
        Err(errors) => return Ok(page(&app, &user, seq, id, Some(form), &errors, false).await?.into_response()),
    };
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    let before = queries::find_in(&mut tx, id).await?;
    match queries::update(&mut tx, id, &data, form.version, now).await {
        Ok(0) => return Err(conflict()),
        Err(error) if is_unique_violation(&error) => {
            drop(tx);
            let errors = FieldErrors::one("code", "campaigns.code.taken");
            return Ok(page(&app, &user, seq, id, Some(form), &errors, false).await?.into_response());
        }
        result => result?,
    };
    let was = CampaignForm::of(&before).check().map_or_else(|_| json!({}), |data| json_of(&data));
    let (was, is) = audit::difference(was, json_of(&data));
    let ip = ip.to_string();
    let entry = Entry::new(Some(user.id), &ip, "campaign.update", "campaign", id.0).before(was).after(is);
    audit::record(&mut tx, entry, now).await?;
    changed(&mut tx, id);
    if before.is_active && (before.module, &before.name) != (data.module, &data.name) {
        let members = queries::active_members(&mut tx, id).await?;
        people::rights_changed(&mut tx, &members);
    }
    if before.name != data.name {
        let record = Record { kind: records::Kind::Campaign, id: id.0 };
        chat::record_renamed(&mut tx, record, &data.name).await?;
    }
    app.live.commit(tx).await?;
    Ok(redirect(kind, &format!("{}?saved=1", paths::campaign(&id.to_string()))))
}

/// Opens or closes a campaign: its members gain or lose the module at once. Its groups stay with who is in them, to be
/// read (a closed campaign lets nothing be said), so that opening it again finds them as they were.
pub async fn set_state(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<CampaignId>,
    Form(form): Form<StateForm>,
) -> AppResult<Response> {
    let is_active = form.active == "1";
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    let before = queries::find_in(&mut tx, id).await?;
    if before.is_active == is_active {
        return Ok(redirect(kind, &paths::campaign(&id.to_string())));
    }
    if queries::set_active(&mut tx, id, is_active, form.version, now).await? == 0 {
        return Err(conflict());
    }
    let members = queries::active_members(&mut tx, id).await?;
    people::rights_changed(&mut tx, &members);
    changed(&mut tx, id);
    let action = if is_active { "campaign.open" } else { "campaign.close" };
    let ip = ip.to_string();
    let entry = Entry::new(Some(user.id), &ip, action, "campaign", id.0).after(json!({ "members": members.len() }));
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, &paths::campaign(&id.to_string())))
}
