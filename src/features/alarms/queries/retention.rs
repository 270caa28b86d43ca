//! SQL that forgets.

use chrono::{DateTime, Utc};

use crate::{
    db::{DbResult, Tx},
    sql,
};

/// Deletes people's rows that were acknowledged before an instant, at most `most`.
pub async fn delete_acknowledged(tx: &mut Tx, before: DateTime<Utc>, most: i64) -> DbResult<u64> {
    tx.exec(sql!(
        "delete from alarm_recipient where (alarm_id, user_id) in (select r.alarm_id, r.user_id from alarm_recipient r \
           where r.acknowledged_at < $1 order by r.acknowledged_at, r.alarm_id, r.user_id limit $2)",
        before,
        most
    ))
    .await
}

/// Deletes alarms that ended before an instant, or were acknowledged, and that no person's row names.
pub async fn delete_orphans(tx: &mut Tx, before: DateTime<Utc>, most: i64) -> DbResult<u64> {
    tx.exec(sql!(
        "delete from alarm where id in (select a.id from alarm a where a.created_at < $1 \
           and (a.ended_at < $1 or a.acknowledged_at < $1) \
           and not exists (select 1 from alarm_recipient r where r.alarm_id = a.id) \
           order by a.created_at, a.id limit $2)",
        before,
        most
    ))
    .await
}
