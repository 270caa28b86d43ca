//! SQL of the loop that rings: what is due next, and claiming it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, types::Json};

use super::super::model::NewAlarm;
use crate::{
    db::{Db, DbResult, Tx},
    ids::{AlarmId, UserId},
    sql,
};

/// When the next alarm is due, for whomever; asked by an idle instance, and all that it asks.
pub async fn next_due(db: &Db) -> DbResult<Option<DateTime<Utc>>> {
    let row: Option<(DateTime<Utc>,)> = db
        .opt(sql!(
            "select due_at from alarm_recipient where rung_at is null and acknowledged_at is null \
             order by due_at, alarm_id, user_id limit 1"
        ))
        .await?;
    Ok(row.map(|(at,)| at))
}

/// A person's row that this instance rings.
#[derive(Clone, Debug, FromRow)]
pub struct Claimed {
    /// Which alarm.
    pub alarm_id: AlarmId,
    /// For whom.
    pub user_id: UserId,
    /// Whether because nobody else acknowledged it.
    pub is_escalation: bool,
}

/// Claims what is due, the oldest first, at most `most`; what another instance has in hands is left to it.
pub async fn claim_due(tx: &mut Tx, now: DateTime<Utc>, most: i64) -> DbResult<Vec<Claimed>> {
    let sql = sql!(
        "with due as (select r.alarm_id, r.user_id from alarm_recipient r \
           where r.rung_at is null and r.acknowledged_at is null and r.due_at <= $1 \
           order by r.due_at, r.alarm_id, r.user_id limit $2",
        now,
        most
    );
    let sql = sql.push(tx.skip_locked()).push(
        ") update alarm_recipient set rung_at = $1, is_snoozed = false \
         where rung_at is null and (alarm_id, user_id) in (select d.alarm_id, d.user_id from due d) \
         returning alarm_id, user_id, is_escalation",
    );
    tx.all(sql).await
}

/// What an alarm says.
#[derive(Clone, Debug, FromRow)]
pub struct TextRow {
    /// Which.
    pub id: AlarmId,
    /// Key of the text.
    pub text_key: String,
    /// Values of its placeholders.
    pub args: Json<BTreeMap<String, String>>,
    /// Where it leads.
    pub href: String,
    /// When it was due.
    pub due_at: DateTime<Utc>,
}

impl TextRow {
    /// Whether it says what the feature wants it to say.
    pub fn says(&self, new: &NewAlarm) -> bool {
        self.text_key == new.text_key && self.args.0 == new.args && self.href == new.href
    }

    /// The same alarm in other words.
    pub fn rewritten(&self, new: &NewAlarm) -> Self {
        let (text_key, args) = (new.text_key.to_owned(), Json(new.args.clone()));
        Self { text_key, args, href: new.href.clone(), ..self.clone() }
    }
}

/// What these alarms say, the earliest first.
pub async fn find_texts(tx: &mut Tx, ids: &[AlarmId]) -> DbResult<Vec<TextRow>> {
    let sql = sql!("select id, text_key, args, href, due_at from alarm where id in ").list(ids.iter().copied());
    tx.all(sql.push(" order by due_at, id")).await
}
