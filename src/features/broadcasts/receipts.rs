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
}

impl Receipts {
    /// Notes that these reached a screen of the person; written soon, together with what others say.
    pub fn add(&self, app: &App, user: Uuid, broadcasts: Vec<Uuid>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let was_empty = waiting.count == 0;
        for id in broadcasts {
            if waiting.count < MOST && waiting.people.entry(id).or_default().insert(user) {
                waiting.count += 1;
            }
        }
        if was_empty && waiting.count > 0 {
            let (receipts, app) = (self.clone(), app.clone());
            tokio::spawn(async move {
                tokio::time::sleep(GATHER).await;
                receipts.write(&app).await;
            });
        }
    }

    /// Writes all that waits.
    async fn write(&self, app: &App) {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for (id, people) in waiting.people {
            let people: Vec<Uuid> = people.into_iter().collect();
            for chunk in people.chunks(CHUNK) {
                if let Err(error) = note(app, ConversationId(id), chunk).await {
                    tracing::warn!(%error, "cannot note what reached a screen");
                }
            }
        }
    }
}

/// One write for many people, and one word to whoever watches.
async fn note(app: &App, id: ConversationId, people: &[Uuid]) -> AppResult<()> {
    let mut tx = app.live.begin().await?;
    if queries::mark_received(&mut tx, id, people, app.clock.now()).await? > 0 {
        live::progressed(&mut tx, id);
        app.live.commit(tx).await?;
    }
    Ok(())
}
