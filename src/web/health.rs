//! For load balancers: is the process alive, and may it get requests.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use crate::{app::App, live::Health};

/// Events behind which an instance is not ready: it would draw pages that its sockets cannot keep up to date.
const MAX_LAG: i64 = 1_000;

/// `GET /healthz`: the process answers.
pub async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: database, Redis, storage and outbox. A lost Redis or storage and a full database are told but do not
/// make the instance unready: it goes on through the outbox, without files, and reading goes on.
pub async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let (health, is_stored) = tokio::join!(app.live.health(), app.storage.is_up());
    let storage = if is_stored { "up" } else { "down" };
    match health {
        Ok(Health { lag, redis, .. }) => {
            let is_ready = lag <= MAX_LAG;
            let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            let database = if app.room.is_full(app.clock.now()) { "full" } else { "up" };
            let redis = redis.map_or("none", |up| if up { "up" } else { "down" });
            let told = json!({
                "ready": is_ready, "database": database, "redis": redis, "storage": storage, "outbox_lag": lag,
            });
            (status, Json(told))
        }
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "ready": false, "database": "down", "storage": storage })))
        }
    }
}
