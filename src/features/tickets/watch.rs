//! Deadlines that ring: a warning before a ticket is late, and the alarm when it is, for who works on it and for the
//! supervisors of its campaign. Set anew with every change that moves the deadline or the people.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use views::paths;

use super::{
    hours::Hours,
    model::{SlaClock, WorkingTime as _},
    queries::{self, TicketRow},
};
use crate::{
    db::DbResult,
    features::alarms::{self, Escalation, NewAlarm},
    ids::UserId,
    live::LiveTx,
};

/// Most of its time is used up.
const WARNING: &str = "ticket.warning";
/// It was to be solved by now.
const BREACH: &str = "ticket.breach";
/// A warning comes when so much of the time is used, in percent.
const WARN_AT_PCT: i64 = 80;
/// Supervisors are told of a warning that nobody looked at.
const PATIENCE: Duration = Duration::minutes(15);

/// Sets both alarms of a ticket whose clock runs, and takes them back from one whose clock stands.
pub async fn watch(tx: &mut LiveTx, row: &TicketRow, now: DateTime<Utc>) -> DbResult<()> {
    let Some(breach_at) = row.resolve_by else {
        for kind in [WARNING, BREACH] {
            alarms::cancel(tx, kind, row.id.0, now).await?;
        }
        return Ok(());
    };
    let staff = queries::list_supervisors(tx, row.campaign_id).await?;
    let hours = Hours::of(tx, row.campaign_id).await?;
    let helper: Vec<UserId> = row.assignee_id.into_iter().collect();
    let warned = if helper.is_empty() { staff.clone() } else { helper.clone() };
    let escalation = (!helper.is_empty()).then(|| staff.clone());
    let warning_at = warning_at(row.clock(), &hours).unwrap_or(breach_at);
    let escalation = escalation.map(|people| Escalation { at: warning_at + PATIENCE, people });
    let all: Vec<UserId> = helper.into_iter().chain(staff).collect();
    let alarm = |kind, text_key, due_at, people, escalation| NewAlarm {
        kind,
        subject: row.id.0,
        text_key,
        args: BTreeMap::from([("number".to_owned(), row.number.to_string()), ("title".to_owned(), row.title.clone())]),
        href: paths::ticket(&row.id.to_string()),
        due_at,
        people,
        escalation,
    };
    alarms::set(tx, &alarm(WARNING, "tickets.alarm.warning", warning_at, warned, escalation), now).await?;
    alarms::set(tx, &alarm(BREACH, "tickets.alarm.breach", breach_at, all, None), now).await?;
    Ok(())
}

/// When most of the time is used up; the beginning for what had used it before.
fn warning_at(clock: SlaClock, hours: &Hours) -> Option<DateTime<Utc>> {
    let left = clock.resolve_minutes * WARN_AT_PCT / 100 - clock.minutes_used;
    clock.since.map(|since| hours.after(since, left))
}
