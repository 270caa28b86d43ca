//! Redis is lost, in each of the ways that it can be: events go on through the outbox, and everybody is told.

use std::time::Duration;

use crea::auth::{Module, Role};

use crate::{
    floor::Floor,
    harness::{Backend, Database, eventually, servers::Redis, skip_without},
    tab::{Server, Tab},
    talk::person,
};

/// What goes through the outbox is this late at most, on a machine that is busy.
const LATE: Duration = Duration::from_secs(4);

/// Says that Redis is gone, on `/readyz`, in the figures and on every screen, and stays ready.
async fn is_told(floor: &mut Floor) {
    floor.until_state("Redis is down", |state| state.contains("\"redis\":\"down\"")).await;
    assert_eq!(floor.ask("/readyz").await.status, 200, "it goes on without");
    assert_eq!(floor.figure("crea_redis_up").await, Some(0.0));
    floor.until_delayed(true).await;
}

/// And that it is back.
async fn is_over(floor: &mut Floor) {
    floor.until_state("Redis is up", |state| state.contains("\"redis\":\"up\"")).await;
    assert_eq!(floor.figure("crea_redis_up").await, Some(1.0));
    floor.until_delayed(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_killed_is_told_to_everybody_and_found_again() {
    if skip_without(Backend::Postgres, "a_redis_that_is_killed") {
        return;
    }
    let mut redis = Redis::start();
    let database = Database::migrated(Backend::Postgres).await;
    Floor::run(database, redis.url(), async |floor| {
        for _ in 0..2 {
            redis.kill();
            // At once, before anybody noticed.
            assert!(floor.exchange().await < LATE);
            is_told(floor).await;
            assert!(floor.exchange().await < LATE);
            redis.restart();
            is_over(floor).await;
            floor.exchange().await;
        }
        floor.is_whole().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_freezes_holds_nobody_up_and_goes_on_when_it_thaws() {
    if skip_without(Backend::Postgres, "a_redis_that_freezes") {
        return;
    }
    let redis = Redis::start();
    let database = Database::migrated(Backend::Postgres).await;
    Floor::run(database, redis.url(), async |floor| {
        redis.freeze();
        // The connection is open and says nothing: only a question shows it.
        assert!(floor.exchange().await < LATE);
        is_told(floor).await;
        assert!(floor.exchange().await < LATE);
        redis.thaw();
        is_over(floor).await;
        floor.exchange().await;
        floor.is_whole().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_forgets_everything_takes_nobody_off_the_screen() {
    if skip_without(Backend::Postgres, "a_redis_that_forgets") {
        return;
    }
    let redis = Redis::start();
    let database = Database::migrated(Backend::Postgres).await;
    Floor::run(database, redis.url(), async |floor| {
        let (app, luis) = (floor.app.clone(), floor.luis.user.id.0);
        let is_there = async || app.live.directory().is_online(luis).then_some(());
        eventually("who is on the other instance is there", is_there).await;
        redis.wipe().await;
        // Somebody comes: both instances read who is there.
        let campaign = app.campaign(Module::Telefonica).await;
        let eva = person(&app, "eva", Role::Supervisor, &campaign).await;
        let hers = Tab::open(&Server::start(&app).await, &eva.client, "/").await;
        let written = async || (redis.keys("crea:*:online:*").await == 2).then_some(());
        eventually("both instances write again who is there", || async {
            assert!(app.live.directory().is_online(luis), "nobody left");
            written().await
        })
        .await;
        assert!(hers.is_connected());
        assert!(floor.exchange().await < LATE);
        floor.is_whole().await;
    })
    .await;
}
