//! Filters of the list that people keep under a name.

use axum::{extract::State, http::Uri, response::Response};
use serde::Deserialize;
use views::paths;

use super::{
    super::{
        live,
        queries::{self, ViewRow, Viewer},
    },
    filter::ListQuery,
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult, TextKey},
    ids::TicketViewId,
    web::{Form, Kind, Path, redirect},
};

/// Longest name, in characters.
const NAME_CHARS: usize = 40;

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ViewForm {
    id: String,
    name: String,
    query: String,
    shared: String,
}

impl ViewForm {
    /// One line that is not empty; no form of ours sends another.
    fn name(&self) -> AppResult<String> {
        let words: Vec<&str> = self.name.split_whitespace().collect();
        let name: String = words.join(" ").chars().take(NAME_CHARS).collect();
        if name.is_empty() { Err(AppError::BadRequest("name".to_owned())) } else { Ok(name) }
    }

    /// The list's address, spelled right.
    fn query(&self) -> AppResult<ListQuery> {
        let bad = |_| AppError::BadRequest("query".to_owned());
        let uri: Uri = format!("{}?{}", paths::TICKETS, self.query)
            .parse()
            .map_err(|_| AppError::BadRequest("query".to_owned()))?;
        axum::extract::Query::<ListQuery>::try_from_uri(&uri).map(|query| query.0).map_err(bad)
    }
}

/// Keeps what the list shows under a name. 409 for more than one may keep; 403 for who may not share. The same form again
/// keeps one.
pub async fn keep(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Form(form): Form<ViewForm>,
) -> AppResult<Response> {
    let viewer = Viewer::of(&user);
    let (name, address) = (form.name()?, form.query()?.address());
    let id: TicketViewId = form.id.parse().map_err(|_| AppError::BadRequest("id".to_owned()))?;
    let is_shared = form.shared == "1";
    if is_shared && !viewer.may_be_staff() {
        return Err(AppError::Forbidden);
    }
    let query = address.href().split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
    let mut tx = app.live.begin().await?;
    let view = ViewRow { id, owner_id: user.id, name, query, is_shared };
    if !queries::insert_view(&mut tx, &view, app.clock.now()).await? {
        return Err(AppError::Conflict(TextKey("tickets.view.many")));
    }
    live::views_changed(&mut tx, user.id, is_shared);
    app.live.commit(tx).await?;
    Ok(redirect(kind, &address.href()))
}

/// Calls one of one's own otherwise. 404 for any other.
pub async fn rename(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketViewId>,
    Form(form): Form<ViewForm>,
) -> AppResult<Response> {
    let mut tx = app.live.begin().await?;
    let name = form.name();
    // Whether it is one's own comes before what it is to be called.
    let is_shared = queries::rename_view(&mut tx, user.id, id, name.as_deref().unwrap_or_default()).await?;
    name?;
    live::views_changed(&mut tx, user.id, is_shared);
    app.live.commit(tx).await?;
    Ok(redirect(kind, &form.query()?.address().href()))
}

/// Keeps one of one's own no more. 404 for any other.
pub async fn forget(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<TicketViewId>,
    Form(form): Form<ViewForm>,
) -> AppResult<Response> {
    let mut tx = app.live.begin().await?;
    let is_shared = queries::delete_view(&mut tx, user.id, id).await?;
    live::views_changed(&mut tx, user.id, is_shared);
    app.live.commit(tx).await?;
    Ok(redirect(kind, &form.query()?.address().href()))
}
