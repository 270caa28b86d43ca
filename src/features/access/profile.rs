//! Who one is: names, users elsewhere, telephone.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::json;
use views::{
    account::{self, ProfileView},
    layout::Nav,
    paths,
    text::t,
};

use super::{
    model,
    queries::{self, Profile},
};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{
        CurrentUser,
        token::{self, Purpose},
    },
    error::{AppResult, FieldErrors},
    features::people,
    web::{ClientIp, Form, Kind, Page, Query, redirect},
};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct DoneQuery {
    #[serde(default)]
    saved: String,
    #[serde(default)]
    mailed: String,
}

/// The profile as typed.
#[derive(Deserialize)]
pub struct ProfileForm {
    first_name: String,
    last_name: String,
    #[serde(default)]
    greta_user: String,
    #[serde(default)]
    c8_user: String,
    #[serde(default)]
    phone: String,
}

/// The profile page.
pub async fn show_account(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Query(query): Query<DoneQuery>,
) -> AppResult<Response> {
    let profile = queries::profile(&app.db, user.id).await?;
    let mut view = view(&app, &user, profile, FieldErrors::default());
    view.saved = query.saved == "1";
    if query.mailed == "1" {
        let open = token::open_of(&app.db, user.id, Purpose::Email, app.clock.now()).await?;
        view.mailed_to = open.and_then(|token| Some(token.data().get("email")?.as_str()?.to_owned()));
    }
    Ok(page(&user, seq, StatusCode::OK, &view))
}

/// The page again with what was refused, and what was typed into the form of the address.
pub async fn page_again(
    app: &App,
    user: &CurrentUser,
    seq: i64,
    errors: FieldErrors,
    new_email: String,
) -> AppResult<Response> {
    let profile = queries::profile(&app.db, user.id).await?;
    let view = ProfileView { new_email, ..view(app, user, profile, errors) };
    Ok(page(user, seq, StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// Stores the profile. 422 with what was typed when a field is refused.
pub async fn save_profile(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(form): Form<ProfileForm>,
) -> AppResult<Response> {
    let former = queries::profile(&app.db, user.id).await?;
    let profile = Profile {
        first_name: form.first_name.trim().to_owned(),
        last_name: form.last_name.trim().to_owned(),
        greta_user: form.greta_user.trim().to_owned(),
        c8_user: form.c8_user.trim().to_owned(),
        phone: form.phone.trim().to_owned(),
    };
    let errors = refusals(&profile, &former);
    if !errors.0.is_empty() {
        return Ok(page(&user, seq, StatusCode::UNPROCESSABLE_ENTITY, &view(&app, &user, profile, errors)));
    }
    if profile != former {
        let (now, ip) = (app.clock.now(), ip.to_string());
        let mut tx = app.live.begin().await?;
        queries::set_profile(&mut tx, user.id, &profile, now).await?;
        if (&profile.first_name, &profile.last_name) != (&former.first_name, &former.last_name) {
            people::colleague_changed(&mut tx, user.id).await?;
        }
        let entry = Entry::new(Some(user.id), &ip, "profile.update", "app_user", user.id.0);
        audit::record(&mut tx, entry.before(facts(&former)).after(facts(&profile)), now).await?;
        app.live.commit(tx).await?;
    }
    Ok(redirect(kind, &format!("{}?saved=1", paths::ACCOUNT)))
}

fn refusals(profile: &Profile, former: &Profile) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (field, refusal) in [
        ("first_name", model::refuse_name(&profile.first_name)),
        ("last_name", model::refuse_name(&profile.last_name)),
        ("greta_user", model::refuse_user(&profile.greta_user, &former.greta_user)),
        ("c8_user", model::refuse_user(&profile.c8_user, &former.c8_user)),
        ("phone", model::refuse_phone(&profile.phone)),
    ] {
        if let Some(key) = refusal {
            errors.add(field, key);
        }
    }
    errors
}

fn facts(profile: &Profile) -> serde_json::Value {
    json!({
        "first_name": profile.first_name,
        "last_name": profile.last_name,
        "greta_user": profile.greta_user,
        "c8_user": profile.c8_user,
        "phone": profile.phone,
    })
}

fn view(app: &App, user: &CurrentUser, profile: Profile, errors: FieldErrors) -> ProfileView {
    ProfileView {
        me: people::me_view(user, app.live.directory()),
        first_name: profile.first_name,
        last_name: profile.last_name,
        greta_user: profile.greta_user,
        c8_user: profile.c8_user,
        phone: profile.phone,
        email: user.email.clone(),
        can_mail: app.mail.is_configured(),
        campaigns: user.campaigns.iter().map(|c| c.name.clone()).collect(),
        errors: errors.to_view(),
        ..ProfileView::default()
    }
}

fn page(user: &CurrentUser, seq: i64, status: StatusCode, view: &ProfileView) -> Response {
    let l = user.look.locale;
    Page::new(Nav::Account, t(l, "account.title"), seq, account::profile(l, view)).status(status).into_response()
}
