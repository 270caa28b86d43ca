//! What happens by itself: a resolved ticket that nobody opens again is accepted after five working days (domain:
//! tickets, section 2). Any number of instances may look; the database gives each ticket to one.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::{
    model::Status,
    queries::{self, NewEntry, Viewer},
    routes::Turn,
};
use crate::{app::App, auth::Role, error::AppResult};

/// How often an instance looks.
const EVERY: Duration = Duration::from_secs(30);
/// Tickets of one look; the next one takes the rest.
const ROUND: usize = 200;

/// Looks every half minute until the task is ended.
pub async fn keep(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = run_once(&app).await {
            app.note(&error);
            tracing::warn!(%error, "cannot close what was accepted");
        }
    }
}

/// Closes what is due; answers how many.
///
/// # Errors
/// The database does not answer. What was closed until then stays closed.
pub async fn run_once(app: &App) -> AppResult<usize> {
    let mut done = 0;
    while done < ROUND && queries::is_any_accepted(&app.db, app.clock.now()).await? {
        let mut tx = app.live.begin().await?;
        let Some((id, requester)) = queries::take_accepted(&mut tx, app.clock.now()).await? else { break };
        // As if the requester had accepted it, who is therefore told nothing.
        let requester = Viewer { id: requester, role: Role::Asesor, is_superuser: false };
        let mut turn = Turn::within(app, tx, requester, id).await?;
        let (from, clock) = (turn.row.status, turn.row.clock());
        queries::move_to(&mut turn.tx, id, Status::Closed, clock, None, turn.now).await?;
        turn.tell(NewEntry::change(None, "status", from.code(), Status::Closed.code())).await?;
        turn.finish().await?;
        done += 1;
    }
    Ok(done)
}
