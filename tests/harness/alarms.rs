//! Alarms as features set them: in a transaction that is committed.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use crea::{
    features::alarms::{self, Escalation, NewAlarm},
    ids::{AlarmId, UserId},
};
use uuid::Uuid;

use super::TestApp;

/// A call to be returned, at an instant, by these people.
pub fn call_back(subject: Uuid, due_at: DateTime<Utc>, people: &[UserId]) -> NewAlarm {
    NewAlarm {
        kind: "test.call_back",
        subject,
        text_key: "alarms.example.call_back",
        args: BTreeMap::from([("name".to_owned(), "Eva <b>Luna</b>".to_owned())]),
        href: "/account".to_owned(),
        due_at,
        people: people.to_vec(),
        escalation: None,
    }
}

/// The same, and others who are told when nobody acknowledges it for so long.
pub fn escalating(new: NewAlarm, after: TimeDelta, people: &[UserId]) -> NewAlarm {
    let escalation = Some(Escalation { at: new.due_at + after, people: people.to_vec() });
    NewAlarm { escalation, ..new }
}

/// Sets it.
pub async fn set(app: &TestApp, new: &NewAlarm) -> AlarmId {
    let mut tx = app.live.begin().await.unwrap();
    let id = alarms::set(&mut tx, new, app.now()).await.unwrap();
    app.live.commit(tx).await.unwrap();
    id
}

/// Takes it back; whether there was one.
pub async fn cancel(app: &TestApp, subject: Uuid) -> bool {
    let mut tx = app.live.begin().await.unwrap();
    let was_there = alarms::cancel(&mut tx, "test.call_back", subject, app.now()).await.unwrap();
    app.live.commit(tx).await.unwrap();
    was_there
}

/// Gives one person's part to another.
pub async fn hand_over(app: &TestApp, subject: Uuid, from: UserId, to: UserId) {
    let mut tx = app.live.begin().await.unwrap();
    alarms::hand_over(&mut tx, subject, from, to, app.now()).await.unwrap();
    app.live.commit(tx).await.unwrap();
}

/// One that rings for these people.
pub async fn rung(app: &TestApp, people: &[UserId]) -> AlarmId {
    let id = set(app, &call_back(Uuid::now_v7(), app.now(), people)).await;
    assert_eq!(alarms::run_once(app).await.unwrap(), people.len());
    id
}
