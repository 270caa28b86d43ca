//! `kill -9` of an instance while it rings a thousand alarms: what it had in hands the other one rings, each once.

use std::{collections::HashMap, net::SocketAddr};

use chrono::TimeDelta;
use crea::{
    auth::{Module, Role},
    clock::Clock,
    features::alarms,
    sql,
};
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    harness::{Backend, Database, PATIENCE, TestApp, alarms::call_back, raw::Raw, servers::Redis, skip_without},
    killed::start,
    talk::person,
};

const ALARMS: usize = 1_000;
/// Alarms that are set in one transaction.
const BATCH: usize = 100;
/// So long that all are set before they are due.
const AHEAD: TimeDelta = TimeDelta::seconds(6);

/// A screen that counts how often each alarm rings on it.
struct Screen {
    address: SocketAddr,
    cookie: String,
    cursor: i64,
    rung: HashMap<String, usize>,
}

impl Screen {
    /// Hears until so many have rung. More at once than a socket takes closes it: it comes back by its cursor.
    async fn hear(&mut self, until: usize) {
        while self.rung.len() < until {
            let query = format!("cursor={}", self.cursor);
            let mut socket = Raw::open(self.address, &self.cookie, &query).await.expect("accepted");
            while self.rung.len() < until {
                let Some(frame) = socket.frame().await.filter(|frame| frame.opcode != 8) else { break };
                self.take(&String::from_utf8_lossy(&frame.payload));
            }
        }
    }

    fn take(&mut self, frame: &str) {
        for event in frame.split("<hx-live seq=\"").skip(1) {
            let seq = event.split('"').next().and_then(|seq| seq.parse().ok());
            self.cursor = seq.unwrap_or(self.cursor);
            for alarm in event.split("data-alarm=\"").skip(1) {
                *self.rung.entry(alarm[..36].to_owned()).or_default() += 1;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_instances_is_killed_while_it_rings_and_each_alarm_rings_once() {
    if skip_without(Backend::Postgres, "one_of_two_instances_is_killed_while_it_rings") {
        return;
    }
    let (redis, database) = (Redis::start(), Database::migrated(Backend::Postgres).await);
    let app = TestApp::on(database, Clock::system(), Some(redis.url())).await;
    let own = app.campaign(Module::Core).await;
    let ana = person(&app, "ana", Role::Asesor, &own).await;
    let (mut dying, staying) = (start(&app), start(&app));
    let due_at = app.now() + AHEAD;
    for _ in 0..ALARMS / BATCH {
        let mut tx = app.live.begin().await.unwrap();
        for _ in 0..BATCH {
            alarms::set(&mut tx, &call_back(Uuid::now_v7(), due_at, &[ana.user.id]), app.now()).await.unwrap();
        }
        app.live.commit(tx).await.unwrap();
    }
    assert!(app.now() < due_at, "this machine is too slow for the test");
    let cursor = app.live.cursor().await.unwrap();
    let mut screen = Screen { address: staying.address, cookie: ana.client.cookie(), cursor, rung: HashMap::new() };
    timeout(PATIENCE * 2, screen.hear(1)).await.expect("they ring");
    dying.kill();
    timeout(PATIENCE * 2, screen.hear(ALARMS)).await.expect("the other rings the rest");
    let twice = screen.rung.values().filter(|times| **times > 1).count();
    assert_eq!((screen.rung.len(), twice), (ALARMS, 0), "each once");
    let (open,): (i64,) = app.db.one(sql!("select count(*) from alarm_recipient where rung_at is null")).await.unwrap();
    assert_eq!(open, 0);
    app.finish().await;
}
