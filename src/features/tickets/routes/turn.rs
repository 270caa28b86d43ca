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
    parted: Vec<UserId>,
    mentioned: Vec<UserId>,
    is_said: bool,
}

impl<'a> Turn<'a> {
    /// Takes the ticket under its lock. 404 for who may not read it.
    pub async fn begin(app: &'a App, viewer: Viewer, id: TicketId) -> AppResult<Self> {
        Self::within(app, app.live.begin().await?, viewer, id).await
    }

    /// Goes on with one that was taken in the transaction.
    pub async fn within(app: &'a App, mut tx: LiveTx, viewer: Viewer, id: TicketId) -> AppResult<Self> {
        let row = queries::find_for_write(&mut tx, viewer, id).await?;
        Ok(Self {
            app,
            tx,
            row,
            viewer,
            now: app.clock.now(),
            told: Vec::new(),
            parted: Vec::new(),
            mentioned: Vec::new(),
            is_said: false,
        })
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

    /// Makes somebody a follower; false when it has as many as it may have. Others are told, and the timeline tells it.
    pub async fn follow(&mut self, user: UserId) -> AppResult<bool> {
        if self.row.requester_id == user || self.row.assignee_id == Some(user) {
            return Ok(true);
        }
        let known = queries::followers(&mut *self.tx, self.row.id).await?;
        if known.contains(&user) {
            return Ok(true);
        }
        if known.len() >= queries::MOST_FOLLOWERS {
            return Ok(false);
        }
        queries::follow(&mut self.tx, self.row.id, user, self.now).await?;
        self.tell_of(user, "follower").await?;
        Ok(true)
    }

    /// Makes all of them readers, in silence; false when there would be more followers than it may have.
    pub async fn bring_all(&mut self, users: &[UserId]) -> AppResult<bool> {
        let known = queries::followers(&mut *self.tx, self.row.id).await?;
        let own = [Some(self.row.requester_id), self.row.assignee_id];
        let new = users.iter().filter(|user| !known.contains(user) && !own.contains(&Some(**user)));
        let new: Vec<UserId> = new.copied().collect();
        if known.len() + new.len() > queries::MOST_FOLLOWERS {
            return Ok(false);
        }
        for user in new {
            queries::follow(&mut self.tx, self.row.id, user, self.now).await?;
            self.parted.push(user);
        }
        Ok(true)
    }

    /// Makes somebody follow it no more.
    pub async fn unfollow(&mut self, user: UserId) -> AppResult<()> {
        if queries::unfollow(&mut self.tx, self.row.id, user).await? {
            self.tell_of(user, "unfollower").await?;
        }
        Ok(())
    }

    /// Their part in it is another; done by somebody else, it is told.
    async fn tell_of(&mut self, user: UserId, field: &'static str) -> AppResult<()> {
        self.parted.push(user);
        if user == self.viewer.id {
            return Ok(());
        }
        let people = queries::list_people(&mut *self.tx, vec![user]).await?;
        let people = People { rows: people, directory: self.app.live.directory() };
        self.tell(NewEntry::change(Some(self.viewer.id), field, "", &people.name(user))).await
    }

    /// Notes that what is told next names somebody.
    pub fn mentioned(&mut self, user: UserId) {
        self.mentioned.push(user);
    }

    /// Notes that what is told next was said to people: whom it concerns hears of it wherever they are.
    pub fn said(&mut self) {
        self.is_said = true;
    }

    /// Tells everybody whom it concerns what was changed, and commits.
    pub async fn finish(self) -> AppResult<()> {
        let live = &self.app.live;
        live.commit(self.end().await?).await?;
        Ok(())
    }

    /// The same without the commit: there is another ticket to change.
    pub async fn end(mut self) -> AppResult<LiveTx> {
        let before = self.row.assignee_id;
        // Whoever gave it away reads it no more, and their change is told all the same.
        let row = queries::find_changed(&mut self.tx, self.row.id).await?;
        let named = [Some(row.requester_id), row.assignee_id].into_iter().flatten();
        let followers = queries::followers(&mut *self.tx, row.id).await?;
        let authors = self.told.iter().filter_map(|entry| entry.author_id);
        let people =
            queries::list_people(&mut *self.tx, named.chain(authors).chain(followers.iter().copied()).collect())
                .await?;
        let people = People { rows: people, directory: self.app.live.directory() };
        for entry in &self.told {
            live::told(&mut self.tx, &row, entry, &people);
        }
        let also = before.into_iter().chain(self.parted.iter().copied());
        live::changed_to(&mut self.tx, &row, &followers, also, &people);
        if row.application != self.row.application {
            live::about_changed(&mut self.tx, row.id);
        }
        self.tell_linked(&row).await?;
        self.notify(&row, before).await?;
        self.tell_mentioned(&row, &people);
        if self.is_said {
            self.tell_said(&row, followers, &people).await?;
        }
        if self.is_new()
            || row.assignee_id != before
            || row.resolve_by != self.row.resolve_by
            || row.title != self.row.title
        {
            watch(&mut self.tx, &row, self.now).await?;
        }
        let before = (!self.is_new()).then_some(&self.row);
        queries::recount(&mut self.tx, before, &row).await?;
        Ok(self.tx)
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
        }
        let given = [before, row.assignee_id].into_iter().flatten().filter(|_| row.assignee_id != before);
        for user in given.chain(std::mem::take(&mut self.parted)) {
            let part = self.part_now(user).await?;
            live::part_changed(&mut self.tx, user, row, part);
        }
        if row.assignee_id.is_none() && (self.is_new() || before.is_some()) {
            live::notify_staff(&mut self.tx, row, "tickets.notice.unassigned");
        }
        if row.resolved_at.is_some() && self.row.resolved_at.is_none() && row.requester_id != me {
            live::notify(&mut self.tx, row.requester_id, row, "tickets.notice.resolved", views::live::Tone::Success);
        }
        Ok(())
    }

    /// Pages of others show where this one stands, to who reads it: they look again.
    async fn tell_linked(&mut self, row: &TicketRow) -> AppResult<()> {
        let was = &self.row;
        let is_same = (row.status, row.assignee_id, &row.title) == (was.status, was.assignee_id, &was.title);
        if is_same && self.parted.is_empty() {
            return Ok(());
        }
        for other in queries::list_linked(&mut self.tx, row.id).await? {
            live::looked_anew(&mut self.tx, other);
        }
        Ok(())
    }

    /// Those whom the last words name.
    fn tell_mentioned(&mut self, row: &TicketRow, people: &People<'_>) {
        let (by, me) = (people.name(self.viewer.id), self.viewer.id);
        let Some(entry) = self.told.iter().rfind(|entry| entry.field.is_empty()).map(|entry| entry.id) else { return };
        for user in self.mentioned.iter().filter(|user| **user != me) {
            live::mentioned(&mut self.tx, *user, row, &by, entry);
        }
    }

    /// Who asked, who works on it and who follows it, but for who said it and who was told that they are named in it. Of
    /// a note those of them alone who read notes.
    async fn tell_said(&mut self, row: &TicketRow, followers: Vec<UserId>, people: &People<'_>) -> AppResult<()> {
        let said = self.told.iter().rfind(|entry| entry.field.is_empty()).map(|entry| (entry.id, entry.kind == "note"));
        let Some((entry, is_note)) = said else { return Ok(()) };
        let mut hearers: Vec<UserId> =
            [Some(row.requester_id), row.assignee_id].into_iter().flatten().chain(followers).collect();
        hearers.sort_unstable();
        hearers.dedup();
        hearers.retain(|user| *user != self.viewer.id && !self.mentioned.contains(user));
        if is_note {
            hearers = queries::readers_of_notes(&mut self.tx, row, hearers).await?;
        }
        live::said(&mut self.tx, &hearers, row, &people.name(self.viewer.id), entry, is_note);
        Ok(())
    }

    /// Whether it was opened in this transaction.
    fn is_new(&self) -> bool {
        self.told.iter().any(|entry| entry.field == "created")
    }

    /// Whether somebody reads it now, and its notes.
    pub async fn part_now(&mut self, user: UserId) -> AppResult<(bool, bool)> {
        let Some(viewer) = Viewer::find(&mut *self.tx, user.0).await? else { return Ok((false, false)) };
        Ok(queries::part_of(&mut *self.tx, viewer, self.row.id.0).await?)
    }
}
