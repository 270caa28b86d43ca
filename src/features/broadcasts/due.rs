//! What happens by itself: mass messages whose time has come go out, others end. Any number of instances may look; the
//! database gives each to one. Nothing is kept in memory, so a restart forgets nothing.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::{
    live,
    model::{Sender, within_reach},
    queries, send,
};
use crate::{app::App, error::AppResult, features::chat::find_fresh_card};

/// How often an instance looks.
const EVERY: Duration = Duration::from_secs(1);

/// Looks once a second, and whenever somebody sends one at once, until the task is ended.
pub async fn keep(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = app.due.notified() => {}
        }
        if let Err(error) = run_once(&app).await {
            app.note(&error);
            tracing::warn!(%error, "cannot send or end what is due");
        }
    }
}

/// Sends and ends all that is due; answers how many.
///
/// # Errors
/// The database does not answer. What was done until then stays done.
pub async fn run_once(app: &App) -> AppResult<usize> {
    let mut done = 0;
    while queries::is_anything_due(&app.db, app.clock.now()).await? {
        let (sent, ended) = (send_next(app).await?, end_next(app).await?);
        if !sent && !ended {
            break; // another instance took it
        }
        done += usize::from(sent) + usize::from(ended);
    }
    Ok(done)
}

/// Sends the next one whose time has come, to those it concerns now, by what its sender may do now.
async fn send_next(app: &App) -> AppResult<bool> {
    let mut tx = app.live.begin().await?;
    let Some(due) = queries::take_due(&mut tx, app.clock.now()).await? else { return Ok(false) };
    let sender = queries::find_sender(&mut tx, due.sender_id).await?;
    match sender.filter(|sender| !Sender::roles(*sender).is_empty()) {
        Some(sender) => {
            // What was chosen while the sender reached further is cut to what they reach now.
            let audience = within_reach(sender, due.audience.0);
            send::publish(app, &mut tx, sender, due.conversation_id, (&audience, &due.body)).await?;
        }
        // Who may no longer send does not send.
        None => {
            queries::cancel(&mut tx, due.conversation_id).await?;
            live::list_changed(&mut tx, due.sender_id);
        }
    }
    app.live.commit(tx).await?;
    Ok(true)
}

/// Ends the next one whose end has come.
async fn end_next(app: &App) -> AppResult<bool> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    let Some(id) = queries::expire_next(&mut tx, now).await? else { return Ok(false) };
    let card = find_fresh_card(&mut tx, id).await?;
    live::ended(&mut tx, &card, now, app.live.directory());
    app.live.commit(tx).await?;
    Ok(true)
}
