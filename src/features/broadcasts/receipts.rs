//! "Delivered": tabs say which mass messages reached their screen; what many say at once is one write.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use uuid::Uuid;

use super::{live, queries};
use crate::{app::App, error::AppResult, ids::ConversationId};

/// How long words are gathered before they are written: a mass message to 10,000 reaches most within this.
const GATHER: Duration = Duration::from_millis(250);
/// People of one statement; well within the parameters that either engine takes.
const CHUNK: usize = 4_096;
/// Words that may wait; beyond it they are dropped, and said again by the next page that the person opens.
const MOST: usize = 100_000;

/// What was said and is not written yet: mass message → people. Clones share it.
#[derive(Clone, Default)]
pub struct Receipts(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    people: HashMap<Uuid, HashSet<Uuid>>,
    count: usize,
    /// A task is gathering or writing: there is never more than one.
    is_busy: bool,
}

impl Receipts {
    /// Notes that these reached a screen of the person; written soon, together with what others say.
    pub fn add(&self, app: &App, user: Uuid, broadcasts: Vec<Uuid>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for id in broadcasts {
            if waiting.count < MOST && waiting.people.entry(id).or_default().insert(user) {
                waiting.count += 1;
            }
        }
        if waiting.count > 0 && !std::mem::replace(&mut waiting.is_busy, true) {
            tokio::spawn(self.clone().write(app.clone()));
        }
    }

    /// Writes what waits until nothing does.
    async fn write(self, app: App) {
        loop {
            tokio::time::sleep(GATHER).await;
            let Some(people) = self.take() else { return };
            if let Err(error) = note_all(&app, people).await {
                tracing::warn!(%error, "cannot note what reached a screen");
            }
        }
    }

    /// What waits; without any the task ends.
    fn take(&self) -> Option<HashMap<Uuid, HashSet<Uuid>>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.is_busy = waiting.count > 0;
        waiting.count = 0;
        waiting.is_busy.then(|| std::mem::take(&mut waiting.people))
    }
}

/// Browsers say ids of their own making: those of no mass message are dropped after one read.
async fn note_all(app: &App, mut people: HashMap<Uuid, HashSet<Uuid>>) -> AppResult<()> {
    let said: Vec<Uuid> = people.keys().copied().collect();
    for ids in said.chunks(CHUNK) {
        for id in queries::known(&app.db, ids).await? {
            let people: Vec<Uuid> = people.remove(&id).into_iter().flatten().collect();
            for chunk in people.chunks(CHUNK) {
                note(app, ConversationId(id), chunk).await?;
            }
        }
    }
    Ok(())
}

/// One write for many people, and one word to whoever watches.
async fn note(app: &App, id: ConversationId, people: &[Uuid]) -> AppResult<()> {
    if !queries::is_any_unreceived(&app.db, id, people).await? {
        return Ok(());
    }
    let mut tx = app.live.begin().await?;
    if queries::mark_received(&mut tx, id, people, app.clock.now()).await? > 0 {
        live::progressed(&mut tx, id);
        app.live.commit(tx).await?;
    }
    Ok(())
}
