//! SQL that sets alarms, takes them back, and notes what people answered.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    super::model::{NewAlarm, Ring},
    TextRow,
};
use crate::{
    db::{DbResult, Tx},
    ids::{AlarmId, UserId},
    sql,
};

/// An alarm that stands for a subject.
#[derive(Clone, Debug, FromRow)]
pub struct Standing {
    /// What it says.
    #[sqlx(flatten)]
    pub text: TextRow,
    /// Whether somebody acknowledged it.
    pub is_acknowledged: bool,
}

/// The alarm that stands with the same due time, locked.
pub async fn lock_same(tx: &mut Tx, new: &NewAlarm) -> DbResult<Option<Standing>> {
    // An update that changes nothing locks on both engines.
    tx.opt(sql!(
        "update alarm set ended_at = null where kind = $1 and subject_id = $2 and ended_at is null and due_at = $3 \
         returning id, text_key, args, href, due_at, acknowledged_at is not null as is_acknowledged",
        new.kind,
        new.subject,
        new.due_at
    ))
    .await
}

/// Writes anew what it says.
pub async fn rewrite(tx: &mut Tx, id: AlarmId, new: &NewAlarm) -> DbResult<()> {
    let args = json!(new.args);
    let sql =
        sql!("update alarm set text_key = $2, args = $3, href = $4 where id = $1", id, new.text_key, args, &new.href);
    tx.exec(sql).await?;
    Ok(())
}

/// Who has it: since when it rings for them; `None` for who waits for it, or acknowledged it.
pub async fn list_people(tx: &mut Tx, id: AlarmId) -> DbResult<Vec<(UserId, bool, Option<DateTime<Utc>>)>> {
    tx.all(sql!(
        "select user_id, is_escalation, case when acknowledged_at is null then rung_at end from alarm_recipient \
         where alarm_id = $1 order by user_id",
        id
    ))
    .await
}

/// Ends the alarm that stands, if there is one.
pub async fn end_pending(tx: &mut Tx, kind: &str, subject: Uuid, now: DateTime<Utc>) -> DbResult<Option<AlarmId>> {
    let row: Option<(AlarmId,)> = tx
        .opt(sql!(
            "update alarm set ended_at = $3 where kind = $1 and subject_id = $2 and ended_at is null returning id",
            kind,
            subject,
            now
        ))
        .await?;
    Ok(row.map(|(id,)| id))
}

/// Stores an alarm without people.
pub async fn insert(tx: &mut Tx, new: &NewAlarm, now: DateTime<Utc>) -> DbResult<AlarmId> {
    let id = AlarmId::new();
    tx.exec(sql!(
        "insert into alarm (id, kind, subject_id, text_key, args, href, due_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        new.kind,
        new.subject,
        new.text_key,
        json!(new.args),
        &new.href,
        new.due_at,
        now
    ))
    .await?;
    Ok(id)
}

/// Adds people, each to an alarm; who waits for it already waits until the new time, who has heard it is left alone.
/// Answers for whom anything is another now.
pub async fn insert_rings(tx: &mut Tx, rings: &[(AlarmId, Ring)]) -> DbResult<Vec<UserId>> {
    if rings.is_empty() {
        return Ok(Vec::new());
    }
    let row = |(id, ring): &(AlarmId, Ring)| {
        vec![(*id).into(), ring.user.into(), ring.is_escalation.into(), ring.due_at.into(), false.into()]
    };
    let insert = sql!("insert into alarm_recipient (alarm_id, user_id, is_escalation, due_at, is_snoozed) values ");
    let insert = insert.rows(rings.iter().map(row)).push(
        " on conflict (alarm_id, user_id) do update set is_escalation = excluded.is_escalation, due_at = excluded.due_at \
         where alarm_recipient.rung_at is null and alarm_recipient.acknowledged_at is null \
           and not alarm_recipient.is_snoozed and (alarm_recipient.due_at <> excluded.due_at \
             or alarm_recipient.is_escalation <> excluded.is_escalation) returning user_id",
    );
    let touched: Vec<(UserId,)> = tx.all(insert).await?;
    Ok(touched.into_iter().map(|(user,)| user).collect())
}

/// Somebody for whom an alarm rings no more.
#[derive(Clone, Debug, FromRow)]
pub struct Dropped {
    /// Which.
    pub alarm_id: AlarmId,
    /// For whom.
    pub user_id: UserId,
    /// Whether they had it because nobody else acknowledged it.
    pub is_escalation: bool,
    /// Whether it is on their screens.
    pub is_rung: bool,
    /// Whether they had put it off.
    pub is_snoozed: bool,
    /// When it was to ring.
    pub due_at: DateTime<Utc>,
}

const DROPPED: &str = " returning alarm_id, user_id, is_escalation, rung_at is not null as is_rung, is_snoozed, due_at";

/// Takes an alarm from all who have not acknowledged it, but for those who are `kept`.
pub async fn drop_others(tx: &mut Tx, id: AlarmId, kept: &[Ring]) -> DbResult<Vec<Dropped>> {
    let sql = sql!("delete from alarm_recipient where alarm_id = $1 and acknowledged_at is null", id);
    let sql = match kept {
        [] => sql,
        kept => sql.push(" and user_id not in ").list(kept.iter().map(|ring| ring.user)),
    };
    tx.all(sql.push(DROPPED)).await
}

/// Nobody else needs to be told of an alarm.
pub async fn drop_escalations(tx: &mut Tx, id: AlarmId) -> DbResult<()> {
    let sql = sql!(
        "delete from alarm_recipient where alarm_id = $1 and is_escalation and rung_at is null \
           and acknowledged_at is null and not is_snoozed",
        id
    );
    tx.exec(sql).await?;
    Ok(())
}

/// Takes from a person what they have not acknowledged of these alarms.
pub async fn take_from(tx: &mut Tx, ids: &[AlarmId], user: UserId) -> DbResult<Vec<Dropped>> {
    let sql = sql!("delete from alarm_recipient where user_id = $1 and acknowledged_at is null and alarm_id in ", user);
    tx.all(sql.list(ids.iter().copied()).push(DROPPED)).await
}

/// The alarms that stand for a subject, locked.
pub async fn lock_of_subject(tx: &mut Tx, subject: Uuid) -> DbResult<Vec<AlarmId>> {
    // An update that changes nothing locks on both engines.
    let sql = sql!("update alarm set ended_at = null where subject_id = $1 and ended_at is null returning id", subject);
    let rows: Vec<(AlarmId,)> = tx.all(sql).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The person knows. `None` for whom it never rang for, `false` when they had said so before.
pub async fn acknowledge(tx: &mut Tx, user: UserId, id: AlarmId, now: DateTime<Utc>) -> DbResult<Option<bool>> {
    tx.exec(sql!(
        "update alarm set acknowledged_at = coalesce(acknowledged_at, $3) where id = $1 and exists \
           (select 1 from alarm_recipient r where r.alarm_id = $1 and r.user_id = $2 and r.acknowledged_at is null \
              and (r.rung_at is not null or r.is_snoozed))",
        id,
        user,
        now
    ))
    .await?;
    let changed = tx
        .exec(sql!(
            "update alarm_recipient set acknowledged_at = $3 where alarm_id = $1 and user_id = $2 \
               and acknowledged_at is null and (rung_at is not null or is_snoozed)",
            id,
            user,
            now
        ))
        .await?;
    answer_of(tx, user, id, changed == 1).await
}

/// The person puts off what rings. `None` for whom it never rang for, `false` when it does not ring.
pub async fn snooze(tx: &mut Tx, user: UserId, id: AlarmId, until: DateTime<Utc>) -> DbResult<Option<bool>> {
    let changed = tx
        .exec(sql!(
            "update alarm_recipient set due_at = $3, rung_at = null, is_snoozed = true \
             where alarm_id = $1 and user_id = $2 and acknowledged_at is null and rung_at is not null",
            id,
            user,
            until
        ))
        .await?;
    answer_of(tx, user, id, changed == 1).await
}

/// What is not on a person's screens is theirs only when it once was.
async fn answer_of(tx: &mut Tx, user: UserId, id: AlarmId, is_changed: bool) -> DbResult<Option<bool>> {
    if is_changed {
        return Ok(Some(true));
    }
    let known: Option<(bool,)> = tx
        .opt(sql!(
            "select is_snoozed from alarm_recipient where alarm_id = $1 and user_id = $2 \
               and (rung_at is not null or is_snoozed)",
            id,
            user
        ))
        .await?;
    Ok(known.map(|_| false))
}
