//! Following a ticket: oneself, and others by who may bring people in.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    chat::mention_options,
    layout::Nav,
    live::Tone,
    paths,
    text::t,
    tickets::{FollowersView, followers_panel},
};

use super::{
    super::{
        live,
        queries::{self, TicketRow, Viewer},
    },
    turn::Turn,
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::{AppError, AppResult},
    features::people::person_view,
    ids::{TicketId, UserId},
    web::{Form, Fragment, Kind, Page, Path, redirect},
};

/// Who is meant; nobody: oneself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FollowForm {
    user: String,
}

impl FollowForm {
    fn user(&self, viewer: Viewer) -> AppResult<UserId> {
        if self.user.is_empty() {
            return Ok(viewer.id);
        }
        self.user.parse().map_err(|_| AppError::BadRequest("user".to_owned()))
    }
}

/// Who follows it. 404 for who may not read it.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<TicketId>,
) -> AppResult<Page> {
    page(&app, &user, seq, id, None).await
}

async fn page(
    app: &App,
    user: &CurrentUser,
    seq: i64,
    id: TicketId,
    error_key: Option<&'static str>,
) -> AppResult<Page> {
    let (l, viewer) = (user.look.locale, Viewer::of(user));
    let row = queries::find_for(&app.db, viewer, id).await?;
    let can = row.can(viewer);
    let ids = queries::followers(&mut &app.db, id).await?;
    let people = queries::list_people(&mut &app.db, ids.clone()).await?;
    let others = if can.bring { queries::list_nameable(&app.db, &row, true).await? } else { Vec::new() };
    let own = [Some(row.requester_id), row.assignee_id];
    let others = others.into_iter().filter(|p| !ids.contains(&p.id) && !own.contains(&Some(p.id)));
    let view = FollowersView {
        ticket: id.to_string(),
        number: row.number,
        title: row.title.clone(),
        followers: ids
            .iter()
            .filter_map(|id| people.get(id))
            .map(|person| {
                let is_removable = can.dismiss || person.id == viewer.id;
                (person_view(person, app.live.directory()), is_removable)
            })
            .collect(),
        candidates: can
            .bring
            .then(|| others.map(|p| (p.id.to_string(), format!("{} {}", p.first_name, p.last_name))).collect()),
        error_key,
    };
    let status = if error_key.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("#{} {}", row.number, t(l, "tickets.followers"));
    Ok(Page::new(Nav::Tickets, &title, seq, followers_panel(l, &view)).topics(live::topics(id, false)).status(status))
}

/// Follows it, or makes somebody else follow it. 403 for others by who may not bring people in; 422 for somebody whom it
/// does not concern.
pub async fn follow(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<FollowForm>,
) -> AppResult<Response> {
    let viewer = Viewer::of(&user);
    let mut turn = Turn::begin(&app, viewer, id).await?;
    let who = form.user(viewer)?;
    let is_self = who == viewer.id;
    if !is_self && !turn.row.can(viewer).bring {
        return Err(AppError::Forbidden);
    }
    if !is_self && !queries::is_nameable(&mut turn.tx, &turn.row, who).await? {
        drop(turn);
        return Ok(page(&app, &user, app.live.cursor().await?, id, Some("tickets.followers.gone"))
            .await?
            .into_response());
    }
    if turn.follow(who).await? && !is_self {
        live::notify(&mut turn.tx, who, &turn.row, "tickets.notice.followed", Tone::Info);
    }
    turn.finish().await?;
    Ok(redirect(kind, &if is_self { paths::ticket(&id.to_string()) } else { paths::ticket_followers(&id.to_string()) }))
}

/// Follows it no more, or makes somebody else follow it no more. 403 for others by who is no staff of it.
pub async fn unfollow(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketId>,
    Form(form): Form<FollowForm>,
) -> AppResult<Response> {
    let viewer = Viewer::of(&user);
    let mut turn = Turn::begin(&app, viewer, id).await?;
    let who = form.user(viewer)?;
    let is_self = who == viewer.id;
    if !is_self && !turn.row.can(viewer).dismiss {
        return Err(AppError::Forbidden);
    }
    turn.unfollow(who).await?;
    turn.finish().await?;
    let path = match is_self {
        true if queries::find_for(&app.db, viewer, id).await.is_err() => paths::TICKETS.to_owned(),
        true => paths::ticket(&id.to_string()),
        false => paths::ticket_followers(&id.to_string()),
    };
    Ok(redirect(kind, &path))
}

/// Who may be named in it, for who types "@".
pub async fn list_names(State(app): State<App>, user: CurrentUser, Path(id): Path<TicketId>) -> AppResult<Fragment> {
    let viewer = Viewer::of(&user);
    let row: TicketRow = queries::find_for(&app.db, viewer, id).await?;
    let people = queries::list_nameable(&app.db, &row, row.can(viewer).bring).await?;
    let others = people.iter().filter(|person| person.id != viewer.id);
    Ok(Fragment(mention_options(&others.map(|p| person_view(p, app.live.directory())).collect::<Vec<_>>())))
}
