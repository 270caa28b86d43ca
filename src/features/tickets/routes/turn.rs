//! One change of one ticket, from its lock to its events: what every handler that changes one goes through.

use chrono::{DateTime, Utc};

use super::super::{
    live,
    present::People,
    queries::{self, EntryRow, NewEntry, TicketRow, Viewer},
    watch::watch,
};
use crate::{
    app::App,
    db::is_unique_violation,
    error::{AppError, AppResult, TextKey},
    ids::{TicketEntryId, TicketId, UserId},
    live::LiveTx,
};

/// A ticket that is being changed.
pub struct Turn<'a> {
    app: &'a App,
    /// The transaction.
    pub tx: LiveTx,
    /// The ticket as it was.
    pub row: TicketRow,
    /// Who changes it; none when it happens by itself.
    pub viewer: Viewer,
    /// Now.
    pub now: DateTime<Utc>,
    told: Vec<EntryRow>,
}

impl<'a> Turn<'a> {
    /// Takes the ticket under its lock. 404 for who may not read it.
    pub async fn begin(app: &'a App, viewer: Viewer, id: TicketId) -> AppResult<Self> {
        Self::within(app, app.live.begin().await?, viewer, id).await
    }

    /// Goes on with one that was taken in the transaction.
    pub async fn within(app: &'a App, mut tx: LiveTx, viewer: Viewer, id: TicketId) -> AppResult<Self> {
        let row = queries::find_for_write(&mut tx, viewer, id).await?;
        Ok(Self { app, tx, row, viewer, now: app.clock.now(), told: Vec::new() })
    }

    /// Adds a row to its timeline.
    pub async fn tell(&mut self, entry: NewEntry) -> AppResult<()> {
        self.tell_as(TicketEntryId::new(), entry).await
    }

    /// The same under an id that the browser chose.
    pub async fn tell_as(&mut self, id: TicketEntryId, entry: NewEntry) -> AppResult<()> {
        match queries::insert_entry(&mut self.tx, self.row.id, id, entry, self.now).await {
            Ok(row) => self.told.push(row),
            // Somebody else's row has this id: the browser makes another.
            Err(error) if is_unique_violation(&error) => {
                return Err(AppError::Conflict(TextKey("chat.error.conflict")));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Whoever works on it and says something has answered.
    pub async fn answer(&mut self) -> AppResult<()> {
        let part = self.row.part(self.viewer);
        if self.row.first_response_at.is_none() && !part.is_requester && (part.is_assignee || part.is_staff) {
            queries::answered(&mut self.tx, self.row.id, self.now).await?;
        }
        Ok(())
    }

    /// Gives it to somebody, tells it, and tells both; `is_by_itself`: nobody chose.
    pub async fn give(&mut self, to: Option<UserId>, note: &str, is_by_itself: bool) -> AppResult<()> {
        let people =
            queries::list_people(&mut *self.tx, [to, self.row.assignee_id].into_iter().flatten().collect()).await?;
        let people = People { rows: people, directory: self.app.live.directory() };
        let name = |id: Option<UserId>| id.map(|id| people.name(id)).unwrap_or_default();
        queries::assign(&mut self.tx, self.row.id, to, self.now).await?;
        let author = (!is_by_itself).then_some(self.viewer.id);
        let change = NewEntry::change(author, "assignee", &name(self.row.assignee_id), &name(to));
        self.tell(change.because(note)).await
    }

    /// Tells everybody whom it concerns what was changed, and commits.
    pub async fn finish(mut self) -> AppResult<()> {
        let before = self.row.assignee_id;
        // Whoever gave it away reads it no more, and their change is told all the same.
        let row = queries::find_changed(&mut self.tx, self.row.id).await?;
        let named = [Some(row.requester_id), row.assignee_id].into_iter().flatten();
        let authors = self.told.iter().filter_map(|entry| entry.author_id);
        let people = queries::list_people(&mut *self.tx, named.chain(authors).collect()).await?;
        let people = People { rows: people, directory: self.app.live.directory() };
        for entry in &self.told {
            live::told(&mut self.tx, &row, entry, &people);
        }
        live::changed_to(&mut self.tx, &row, before, &people).await?;
        self.notify(&row, before).await?;
        if self.is_new() || row.assignee_id != before || row.resolve_by != self.row.resolve_by {
            watch(&mut self.tx, &row, self.now).await?;
        }
        self.app.live.commit(self.tx).await?;
        Ok(())
    }

    /// Those whom it concerns, and who did not do it themselves.
    async fn notify(&mut self, row: &TicketRow, before: Option<UserId>) -> AppResult<()> {
        let me = self.viewer.id;
        if row.assignee_id != before {
            if let Some(new) = row.assignee_id.filter(|new| *new != me) {
                live::notify(&mut self.tx, new, row, "tickets.notice.assigned", views::live::Tone::Info);
            }
            if let Some(old) = before.filter(|old| *old != me) {
                live::notify(&mut self.tx, old, row, "tickets.notice.taken", views::live::Tone::Info);
            }
            for user in [before, row.assignee_id].into_iter().flatten() {
                let part = self.part_now(user).await?;
                live::part_changed(&mut self.tx, user, row, part);
            }
        }
        if row.assignee_id.is_none() && (self.is_new() || before.is_some()) {
            live::notify_staff(&mut self.tx, row, "tickets.notice.unassigned");
        }
        if row.resolved_at.is_some() && self.row.resolved_at.is_none() && row.requester_id != me {
            live::notify(&mut self.tx, row.requester_id, row, "tickets.notice.resolved", views::live::Tone::Success);
        }
        Ok(())
    }

    /// Whether it was opened in this transaction.
    fn is_new(&self) -> bool {
        self.told.iter().any(|entry| entry.field == "created")
    }

    /// Whether somebody reads it now, and its notes.
    async fn part_now(&mut self, user: UserId) -> AppResult<(bool, bool)> {
        let Some(viewer) = Viewer::find(&mut *self.tx, user.0).await? else { return Ok((false, false)) };
        Ok(queries::part_of(&mut *self.tx, viewer, self.row.id.0).await?)
    }
}
