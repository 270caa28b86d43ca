//! The backlog drains: what nobody works on is given to whoever becomes able to. They joined a pool, came back, or
//! resolved what filled them: whatever it was, the next look finds it. Any number of instances may look; each ticket is
//! given once, by the same rule as a new one.
//!
//! What belongs to somebody whose account was closed, wherever and by whom, goes the same way: to whose turn it is, or back
//! among what nobody works on, of which staff is told. Its alarms go with it.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::{
    model::Application,
    queries::{self, Viewer},
    routes::{AWAY, Turn},
};
use crate::{app::App, error::AppResult};

/// How often an instance looks.
const EVERY: Duration = Duration::from_secs(2);
/// Tickets of one look; the next one takes the rest.
const ROUND: usize = 50;

/// Looks every other second until the task is ended.
pub async fn keep(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let looked = async { release_once(&app).await.and(drain_once(&app).await) };
        if let Err(error) = looked.await {
            app.note(&error);
            tracing::warn!(%error, "cannot give away what nobody works on");
        }
    }
}

/// Gives away what somebody can take, of each application in turn; answers how many.
///
/// # Errors
/// The database does not answer. What was given until then stays given.
pub async fn drain_once(app: &App) -> AppResult<usize> {
    let mut waiting = queries::list_waiting(&app.db, app.clock.now() - AWAY).await?;
    let mut given = 0;
    while !waiting.is_empty() && given < ROUND {
        let mut left = Vec::new();
        for application in waiting {
            if given < ROUND && give_next(app, application).await? {
                given += 1;
                left.push(application);
            }
        }
        waiting = left;
    }
    Ok(given)
}

/// Takes open tickets from those whose account is closed; answers how many.
///
/// # Errors
/// The database does not answer. What was taken until then stays taken.
pub async fn release_once(app: &App) -> AppResult<usize> {
    let mut released = 0;
    if !queries::has_left_any(&app.db).await? {
        return Ok(released);
    }
    while released < ROUND && release_next(app).await? {
        released += 1;
    }
    Ok(released)
}

/// Takes the next one from who left, and gives it to whose turn it is; false when there is none.
async fn release_next(app: &App) -> AppResult<bool> {
    let mut tx = app.live.begin().await?;
    let Some(id) = queries::take_left(&mut tx).await? else { return Ok(false) };
    let mut turn = Turn::within(app, tx, Viewer::SYSTEM, id).await?;
    let next = queries::next_in_pool(&mut turn.tx, turn.row.application, turn.now - AWAY, turn.now).await?;
    turn.give(next, "", true).await?;
    turn.finish().await?;
    Ok(true)
}

/// Gives the next one to whose turn it is; false when there is none, or nobody to take it.
async fn give_next(app: &App, application: Application) -> AppResult<bool> {
    let mut tx = app.live.begin().await?;
    let Some(id) = queries::take_waiting(&mut tx, application).await? else { return Ok(false) };
    let mut turn = Turn::within(app, tx, Viewer::SYSTEM, id).await?;
    let next = queries::next_in_pool(&mut turn.tx, application, turn.now - AWAY, turn.now).await?;
    if next.is_none() {
        return Ok(false);
    }
    turn.give(next, "", true).await?;
    turn.finish().await?;
    Ok(true)
}
