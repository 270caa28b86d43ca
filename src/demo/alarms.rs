//! Alarms of the people whom a visitor signs in as: some are coming, some were acknowledged. None rings at the start, so
//! that a screen is free for what the visitor does.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use super::floor::Member;
use crate::{
    auth::Role,
    clock::to_millis,
    db::Tx,
    features::alarms::{Escalation, NewAlarm, plan},
    sql,
};

/// Whose it is, minutes from now (below zero: acknowledged), what it says, of whom.
const STORY: [(Role, i64, &str, &str); 6] = [
    (Role::Asesor, -1_500, "alarms.example.call_back", "Marta Ocampo"),
    (Role::Asesor, 25, "alarms.example.call_back", "Jairo Quintero"),
    (Role::Asesor, 1_480, "alarms.example.follow_up", "Lucía Prada"),
    (Role::Supervisor, -180, "alarms.example.follow_up", "Transportes Andinos"),
    (Role::Supervisor, 40, "alarms.example.follow_up", "Hotel Miramar"),
    (Role::Supervisor, 2_900, "alarms.example.call_back", "Clínica del Norte"),
];
/// After which the supervisor is told of what an agent ignores.
const PATIENCE: Duration = Duration::minutes(15);

/// Inserts them.
pub async fn insert(tx: &mut Tx, staff: &[Member], now: DateTime<Utc>) -> anyhow::Result<()> {
    let first = |role| staff.iter().find(|member| member.role == role);
    for (role, minutes, text_key, name) in STORY {
        let (Some(owner), Some(boss)) = (first(role), first(Role::Supervisor)) else { continue };
        let due_at = to_millis(now + Duration::minutes(minutes));
        let alarm = NewAlarm {
            kind: "demo",
            subject: uuid::Uuid::now_v7(),
            text_key,
            args: BTreeMap::from([("name".to_owned(), name.to_owned())]),
            href: views::paths::HOME.to_owned(),
            due_at,
            people: vec![owner.id],
            escalation: (minutes > 0).then(|| Escalation { at: due_at + PATIENCE, people: vec![boss.id] }),
        };
        let id = plan(tx, &alarm, now.min(due_at)).await?;
        if minutes < 0 {
            let known = due_at + Duration::minutes(2);
            tx.exec(sql!("update alarm set acknowledged_at = $2 where id = $1", id, known)).await?;
            tx.exec(sql!(
                "update alarm_recipient set rung_at = $2, acknowledged_at = $3 where alarm_id = $1",
                id,
                due_at,
                known
            ))
            .await?;
        }
    }
    Ok(())
}
