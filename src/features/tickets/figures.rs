//! Figures over what a person may see, and their book: computed at most once a second for each kind of viewer, however
//! many look, and not at all while nobody does.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use super::{
    model::{Priority, Status},
    queries::{self, Sums, Viewer},
};
use crate::{
    app::App,
    db::{Db, DbResult},
    error::AppResult,
    ids::UserId,
};

/// The time between two computations.
const EVERY: Duration = Duration::from_secs(1);
/// Kinds of viewer that are remembered before those that nobody asks for are forgotten.
const KINDS: usize = 256;

/// What there is to say of the tickets that a person may see.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    cells: HashMap<(Status, Priority), i64>,
    /// Over all of them.
    pub sums: Sums,
    /// Open ones by who has them, most first; none: by nobody.
    pub backlog: Vec<(Option<UserId>, i64)>,
}

impl Figures {
    /// Reads them.
    pub async fn read(db: &Db, viewer: Viewer) -> DbResult<Self> {
        let mut figures = Self::default();
        for (status, priority, sums) in queries::sums_for(db, viewer).await? {
            figures.add(status, priority, sums);
        }
        let mut backlog: HashMap<_, _> = queries::backlog_for(db, viewer).await?.into_iter().collect();
        for own in queries::list_own(db, viewer).await? {
            figures.add(own.status, own.priority, own.sums());
            if own.status.is_open() {
                *backlog.entry(own.assignee_id).or_default() += 1;
            }
        }
        figures.backlog = backlog.into_iter().collect();
        figures.backlog.sort_unstable_by_key(|&(id, open)| (-open, id));
        Ok(figures)
    }

    fn add(&mut self, status: Status, priority: Priority, sums: Sums) {
        *self.cells.entry((status, priority)).or_default() += sums.tickets;
        self.sums += sums;
    }

    /// How many are in one of these states.
    pub fn in_states(&self, states: &[Status]) -> i64 {
        self.cells.iter().filter(|((status, _), _)| states.contains(status)).map(|(_, n)| n).sum()
    }

    /// How many have the priority.
    pub fn of_priority(&self, wanted: Priority) -> i64 {
        self.cells.iter().filter(|((_, priority), _)| *priority == wanted).map(|(_, n)| n).sum()
    }
}

/// Who sees the same figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Eye {
    /// Whoever sees every ticket.
    Everything,
    /// One person.
    Person(UserId),
}

struct Kept {
    at: Instant,
    seq: i64,
    figures: Arc<Figures>,
}

type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// The figures of one instance that somebody has just looked at.
#[derive(Default)]
pub struct FigureBook(Mutex<HashMap<Eye, Slot>>);

impl FigureBook {
    /// The figures that the viewer sees, and the cursor before which they were read. A page may be drawn from what was
    /// computed within the last second: its cursor says so, and what came since reaches it as it would any page. Who
    /// has heard of a change (`is_after_change`) waits for the next second instead.
    pub async fn read(
        &self,
        app: &App,
        viewer: Viewer,
        seq: i64,
        is_after_change: bool,
    ) -> AppResult<(i64, Arc<Figures>)> {
        let slot = self.slot(viewer);
        let mut kept = slot.lock().await;
        if let Some(kept) = &*kept {
            let is_young = kept.at.elapsed() < EVERY;
            if kept.seq >= seq || (is_young && !is_after_change) {
                return Ok((kept.seq, Arc::clone(&kept.figures)));
            }
            sleep_until(kept.at + EVERY).await;
        }
        let (at, seq) = (Instant::now(), app.live.cursor().await?);
        let figures = Arc::new(Figures::read(&app.db, viewer).await?);
        *kept = Some(Kept { at, seq, figures: Arc::clone(&figures) });
        Ok((seq, figures))
    }

    fn slot(&self, viewer: Viewer) -> Slot {
        let eye = if viewer.is_staff_of_all() { Eye::Everything } else { Eye::Person(viewer.id) };
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= KINDS {
            // Whoever asks right now holds a second handle.
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry(eye).or_default())
    }
}
