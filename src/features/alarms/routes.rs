//! A person's own alarms: the page, acknowledging one, putting one off. Others' are not there.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Duration};
use serde::Deserialize;
use views::{
    alarms::{self as view, PageView},
    layout::Nav,
    paths,
    text::t,
    ui::{Address, PagerView},
};

use super::{
    live, present,
    queries::{self, After, Tab},
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::AlarmId,
    web::{Access, Form, Fragment, Kind, Page, Path, Query, Routes, redirect},
};

/// Alarms of one page.
const PAGE: i64 = 50;

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::ALARMS, Access::SignedIn, list)
        .post("/alarms/{id}/acknowledge", Access::SignedIn, acknowledge)
        .post("/alarms/{id}/snooze", Access::SignedIn, snooze)
}

/// Which part of one's alarms.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    tab: String,
    /// Milliseconds and id of the last row of the page before.
    #[serde(default)]
    after: String,
}

impl ListQuery {
    /// What the address misspells counts as not asked.
    fn tab(&self) -> Tab {
        match self.tab.as_str() {
            view::COMING => Tab::Coming,
            view::DONE => Tab::Done,
            _ => Tab::Ringing,
        }
    }

    fn after(&self) -> After {
        let (ms, id) = self.after.split_once('.')?;
        Some((DateTime::from_timestamp_millis(ms.parse().ok()?)?, id.parse().ok()?))
    }
}

/// What rings, what is coming, what was acknowledged.
async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Query(query): Query<ListQuery>,
) -> AppResult<Page> {
    let (l, tab) = (user.look.locale, query.tab());
    let found = queries::list(&app.db, user.id, tab, (query.after(), app.clock.now()), PAGE).await?;
    let code = match tab {
        Tab::Ringing => "",
        Tab::Coming => view::COMING,
        Tab::Done => view::DONE,
    };
    let address = Address::new(paths::ALARMS).with("tab", code);
    let last = found.rows.last().filter(|_| found.has_more);
    let next = last.map(|row| address.with("after", &format!("{}.{}", row.place(tab).timestamp_millis(), row.id)));
    let first = query.after().map(|_| address.clone());
    let view = PageView {
        tab: code,
        rows: found.rows.iter().map(|row| present::view(l, row, tab)).collect(),
        pager: PagerView::keyset(first, next),
        address,
        keys: live::LIST,
    };
    Ok(Page::new(Nav::Alarms, t(l, "alarms.title"), seq, view::panel(l, &view)))
}

/// Takes it off all screens of the person; again changes nothing. 404 for whom it does not ring for.
async fn acknowledge(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<AlarmId>,
) -> AppResult<Response> {
    let mut tx = app.live.begin().await?;
    let is_new = queries::acknowledge(&mut tx, user.id, id, app.clock.now()).await?.ok_or(AppError::NotFound)?;
    if is_new {
        queries::drop_escalations(&mut tx, id).await?;
        live::answered(&mut tx, user.id, id);
        app.live.commit(tx).await?;
    }
    Ok(answer(kind, id))
}

/// For how long it is put off.
#[derive(Debug, Default, Deserialize)]
pub struct SnoozeForm {
    #[serde(default)]
    minutes: String,
}

impl SnoozeForm {
    /// What none of our buttons says is as long as the middle one.
    fn chosen(&self) -> Duration {
        let chosen = view::SNOOZES.into_iter().find(|known| known.to_string() == self.minutes);
        Duration::minutes(chosen.unwrap_or(view::SNOOZES[1]))
    }
}

/// Takes it off all screens of the person until it rings again. What does not ring stays as it is.
async fn snooze(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<AlarmId>,
    Form(form): Form<SnoozeForm>,
) -> AppResult<Response> {
    let until = app.clock.now() + form.chosen();
    let mut tx = app.live.begin().await?;
    let is_new = queries::snooze(&mut tx, user.id, id, until).await?.ok_or(AppError::NotFound)?;
    if is_new {
        live::answered(&mut tx, user.id, id);
        app.live.commit(tx).await?;
    }
    Ok(answer(kind, id))
}

fn answer(kind: Kind, id: AlarmId) -> Response {
    if kind == Kind::Partial { Fragment(live::gone(id)).into_response() } else { redirect(kind, paths::ALARMS) }
}
