//! Linking a ticket to another one, and taking that back: who works on it and staff, to what they may read themselves.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::paths;

use super::{
    super::{
        live,
        queries::{self, NewEntry, Viewer},
    },
    detail::{Said, refused},
    turn::Turn,
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::TicketId,
    web::{Form, Kind, Path, redirect},
};

/// What a link says, as forms send it: as it is stored, and `blocked` for the other way round.
const KINDS: [&str; 4] = ["related", "blocks", "blocked", "duplicate"];

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LinkForm {
    number: String,
    kind: String,
}

/// What people say and type: `#123`, `123`.
pub fn number_of(typed: &str) -> Option<i64> {
    typed.trim().trim_start_matches('#').parse().ok()
}

/// Links it. 403 for who may not; 422 for a number that the person may not read, which is as if it were not there.
pub async fn link(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<LinkForm>,
) -> AppResult<Response> {
    match store(&app, Viewer::of(&user), id, &form).await? {
        None => Ok(redirect(kind, &paths::ticket(&id.to_string()))),
        Some(key) => Ok(refused(&app, &user, id, Said::wrong("number", key)).await?.into_response()),
    }
}

async fn store(app: &App, viewer: Viewer, id: TicketId, form: &LinkForm) -> AppResult<Option<&'static str>> {
    let mut turn = Turn::begin(app, viewer, id).await?;
    if !turn.row.can(viewer).bring {
        return Err(AppError::Forbidden);
    }
    let kind = KINDS.into_iter().find(|kind| *kind == form.kind);
    let kind = kind.ok_or_else(|| AppError::BadRequest("kind".to_owned()))?;
    let other = match number_of(&form.number) {
        Some(number) => queries::find_numbered(&mut turn.tx, viewer, number).await?,
        None => None,
    };
    let Some(other) = other.filter(|other| *other != id) else { return Ok(Some("tickets.links.unknown")) };
    if !queries::can_link(&mut turn.tx, [id, other]).await? {
        return Ok(Some("tickets.links.crowded"));
    }
    let (from, to, stored) = if kind == "blocked" { (other, id, "blocks") } else { (id, other, kind) };
    if !queries::link(&mut turn.tx, from, to, stored, turn.now).await? {
        return Ok(Some("tickets.links.known"));
    }
    // Neither number nor subject: not all who read this one read the other.
    turn.tell(NewEntry::change(Some(viewer.id), "link", "", kind)).await?;
    live::looked_anew(&mut turn.tx, other);
    turn.finish().await?;
    Ok(None)
}

/// Which link.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct UnlinkForm {
    other: String,
}

/// Takes it away. 403 for who may not, and for what says where a duplicate goes on: opening it again undoes that.
pub async fn unlink(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<UnlinkForm>,
) -> AppResult<Response> {
    let viewer = Viewer::of(&user);
    let mut turn = Turn::begin(&app, viewer, id).await?;
    if !turn.row.can(viewer).bring {
        return Err(AppError::Forbidden);
    }
    let other = form.other.parse().map_err(|_| AppError::BadRequest("other".to_owned()))?;
    let other = queries::find_for_read(&mut turn.tx, viewer, other).await?;
    if turn.row.merged_into_id == Some(other.id) || other.merged_into_id == Some(id) {
        return Err(AppError::Forbidden);
    }
    if queries::unlink(&mut turn.tx, id, other.id).await? {
        turn.tell(NewEntry::change(Some(viewer.id), "unlink", "", "")).await?;
        live::looked_anew(&mut turn.tx, other.id);
        turn.finish().await?;
    }
    Ok(redirect(kind, &paths::ticket(&id.to_string())))
}
