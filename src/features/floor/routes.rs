//! Choosing one's state.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    dom,
    layout::agent_state,
    live::morph,
    paths,
    presence::{AgentStateView, Presence},
    text::Locale,
};

use super::{
    live,
    model::{self, StateError},
    queries::{self, StateRow},
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult, FieldErrors},
    features::people,
    web::{Access, Form, Fragment, Kind, Routes, redirect},
};

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new().post(paths::AGENT_STATE, Access::SignedIn, choose_state)
}

/// A chosen state.
#[derive(Debug, Deserialize)]
pub struct StateForm {
    state: String,
    #[serde(default)]
    reason: String,
}

impl From<StateError> for AppError {
    fn from(error: StateError) -> Self {
        match error {
            StateError::NoReason => Self::Invalid(FieldErrors::one("reason", "field.required")),
            StateError::Unknown => Self::BadRequest("not a state to choose".to_owned()),
        }
    }
}

/// Sets the person's own state.
async fn choose_state(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Form(form): Form<StateForm>,
) -> AppResult<Response> {
    let state = model::State::chosen(&form.state, &form.reason)?;
    let mut tx = app.live.begin().await?;
    let row = queries::choose(&mut tx, user.id, &state, app.clock.now()).await?;
    live::state_changed(&mut tx, user.id, &row);
    app.live.commit(tx).await?;
    if kind == Kind::Partial {
        let l = user.look.locale;
        return Ok(Fragment(morph(&dom::agent_state(), agent_state(l, &state_view(l, Some(&row))))).into_response());
    }
    Ok(redirect(kind, paths::HOME))
}

/// A stored state for the menu; nothing stored is available.
pub fn state_view(l: Locale, row: Option<&StateRow>) -> AgentStateView {
    row.map_or_else(
        || AgentStateView { presence: Presence::Available, ..AgentStateView::default() },
        |row| AgentStateView {
            presence: Presence::from_code(&row.state).unwrap_or(Presence::Available),
            reason: row.reason.clone(),
            since: people::local_time(l, row.since_at),
        },
    )
}
