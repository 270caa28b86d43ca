//! For features, inside the transaction of their own write: setting an alarm, taking it back, handing it over.
//!
//! Whoever sets alarms for a record holds that record's row, so that two of them never set the same one at once.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    live,
    model::{NewAlarm, Ring},
    present,
    queries::{self, Standing},
};
use crate::{
    clock::to_millis,
    db::{DbResult, Tx},
    ids::{AlarmId, UserId},
    live::LiveTx,
};

/// Sets the one alarm of this kind for the subject. Safe to call after every change of the record: with the due time
/// that stands already only people and text change, and who acknowledged it hears it no more; another due time takes its
/// place and rings for everybody. One that is past rings at once.
pub async fn set(tx: &mut LiveTx, new: &NewAlarm, now: DateTime<Utc>) -> DbResult<AlarmId> {
    let new = NewAlarm { due_at: to_millis(new.due_at), ..new.clone() };
    if let Some(standing) = queries::lock_same(tx, &new).await? {
        adjust(tx, &standing, &new).await?;
        return Ok(standing.text.id);
    }
    cancel(tx, new.kind, new.subject, now).await?;
    let id = plan(tx, &new, now).await?;
    // What may never ring for somebody is not among what is coming for them.
    live::planned(tx, new.rings(false).iter().filter(|ring| !ring.is_escalation).map(|ring| ring.user));
    Ok(id)
}

/// The due time is the same: people and words may be others. When they are not, nobody is told anything.
async fn adjust(tx: &mut LiveTx, Standing { text, is_acknowledged }: &Standing, new: &NewAlarm) -> DbResult<()> {
    let rings = new.rings(*is_acknowledged);
    let dropped = queries::drop_others(tx, text.id, &rings).await?;
    let rings: Vec<_> = rings.into_iter().map(|ring| (text.id, ring)).collect();
    let touched = queries::insert_rings(tx, &rings).await?;
    live::taken(tx, &dropped);
    live::planned(tx, touched);
    if text.says(new) {
        return Ok(());
    }
    queries::rewrite(tx, text.id, new).await?;
    let text = text.rewritten(new);
    for (user, is_escalation, rung_at) in queries::list_people(tx, text.id).await? {
        match rung_at {
            Some(at) => live::rang(tx, &[user], |l| present::rung_card(l, &text, is_escalation, at)),
            None => live::planned(tx, [user]),
        }
    }
    Ok(())
}

/// Stores an alarm of a database that nobody looks at yet: no screen is told.
pub async fn plan(tx: &mut Tx, new: &NewAlarm, now: DateTime<Utc>) -> DbResult<AlarmId> {
    let id = queries::insert(tx, new, now).await?;
    let rings = new.rings(false);
    queries::insert_rings(tx, &rings.iter().map(|ring| (id, *ring)).collect::<Vec<_>>()).await?;
    Ok(id)
}

/// Takes back the alarm of this kind for the subject, also from the screens on which it rings; whether there was one.
pub async fn cancel(tx: &mut LiveTx, kind: &str, subject: Uuid, now: DateTime<Utc>) -> DbResult<bool> {
    let Some(id) = queries::end_pending(tx, kind, subject, now).await? else { return Ok(false) };
    let dropped = queries::drop_others(tx, id, &[]).await?;
    live::taken(tx, &dropped);
    Ok(true)
}

/// Gives to `to` what `from` has not acknowledged of the subject's alarms; what rings already rings for them next.
pub async fn hand_over(tx: &mut LiveTx, subject: Uuid, from: UserId, to: UserId, now: DateTime<Utc>) -> DbResult<()> {
    let ids = queries::lock_of_subject(tx, subject).await?;
    let dropped = queries::take_from(tx, &ids, from).await?;
    let rings: Vec<_> = dropped
        .iter()
        .map(|row| {
            // What one person put off has still to be told to the other.
            let due_at = if row.is_snoozed { now } else { row.due_at };
            (row.alarm_id, Ring { user: to, is_escalation: row.is_escalation, due_at })
        })
        .collect();
    queries::insert_rings(tx, &rings).await?;
    live::taken(tx, &dropped);
    if !rings.is_empty() {
        live::planned(tx, [to]);
    }
    Ok(())
}
