//! The feed of one instance: its tile, drawn once a second for everybody who looks. Not stored, and free when nobody
//! does.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;
use views::{dom, live::place, live_status::tile};

use super::present::{Second, view};
use crate::{
    app::App,
    auth::{Capability, Role, Scope},
    db::{Db, DbResult},
    live::Topic,
    sql,
};

/// The queue that the page looks at.
pub const FEED: &str = "live-status";

/// Whether the person may see how the live engine does.
pub async fn may_watch(db: &Db, user: Uuid) -> DbResult<bool> {
    let row: Option<(Role, bool)> =
        db.opt(sql!("select role, is_superuser from app_user where id = $1 and is_active", user)).await?;
    let may = |role| Capability::ViewLiveStatus.scope_of(role) != Scope::None;
    Ok(row.is_some_and(|(role, is_superuser)| is_superuser || may(role)))
}

/// Counts the instance's seconds until the process ends, and shows them while somebody looks.
pub async fn keep(app: App) {
    let topic = Topic::Tray(FEED.to_owned());
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut second = Second::begin(&app.live);
    loop {
        ticks.tick().await;
        second = second.next(&app.live);
        if app.live.hub().is_heard(&topic) {
            app.live.look();
        }
        if !app.live.hub().meters.is_looked_at() {
            continue;
        }
        match app.live.health().await {
            Ok(health) => app
                .live
                .ephemeral(topic.clone(), |l| place(&dom::instances(), tile(l, &view(l, &app.live, &health, &second)))),
            // The tile's age says it on the screen.
            Err(error) => tracing::warn!(%error, "cannot read how the outbox does"),
        }
    }
}
