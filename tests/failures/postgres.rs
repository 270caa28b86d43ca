//! PostgreSQL is lost, in each of the ways that it can be: screens stay, everybody is told, and retries store once.

use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::{
    floor::Floor,
    harness::{
        Backend, Database, eventually,
        raw::{End, Raw},
        servers::{Postgres, Redis},
        skip_without,
        talk::send_as,
    },
};

/// A load balancer and a person wait no longer for a word of it.
const SOON: Duration = Duration::from_secs(8);

/// Says that the database is gone, on `/readyz`, in the figures and on every screen, and in bounded time.
async fn is_told(floor: &mut Floor) {
    let since = Instant::now();
    floor.until_state("the database is down", |state| state.contains("\"database\":\"down\"")).await;
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    assert_eq!(floor.ask("/readyz").await.status, 503);
    assert_eq!(floor.ask("/healthz").await.status, 200);
    assert_eq!(floor.figure("crea_database_up").await, Some(0.0), "figures are there when they are needed");
    floor.until_delayed(true).await;
}

/// And that it is back.
async fn is_over(floor: &mut Floor) {
    floor.until_state("the database is up", |state| state.contains("\"ready\":true")).await;
    assert_eq!(floor.figure("crea_database_up").await, Some(1.0));
    floor.until_delayed(false).await;
    assert!(floor.hers.is_connected() && floor.his.is_connected(), "the sockets outlived it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_restarts_is_told_to_everybody_and_found_again() {
    if skip_without(Backend::Postgres, "a_database_that_restarts") {
        return;
    }
    let mut postgres = Postgres::borrow().await;
    let redis = Redis::start();
    let database = Database::migrated_on(Backend::Postgres, postgres.url()).await;
    Floor::run(database, redis.url(), async |floor| {
        let (cookie, cursor) = (floor.ana.client.cookie(), floor.app.live.cursor().await.unwrap());
        let mut restless =
            Raw::open(floor.process.address, &cookie, &format!("cursor={cursor}")).await.expect("accepted");
        postgres.stop();
        is_told(floor).await;
        // A tab that asks for another page now cannot be told whether it may see it: it comes back for that.
        restless.say(&format!(r#"{{"show":"conversation:{}","page":2,"since":{cursor}}}"#, floor.talk_id())).await;
        assert_eq!(restless.end().await, Some(End::Code(1011)));
        assert_eq!(floor.figure("crea_sockets_closed_total{cause=\"failure\"}").await, Some(1.0));
        let id = Uuid::now_v7();
        let refused = send_as(&floor.ana.client, &floor.talk_id(), &id.to_string(), "de Ana").await;
        assert_eq!(refused.status, 503, "{}", refused.text);
        postgres.restart();
        floor.ana_writes(id).await;
        is_over(floor).await;
        floor.exchange().await;
        floor.is_whole().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_freezes_keeps_the_sockets_and_loses_nothing() {
    if skip_without(Backend::Postgres, "a_database_that_freezes") {
        return;
    }
    let postgres = Postgres::borrow().await;
    let redis = Redis::start();
    let database = Database::migrated_on(Backend::Postgres, postgres.url()).await;
    Floor::run(database, redis.url(), async |floor| {
        postgres.freeze();
        let (client, talk, id) = (floor.ana.client.clone(), floor.talk_id(), Uuid::now_v7());
        let hanging = tokio::spawn(async move { send_as(&client, &talk, &id.to_string(), "de Ana").await.status });
        is_told(floor).await;
        postgres.thaw();
        assert!(matches!(hanging.await.unwrap().as_u16(), 200 | 503));
        // Whatever became of it: the same again.
        floor.ana_writes(id).await;
        is_over(floor).await;
        floor.exchange().await;
        floor.is_whole().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_again_and_again_cost_no_message_and_no_socket() {
    if skip_without(Backend::Postgres, "connections_that_are_cut") {
        return;
    }
    let postgres = Postgres::borrow().await;
    let redis = Redis::start();
    let database = Database::migrated_on(Backend::Postgres, postgres.url()).await;
    let name = database.name.clone();
    Floor::run(database, redis.url(), async |floor| {
        for _ in 0..4 {
            let cut = async || (postgres.cut(&name).await > 0).then_some(());
            eventually("there is something to cut", cut).await;
            floor.exchange().await;
        }
        is_over(floor).await;
        floor.is_whole().await;
    })
    .await;
}
