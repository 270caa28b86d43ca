//! Figures for Prometheus.

use std::{net::SocketAddr, sync::OnceLock};

use axum::{
    Extension,
    extract::{ConnectInfo, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use sha2::{Digest as _, Sha256};

use crate::{
    app::App,
    error::AppError,
    live::{Health, hub::Hub},
};

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts recording; once per process, whoever calls first.
pub fn install() {
    HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().ok());
}

/// `GET /metrics`: with the token, or from this machine when no token is set. Else there is nothing here.
pub async fn show(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let given = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let given = given.and_then(|v| v.strip_prefix("Bearer ")).unwrap_or_default();
    let allowed = match &app.config.metrics_token {
        // Digests are compared, so that the time taken tells nothing of the token.
        Some(token) => Sha256::digest(token.as_bytes()) == Sha256::digest(given.as_bytes()),
        None => peer.is_some_and(|p| p.0.0.ip().is_loopback()) && !headers.contains_key("x-forwarded-for"),
    };
    if !allowed {
        return Err(AppError::NotFound);
    }
    // Without a database there are figures all the same: then they are needed.
    record(app.live.health().await.ok().as_ref(), app.live.redis(), app.live.hub());
    metrics::gauge!("crea_storage_up").set(figure(app.storage.is_up().await));
    metrics::gauge!("crea_database_full").set(figure(app.room.is_full(app.clock.now())));
    let text = HANDLE.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

/// Figures that are read when they are asked for; the rest was recorded when it happened.
fn record(health: Option<&Health>, redis: Option<bool>, hub: &Hub) {
    let (load, totals) = (hub.load(), hub.meters.totals());
    for (name, figure) in [
        ("crea_sockets", load.sockets),
        ("crea_people", load.people),
        ("crea_topics", load.topics),
        ("crea_queue_frames", load.queued),
        ("crea_queue_deepest_frames", load.deepest),
    ] {
        metrics::gauge!(name).set(figure as f64);
    }
    metrics::gauge!("crea_database_up").set(figure(health.is_some()));
    if let Some(health) = health {
        metrics::gauge!("crea_outbox_lag_events").set(health.lag as f64);
        metrics::gauge!("crea_outbox_events").set(health.kept as f64);
    }
    if let Some(is_up) = redis {
        metrics::gauge!("crea_redis_up").set(figure(is_up));
    }
    for (name, total) in [
        ("crea_frames_total", totals.frames),
        ("crea_events_delivered_total", totals.events),
        ("crea_replays_total", totals.replays),
        ("crea_resets_total", totals.resets),
        ("crea_redis_dropped_total", totals.unpublished),
    ] {
        metrics::counter!(name).absolute(total);
    }
    for (cause, total) in [
        ("lag", totals.lagged),
        ("failure", totals.failed),
        ("protocol", totals.malformed),
        ("revoked", totals.revoked),
        ("restart", totals.restarted),
    ] {
        metrics::counter!("crea_sockets_closed_total", "cause" => cause).absolute(total);
    }
}

/// Whether something is so.
fn figure(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}
