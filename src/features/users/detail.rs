//! One account: its page, and the form that changes it.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{layout::Nav, paths, people::detail};

use super::{
    change::{Change, Saved},
    fields::Pairs,
    locks::Locks,
    model::{Fields, Standing},
    present::{self, Shown},
    queries,
};
use crate::{
    app::{App, Cursor},
    auth::{CurrentUser, Role},
    error::{AppError, AppResult, FieldErrors},
    features::access,
    ids::UserId,
    web::{ClientIp, Form, Kind, Page, Path, Query, redirect},
};

/// Entries of the history that are shown.
const HISTORY: i64 = 20;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct DetailQuery {
    #[serde(default)]
    done: String,
}

/// What the page says besides the account.
#[derive(Default)]
pub struct Said {
    /// Key of what was just done.
    pub done_key: Option<&'static str>,
    /// A link that is shown once.
    pub link: Option<detail::LinkView>,
    /// What was typed and is not stored.
    pub typed: Option<Fields>,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Somebody else was faster.
    pub is_conflict: bool,
}

/// The page.
pub async fn show_user(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<UserId>,
    Query(query): Query<DetailQuery>,
) -> AppResult<Page> {
    let done_key = present::done_key(&query.done);
    page(&app, &user, seq, id, Said { done_key, ..Said::default() }).await
}

/// Draws an account's page.
pub async fn page(app: &App, user: &CurrentUser, seq: i64, id: UserId, said: Said) -> AppResult<Page> {
    let now = app.clock.now();
    let found = queries::find_user(&app.db, id).await?;
    let locks = Locks::read(app).await?;
    let shown = Shown {
        is_locked: locks.hold(&found.email, found.document.as_deref()),
        has_factor: access::has_factor(&app.db, id).await?,
        member_of: queries::list_memberships(&app.db, id).await?,
        campaigns: queries::list_active_campaigns(&app.db).await?,
        sessions: access::list_sessions(&app.db, id, now).await?,
        history: queries::list_history(&app.db, id, HISTORY).await?,
        user: found,
    };
    let status = match (said.is_conflict, said.errors.0.is_empty()) {
        (true, _) => StatusCode::CONFLICT,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, true) => StatusCode::OK,
    };
    let view = present::page_view(user, &shown, said, app.live.directory(), now);
    let main = detail::panel(user.look.locale, &view);
    Ok(Page::new(Nav::People, &view.person.name, seq, main).status(status))
}

/// Stores the form. 422 with what is wrong beside it, 409 with both when somebody else was faster.
#[allow(clippy::too_many_arguments, reason = "extractors, read aloud as a list")]
pub async fn update_user(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<UserId>,
    Form(pairs): Form<Pairs>,
) -> AppResult<Response> {
    let ip = ip.to_string();
    let mut fields = Fields::of(&pairs);
    let mut said = Said { errors: fields.errors(), ..Said::default() };
    if said.errors.0.is_empty() {
        let becomes = |was: Standing| Standing {
            role: fields.role.unwrap_or(Role::Asesor),
            // The box is only there for superusers; without it the flag stays.
            is_superuser: if user.is_superuser { fields.is_superuser } else { was.is_superuser },
            ..was
        };
        match Change::begin(&app, &user, &ip, id, becomes).await {
            Ok(change) => {
                fields.is_superuser = becomes_superuser(&user, &change, &fields);
                match change.save(&fields).await? {
                    Saved::Done => {
                        return Ok(redirect(kind, &format!("{}?done=saved", paths::user(&id.to_string()))));
                    }
                    Saved::Conflict => said.is_conflict = true,
                    Saved::Invalid(errors) => said.errors = errors,
                }
            }
            // A rule that was broken is said in the form, which keeps what was typed.
            Err(AppError::Conflict(key)) => said.errors.add("", key.0),
            Err(error) => return Err(error),
        }
    }
    said.typed = Some(fields);
    Ok(page(&app, &user, seq, id, said).await?.into_response())
}

fn becomes_superuser(user: &CurrentUser, change: &Change<'_>, fields: &Fields) -> bool {
    if user.is_superuser { fields.is_superuser } else { change.before.is_superuser }
}
