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

use crate::{app::App, error::AppError};

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
    let health = app.live.health().await;
    if let Ok(health) = &health {
        metrics::gauge!("crea_outbox_lag_events").set(health.lag as f64);
    }
    metrics::gauge!("crea_database_up").set(f64::from(u8::from(health.is_ok())));
    metrics::gauge!("crea_sockets").set(app.live.hub().figures().0 as f64);
    metrics::gauge!("crea_redis_up").set(f64::from(u8::from(app.live.redis() == Some(true))));
    let text = HANDLE.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
