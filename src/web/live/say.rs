//! `/live/say`: what a tab without a socket has to say. The same words and the same pace.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Extension, extract::State, http::StatusCode};
use uuid::Uuid;

use super::{
    MAX_RECEIVED, Watcher,
    said::{Pace, Said},
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult, TextKey},
    live::Topic,
};

/// Browsers whose pace is kept; beyond it those that have been still are forgotten, and if none has, all.
const KEPT: usize = 4_096;
/// Longest thing said, in bytes; as on the socket.
pub const LONGEST: usize = 8 * 1024;
/// A pace is even again after this.
const STILL: Duration = Duration::from_secs(10);
/// Who would have to wait longer than this is refused.
const LONGEST_WAIT: Duration = Duration::from_secs(4);

/// How much each browser, by its session, said lately.
#[derive(Default)]
pub struct Browsers(Mutex<HashMap<Uuid, Arc<Pace>>>);

impl Browsers {
    fn pace(&self, session: Uuid) -> Arc<Pace> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.retain(|_, pace| !pace.is_still(STILL));
            if known.len() >= KEPT {
                known.clear();
            }
        }
        Arc::clone(known.entry(session).or_default())
    }
}

/// `POST /live/say`: JSON as on the socket. What is no word of ours is ignored; a page is shown by connecting anew.
///
/// # Errors
/// 429 when the browser says too much.
pub async fn say(
    State(app): State<App>,
    Extension(watcher): Extension<Arc<dyn Watcher>>,
    Extension(browsers): Extension<Arc<Browsers>>,
    user: CurrentUser,
    text: String,
) -> AppResult<StatusCode> {
    let pace = browsers.pace(user.session.0);
    let wait = pace.take();
    if wait > LONGEST_WAIT {
        return Err(AppError::TooMany { retry_after_s: 10, text: TextKey("live.error.rate") });
    }
    tokio::time::sleep(wait).await;
    let hub = app.live.hub();
    match serde_json::from_str(&text) {
        Ok(Said::Idle { idle }) => {
            let all_idle = hub.set_idle_of(user.id.0, user.session.0, idle);
            watcher.idle(app.clone(), user, all_idle).await;
        }
        Ok(Said::Typing { typing }) => {
            let Some(topic) = typing.topic() else { return Ok(StatusCode::NO_CONTENT) };
            let may_hear = hub.audience().may_subscribe(user.id.0, topic.clone()).await?;
            if may_hear && pace.may_type() {
                watcher.typing(&app, &user, topic);
            }
        }
        Ok(Said::Looking { looking, how }) => {
            if hub.audience().may_subscribe(user.id.0, Topic::Ticket(looking)).await? {
                watcher.looking(&app, &user, looking, how);
            }
        }
        Ok(Said::Received { mut received }) => {
            received.truncate(MAX_RECEIVED);
            watcher.received(&app, &user, received);
        }
        Ok(Said::Show { .. }) | Err(_) => metrics::counter!("crea_socket_garbage_total").increment(1),
    }
    Ok(StatusCode::NO_CONTENT)
}
