//! CREA: the live workspace of a call center, as HTML over the wire.
//!
//! Requests and events take the ways that the README's tour describes; who may import whom is tested in
//! `tests/architecture`.

pub mod app;
pub mod audit;
pub mod auth;
pub mod clock;
pub mod commands;
pub mod config;
pub mod db;
pub mod demo;
pub mod error;
pub mod export;
pub mod features;
pub mod fold;
pub mod idempotency;
pub mod ids;
pub mod live;
pub mod mail;
pub mod money;
pub mod nightly;
pub mod pace;
pub mod paging;
pub mod storage;
pub mod web;

use std::sync::Arc;

use anyhow::Context as _;
use axum::{Extension, Router, extract::DefaultBodyLimit, middleware, routing::get};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use views::paths;

use app::{App, Instance};
use config::Config;
use error::AppError;
use features::audience::{Features, Tabs};
use live::Live;
use storage::Storage;
use web::{Access, Routes, live::Watcher};

/// Longest form that is taken, in bytes; more is 413. Routes that take files have their own.
const BODY_BYTES: usize = 64 * 1024;

/// Starts the live engine of one instance on a migrated database.
///
/// # Errors
/// The database cannot be read, `REDIS_URL` or `SMTP_URL` cannot be parsed, or the folder of files cannot be made.
pub async fn start(config: Config, db: db::Db, clock: clock::Clock, secret: &str) -> anyhow::Result<App> {
    features::chat::fill_index(&db).await?;
    features::tickets::fill_index(&db).await?;
    features::tickets::fill_tally(&db).await?;
    let audience = Arc::new(Features(db.clone(), clock.clone()));
    let live = Live::start(db.clone(), clock.clone(), config.redis_url.as_deref(), audience).await?;
    let mail = mail::Mailer::new(&config)?;
    let url = config.storage_url();
    let storage =
        Storage::open_with(&url, config.s3.as_ref()).await.with_context(|| format!("cannot keep files at {url}"))?;
    let (config, room, due, secret) = (Arc::new(config), db::Room::default(), Arc::default(), secret.into());
    Ok(App::new(Instance { config, db, room, live, mail, storage, clock, due, secret }))
}

/// Every route that a person uses, with the permission that it needs. A refused live connection is accepted and then
/// ended as revoked, so that the browser knows why: they are public.
pub fn routes() -> Routes {
    features::routes()
        .get(paths::LIVE, Access::Public, web::live::socket::connect)
        .get(paths::LIVE_SSE, Access::Public, web::live::sse::stream)
        .get(paths::LIVE_POLL, Access::Public, web::live::poll::poll)
        .post_up_to(paths::LIVE_SAY, Access::SignedIn, web::live::say::LONGEST, web::live::say::say)
}

/// All routes in their middleware. The outermost layer stands first.
pub fn router(app: App) -> Router {
    let watcher: Arc<dyn Watcher> = Arc::new(Tabs::default());
    let around = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app.clone(), web::request::layer))
        .layer(middleware::from_fn_with_state(app.clone(), web::headers::layer))
        .layer(middleware::from_fn_with_state(app.clone(), web::client::layer));
    let pages = ServiceBuilder::new()
        .layer(CompressionLayer::new())
        .layer(auth::session::layer(app.db.clone(), app.clock.clone(), &app.config))
        .layer(middleware::from_fn(web::errors::layer))
        .layer(middleware::from_fn_with_state(app.clone(), web::session::layer))
        .layer(middleware::from_fn(web::errors::layer))
        .layer(CatchPanicLayer::custom(web::request::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), features::shell::layer))
        .layer(middleware::from_fn(web::request::patience))
        .layer(middleware::from_fn_with_state(app.clone(), web::origin::layer))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(Extension(watcher))
        .layer(Extension(Arc::<features::tickets::FigureBook>::default()))
        .layer(Extension(Arc::<web::live::say::Browsers>::default()));
    routes()
        .into_router()
        .fallback(async || AppError::NotFound)
        .layer(pages)
        .merge(machine_routes())
        .layer(around)
        .with_state(app)
}

/// What machines ask for: assets, health, figures. No session is looked up.
fn machine_routes() -> Router<App> {
    Router::new()
        .route("/assets/{name}", get(web::assets::serve))
        .route("/healthz", get(web::health::live))
        .route("/readyz", get(web::health::ready))
        .route("/metrics", get(web::metrics::show))
}
