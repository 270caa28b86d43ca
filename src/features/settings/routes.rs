//! The page of settings.

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
    settings::{SettingsView, panel},
    text::t,
};

use super::{model, model::Settings, queries};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{Capability, CurrentUser, Role},
    error::{AppError, AppResult, FieldErrors, TextKey},
    features::people,
    web::{Access, ClientIp, Form, Kind, Page, Query, Routes, redirect},
};

/// Routes of this feature.
pub fn routes() -> Routes {
    let access = Access::Can(Capability::ManageSettings);
    Routes::new().get(paths::SETTINGS, access, show).post(paths::SETTINGS, access, save)
}

/// Whether a change was just made.
#[derive(Debug, Deserialize)]
pub struct SavedQuery {
    #[serde(default)]
    saved: String,
}

/// What is set now.
async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Query(query): Query<SavedQuery>,
) -> AppResult<Page> {
    let settings = queries::read(&app.db).await?;
    let mut view = view(&settings, version(&settings));
    view.saved = query.saved == "1";
    Ok(page(&user, seq, &view))
}

fn page(user: &CurrentUser, seq: i64, view: &SettingsView) -> Page {
    let l = user.look.locale;
    let status = if view.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(Nav::People, t(l, "settings.title"), seq, panel(l, view)).status(status)
}

fn view(settings: &Settings, version: i64) -> SettingsView {
    SettingsView {
        retention_months: settings.retention_months.to_string(),
        roles: Role::ALL.map(|role| (role.code().to_owned(), settings.needs_totp(role))).to_vec(),
        version,
        ..SettingsView::default()
    }
}

/// When it was last changed, in milliseconds: what a second editor's form no longer agrees with.
fn version(settings: &Settings) -> i64 {
    settings.updated_at.map_or(0, |at| at.timestamp_millis())
}

fn json_of(settings: &Settings) -> Value {
    let roles: Vec<&str> = settings.totp_roles.iter().copied().map(Role::code).collect();
    json!({ "retention_months": settings.retention_months, "totp_roles": roles })
}

/// Sets all of it; screens of people who need a second factor from now on and have none close. 422 shows the form again, 409 when somebody else was faster.
async fn save(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(fields): Form<Vec<(String, String)>>,
) -> AppResult<Response> {
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let roles = fields.iter().filter(|(name, _)| name == "totp_role").map(|(_, code)| code.as_str());
    let typed = Settings::default().with_totp_roles(roles);
    let drawn = field("version").parse().unwrap_or(0);
    let months = match model::months(field("retention_months")) {
        Ok(months) => months,
        Err(key) => {
            let mut view = view(&typed, drawn);
            field("retention_months").clone_into(&mut view.retention_months);
            view.errors = FieldErrors::one("retention_months", key).to_view();
            return Ok(page(&user, seq, &view).into_response());
        }
    };
    let wanted = Settings { retention_months: months, ..typed };
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    let before = queries::read_in(&mut tx).await?;
    if version(&before) != drawn {
        return Err(AppError::Conflict(TextKey("settings.conflict")));
    }
    queries::write(&mut tx, &wanted, now).await?;
    let (was, is) = audit::difference(json_of(&before), json_of(&wanted));
    let ip = ip.to_string();
    let entry = Entry::new(Some(user.id), &ip, "setting.update", "setting", Uuid::nil());
    audit::record(&mut tx, Entry { entity_id: None, ..entry }.before(was).after(is), now).await?;
    // Their screens load anew, and there is nothing then but the page that sets a factor up.
    let lacking = queries::list_without_factor(&mut tx, &wanted.newly_needing_totp(&before)).await?;
    people::rights_changed(&mut tx, &lacking);
    app.live.commit(tx).await?;
    Ok(redirect(kind, &format!("{}?saved=1", paths::SETTINGS)))
}
