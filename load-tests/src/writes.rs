//! Durable live writes as features make them: a domain row, an audit row and an event in one commit, from many tasks at
//! once. No HTTP, no rendering of a page: what a database takes. Writers and store are one process, so that they have both
//! cores, as a server and its generator have elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::Utc;
use crea::audit;
use crea::ids::UserId;
use crea::live::Topic;
use crea::sql;
use maud::html;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::figures::{Budget, Figure};
use crate::floor::Floor;
use crate::latency::Latency;
use crate::process;
use crate::writer::Writer;

/// Tasks that write at once.
const WRITERS: usize = 32;
/// How long.
const TIME: Duration = Duration::from_secs(5);

/// Writes on a fresh copy of the floor. `least` is the budget, in commits a second.
pub async fn run(floor: &Floor, redis: Option<&str>, least: f64) -> Result<Vec<Figure>> {
    process::stay_on(process::SERVER_CORE..=process::OWN_CORE);
    let figures = measure(floor, redis, least).await;
    process::stay_on(process::OWN_CORE..=process::OWN_CORE);
    figures
}

async fn measure(floor: &Floor, redis: Option<&str>, least: f64) -> Result<Vec<Figure>> {
    let copy = floor.copy().await?;
    let writer = Arc::new(Writer::join(&copy.url, redis).await?);
    let by = writer.anyone().await?;
    let (done, began) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let mut tasks = JoinSet::new();
    for _ in 0..WRITERS {
        let (writer, done) = (Arc::clone(&writer), Arc::clone(&done));
        tasks.spawn(async move {
            let mut took = Vec::new();
            while began.elapsed() < TIME {
                let at = Instant::now();
                write(&writer, by).await?;
                took.push(at.elapsed());
                done.fetch_add(1, Relaxed);
            }
            anyhow::Ok(took)
        });
    }
    let mut took = Vec::new();
    while let Some(task) = tasks.join_next().await {
        took.extend(task??);
    }
    let rate = done.load(Relaxed) as f64 / began.elapsed().as_secs_f64();
    if let Ok(writer) = Arc::try_unwrap(writer) {
        writer.leave().await;
    }
    copy.remove().await?;
    let commit = Latency::of(took);
    Ok(vec![
        Figure::new(format!("durable live writes a second, {WRITERS} writers"), "", rate, Budget::AtLeast(least)),
        Figure::new("durable live writes: one, p99", "ms", commit.p99_ms, Budget::None),
    ])
}

async fn write(writer: &Writer, by: UserId) -> Result<()> {
    let (mut tx, now, id) = (writer.live.begin().await?, Utc::now(), Uuid::now_v7());
    tx.exec(sql!(
        "insert into conversation (id, kind, title, created_by, created_at, last_number, last_line) \
         values ($1, 'group', 'A row of a load', $2, $3, 0, '')",
        id,
        by,
        now
    ))
    .await?;
    audit::record(&mut tx, audit::Entry::new(Some(by), "local", "load.write", "conversation", id), now).await?;
    tx.append(Topic::Conversation(id), |_| html! { hx-partial hx-target=(format!("#c-{id}")) { "A row of a load" } });
    writer.live.commit(tx).await?;
    Ok(())
}
