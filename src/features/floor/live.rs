//! A change of state as an event, and who may see a person's dot.

use std::collections::HashMap;

use uuid::Uuid;
use views::{layout::agent_state, live::morph, presence::Presence};

use super::{
    queries::{self, StateRow},
    state_view,
};
use crate::{
    app::App,
    auth::{CurrentUser, Role},
    db::{Db, DbResult},
    error::AppResult,
    ids::UserId,
    live::{Control, LiveTx, Seen, Topic},
};

/// The menu on the person's own screens changes; the hubs draw the dots anew.
pub fn state_changed(tx: &mut LiveTx, user: UserId, row: &StateRow) {
    tx.append(Topic::User(user.0), |l| morph(&views::dom::agent_state(), agent_state(l, &state_view(l, Some(row)))));
    tx.control(Topic::User(user.0), Control::Presence { user: user.0 });
}

/// All screens of a person have been still, or one moved again. Errors only leave the state as it is.
pub async fn set_idle(app: App, user: CurrentUser, idle: bool) {
    if let Err(error) = try_set_idle(&app, &user, idle).await {
        tracing::warn!(%error, "cannot note that a person is idle");
    }
}

async fn try_set_idle(app: &App, user: &CurrentUser, idle: bool) -> AppResult<()> {
    // Every page that opens says that somebody is there: only who is away needs a write.
    let is_away = queries::find_state(&app.db, user.id).await?.is_some_and(|row| row.state == "away");
    if is_away == idle {
        return Ok(());
    }
    let mut tx = app.live.begin().await?;
    let now = app.clock.now();
    let changed = if idle {
        queries::go_away(&mut tx, user.id, now).await?
    } else {
        queries::come_back(&mut tx, user.id, now).await?
    };
    if let Some(row) = changed {
        state_changed(&mut tx, user.id, &row);
        app.live.commit(tx).await?;
    }
    Ok(())
}

/// States as if connected, and the topics whose holders see them: their campaigns and conversations, administrators
/// anywhere, and of supervisors and administrators also supervisors and quality anywhere, who may write to them.
pub async fn presence_of(db: &Db, users: &[Uuid]) -> DbResult<Vec<Seen>> {
    let mut circles: HashMap<Uuid, Vec<Topic>> = HashMap::new();
    for (user, kind, id) in queries::list_circles(db, users).await? {
        let topic = if kind == "campaign" { Topic::Campaign(id) } else { Topic::Conversation(id) };
        circles.entry(user).or_default().push(topic);
    }
    let states = queries::list_states(db, users).await?;
    let seen = states.into_iter().map(|(user, state, role)| {
        let mut topics = circles.remove(&user).unwrap_or_default();
        topics.extend([Topic::User(user), Topic::role_anywhere(Role::Administrador)]);
        if matches!(role, Role::Supervisor | Role::Administrador) {
            topics.extend([Role::Supervisor, Role::Calidad].map(Topic::role_anywhere));
        }
        (user, Presence::from_code(&state).unwrap_or_default(), topics)
    });
    Ok(seen.collect())
}
