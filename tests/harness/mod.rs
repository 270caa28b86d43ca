//! What the integration tests share: a real application on a fresh database of either engine, people, and browsers
//! that talk to it without a port. Included by `#[path = "../harness/mod.rs"] mod harness;`.
//!
//! Time stands still at [`START`] and is moved by `app.clock.advance(…)`; the live engine's own timers are real.

#![allow(dead_code, unused_imports, unused_macros, reason = "no suite uses all of it")]

pub mod alarms;
mod app;
mod backend;
mod client;
pub mod files;
mod people;
pub mod process;
pub mod proxy;
pub mod raw;
pub mod s3;
pub mod servers;
pub mod smtp;
pub mod talk;

use std::{future::Future, panic::AssertUnwindSafe, panic::resume_unwind, time::Duration};

use futures_util::FutureExt as _;

pub use app::{START, TestApp};
pub use backend::{Backend, Database, redis_url};
pub use client::{Answer, Client};
pub use people::{Campaign, PASSWORD, User, UserBuilder};

/// How long a condition may take to come true before the test fails.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Makes the tests `name::sqlite` and `name::postgres` of one body, each on a fresh database.
///
/// `both_dbs!(agents_see_their_supervisor, |app| { app.user("ana").insert().await; });`
macro_rules! both_dbs {
    ($(#[$meta:meta])* $name:ident, |$app:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a body may need nothing of its module")]
            use super::*;

            async fn body($app: $crate::harness::TestApp) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let name = concat!(stringify!($name), "::sqlite");
                $crate::harness::run(name, $crate::harness::Backend::Sqlite, false, body).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let name = concat!(stringify!($name), "::postgres");
                $crate::harness::run(name, $crate::harness::Backend::Postgres, false, body).await;
            }
        }
    };
}

/// As [`both_dbs!`], on PostgreSQL alone and with Redis: what several instances share.
macro_rules! with_redis {
    ($(#[$meta:meta])* $name:ident, |$app:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a body may need nothing of its module")]
            use super::*;

            async fn body($app: $crate::harness::TestApp) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_and_redis() {
                let name = concat!(stringify!($name), "::postgres_and_redis");
                $crate::harness::run(name, $crate::harness::Backend::Postgres, true, body).await;
            }
        }
    };
}

/// As [`both_dbs!`], on SQLite alone: for what does not depend on the engine.
macro_rules! one_db {
    ($(#[$meta:meta])* $name:ident, |$app:ident| $body:block) => {
        $(#[$meta])*
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            async fn body($app: $crate::harness::TestApp) $body
            $crate::harness::run(stringify!($name), $crate::harness::Backend::Sqlite, false, body).await;
        }
    };
}
pub(crate) use {both_dbs, one_db, with_redis};

/// Runs one test: database made, body run, database removed however the body ended.
pub async fn run<F, Fut>(name: &str, backend: Backend, redis: bool, body: F)
where
    F: FnOnce(TestApp) -> Fut,
    Fut: Future<Output = ()>,
{
    if !backend.is_here() || (redis && redis_url().is_none()) {
        assert!(
            !backend::services_required(),
            "{name}: the service is missing, and the environment says that it must be there"
        );
        println!("skipped: {name}");
        return;
    }
    let app = Box::pin(TestApp::new(backend, redis)).await;
    let done = AssertUnwindSafe(Box::pin(body(app.clone()))).catch_unwind().await;
    app.finish().await;
    if let Err(panic) = done {
        resume_unwind(panic);
    }
}

/// Whether a test that needs `backend` has to be skipped; says so.
///
/// # Panics
/// The engine is missing, and the environment says that it must be there.
pub fn skip_without(backend: Backend, name: &str) -> bool {
    !backend.is_here() && skip(name)
}

fn skip(name: &str) -> bool {
    assert!(
        !backend::services_required(),
        "{name}: a service is missing, and the environment says that it must be there"
    );
    println!("skipped: {name}");
    true
}

/// Waits until `check` answers something, asked again and again; panics with `what` after [`PATIENCE`].
pub async fn eventually<T, F, Fut>(what: &str, mut check: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    let found = async {
        loop {
            if let Some(value) = check().await {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, found).await;
    found.unwrap_or_else(|_| panic!("did not happen within {PATIENCE:?}: {what}"))
}
