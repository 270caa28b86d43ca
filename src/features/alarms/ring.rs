//! What rings by itself. Any number of instances look; the database gives each person's row to one of them, which rings
//! in the same transaction. Nothing is kept in memory: a restart forgets nothing, and what was due meanwhile rings late.
//!
//! A row rings once because it says that it did, not by its time: a clock that is set back repeats nothing, and one that
//! is set forward only brings forward what it says is due.

use std::{collections::BTreeMap, time::Duration};

use super::{live, present, queries};
use crate::{app::App, error::AppResult, ids::UserId};

/// Longest time without a look: what is set to be due sooner than the next known one is late by no more.
const LONGEST: Duration = Duration::from_millis(500);
/// Shortest: what is due and cannot be claimed is in the hands of another instance.
const SHORTEST: Duration = Duration::from_millis(20);
/// Rows of one transaction: other writers wait for it.
const BATCH: i64 = 200;

/// Rings what is due at its instant, until the task is ended.
pub async fn keep(app: App) {
    loop {
        if let Err(error) = run_once(&app).await {
            app.note(&error);
            tracing::warn!(%error, "cannot ring what is due");
        }
        tokio::time::sleep(pause(&app).await).await;
    }
}

/// Until the next one is due. By the clock of this moment: it is asked anew before long.
async fn pause(app: &App) -> Duration {
    match queries::next_due(&app.db).await {
        Ok(Some(at)) => (at - app.clock.now()).to_std().unwrap_or_default().clamp(SHORTEST, LONGEST),
        Ok(None) | Err(_) => LONGEST,
    }
}

/// Rings all that is due; answers for how many people's rows.
///
/// # Errors
/// The database does not answer. What rang until then has rung.
pub async fn run_once(app: &App) -> AppResult<usize> {
    let mut rung = 0;
    while queries::next_due(&app.db).await?.is_some_and(|at| at <= app.clock.now()) {
        let batch = ring_batch(app).await?;
        if batch == 0 {
            break; // another instance has it in hands
        }
        rung += batch;
    }
    Ok(rung)
}

/// Claims some of what is due and tells its people; one event for all who see the same.
async fn ring_batch(app: &App) -> AppResult<usize> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    let claimed = queries::claim_due(&mut tx, now, BATCH).await?;
    let mut people: BTreeMap<_, Vec<UserId>> = BTreeMap::new();
    for row in &claimed {
        people.entry((row.alarm_id, row.is_escalation)).or_default().push(row.user_id);
    }
    let ids: Vec<_> = claimed.iter().map(|row| row.alarm_id).collect();
    for text in queries::find_texts(&mut tx, &ids).await? {
        for is_escalation in [false, true] {
            if let Some(users) = people.get(&(text.id, is_escalation)) {
                live::rang(&mut tx, users, |l| present::rung_card(l, &text, is_escalation, now));
            }
        }
    }
    app.live.commit(tx).await?;
    Ok(claimed.len())
}
