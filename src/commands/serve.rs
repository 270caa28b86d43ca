//! `crea serve` and `crea demo`.

use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::{
    net::TcpListener,
    signal::unix::SignalKind,
    time::{sleep, timeout},
};
use views::paths;

use super::{clock, log, open, secret_key};
use crate::{
    app::App,
    auth,
    config::Config,
    db::{Db, FileLock},
    demo,
    error::AppResult,
    features::{access, alarms, broadcasts, chat, employees, files, live_status, people, tickets},
    idempotency, mail, router, start,
    storage::Storage,
    web,
};

/// How long a stopping server waits for requests and sockets.
const DRAIN: Duration = Duration::from_secs(8);
/// How long it waits for the database after that: what is under way is rolled back by its end.
const CLOSE: Duration = Duration::from_secs(1);
/// Between two rounds of deleting what only ages.
const HOUSEKEEPING: Duration = Duration::from_secs(600);
/// The demo's own database.
const DEMO_URL: &str = "sqlite://crea-demo.db";

/// Migrates and serves until a signal.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    log(&config);
    let _lock = lock(&config)?;
    let db = open(&config).await?;
    run(config, db).await
}

/// Serves an invented floor. Refuses a database with real data, and a public address without `--public`.
pub async fn demo(mut config: Config, public: bool) -> anyhow::Result<()> {
    log(&config);
    if !config.bind.ip().is_loopback() && !public {
        bail!("BIND={} can be reached by others; say --public, which makes random passwords", config.bind);
    }
    if config.database_url == "sqlite://crea.db" {
        DEMO_URL.clone_into(&mut config.database_url);
    }
    let _lock = lock(&config)?;
    let db = open(&config).await?;
    let (storage, secret) =
        (Storage::open_with(&config.storage_url(), config.s3.as_ref()).await?, secret_key(&config)?);
    let people = demo::prepare(&db, (&storage, &secret), &clock(), public).await?;
    demo::lock_somebody(&db, &secret, clock().now()).await?;
    println!("CREA demo: one person per role");
    for person in people {
        println!("  {:<14} {:<32} {}", person.role, person.email, person.password);
    }
    run(config, db).await
}

/// SQLite means one server process.
fn lock(config: &Config) -> anyhow::Result<Option<FileLock>> {
    let Some(path) = config.sqlite_path() else { return Ok(None) };
    let path = path.with_extension("db-server.lock");
    let lock = FileLock::try_new(&path).with_context(|| format!("cannot lock {}", path.display()))?;
    if lock.is_none() {
        bail!("another server is running on this database; stop it, or use PostgreSQL for several");
    }
    Ok(lock)
}

async fn run(config: Config, db: Db) -> anyhow::Result<()> {
    web::metrics::install();
    tokio::task::spawn_blocking(web::assets::compress);
    let secret = secret_key(&config)?;
    let bind = config.bind;
    let app = start(config, db, clock(), &secret).await?;
    let listener = TcpListener::bind(bind).await.with_context(|| format!("cannot listen on {bind}"))?;
    let address = listener.local_addr()?;
    println!("listening on http://{address}");
    tracing::info!(%address, "listening");
    if !people::has_users(&app.db).await? {
        let code = access::setup_code(&app).map(|code| format!("?code={code}")).unwrap_or_default();
        let local = format!("http://{address}");
        let base = if app.config.is_local() { &local } else { &app.config.public_url };
        println!("nobody has an account yet: {base}{}{code}", paths::SETUP);
    }
    let housekeeping = tokio::spawn(keep_house(app.clone()));
    let due = tokio::spawn(broadcasts::keep(app.clone()));
    let alarms = tokio::spawn(alarms::keep(app.clone()));
    let tickets = tokio::spawn(tickets::keep(app.clone()));
    let backlog = tokio::spawn(tickets::keep_backlog(app.clone()));
    let status = tokio::spawn(live_status::keep(app.clone()));
    let mailing = tokio::spawn(mail::run(app.clone()));
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let live = app.live.clone();
    let server = web::listen::serve(listener, router(app.clone()), web::listen::LIMITS, async move {
        signal().await;
        tracing::info!("stopping");
        live.stop();
        let _ = stopping.send(());
    });
    tokio::select! {
        () = async { server.await; app.live.drained(DRAIN).await } => {}
        // A request that hangs, or a socket that takes nothing, does not keep the process from ending.
        () = async { let _ = stopped.await; sleep(DRAIN).await } => tracing::warn!("stopped with requests under way"),
    }
    housekeeping.abort();
    due.abort();
    tickets.abort();
    backlog.abort();
    alarms.abort();
    status.abort();
    // A mail that was under way is tried again by whoever finds its lease over.
    mailing.abort();
    if timeout(CLOSE, app.db.close()).await.is_err() {
        tracing::warn!("stopped with statements under way");
    }
    Ok(())
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

async fn keep_house(app: App) {
    let mut ticks = tokio::time::interval(HOUSEKEEPING);
    loop {
        ticks.tick().await;
        let now = app.clock.now();
        let done = async {
            auth::prune(&app.db, now).await?;
            mail::prune(&app.db, now).await?;
            idempotency::prune(&app.db, now).await?;
            chat::release_files(&app).await?;
            files::prune(&app).await?;
            AppResult::Ok(())
        };
        if let Err(error) = done.await {
            tracing::warn!(%error, "cannot delete what is old");
        }
        if let Err(error) = employees::dismiss_departed(&app).await {
            tracing::warn!(%error, "cannot close the accounts of who left");
        }
        if let Err(error) = chat::forget_old_messages(&app).await {
            tracing::warn!(%error, "cannot delete old messages");
        }
        if let Err(error) = alarms::forget_old(&app).await {
            tracing::warn!(%error, "cannot delete old alarms");
        }
    }
}
