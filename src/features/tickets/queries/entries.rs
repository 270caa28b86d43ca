//! The timeline: what was said and what was changed. Rows are only ever added.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{index_ticket, insert_files, insert_mentions, list_files, list_mentions};
use crate::{
    db::{DbResult, Reader, Tx},
    features::{chat::MentionRow, files::StoredFile},
    ids::{TicketEntryId, TicketId, UserId},
    sql,
};

/// A row of a timeline.
#[derive(Clone, Debug, FromRow)]
pub struct EntryRow {
    /// Its id.
    pub id: TicketEntryId,
    /// 1, 2, 3 … of its ticket.
    pub number: i64,
    /// Who; none for what happened by itself.
    pub author_id: Option<UserId>,
    /// Code: `comment`, `note`, `change`.
    pub kind: String,
    /// What was written.
    pub body: String,
    /// What changed.
    pub field: String,
    /// From what.
    pub old_value: String,
    /// To what.
    pub new_value: String,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// What was sent with it.
    #[sqlx(skip)]
    pub files: Vec<StoredFile>,
    /// Whom it names.
    #[sqlx(skip)]
    pub mentions: Vec<MentionRow>,
}

impl EntryRow {
    /// Whether the ticket is found by other words from now on.
    fn says_something(&self) -> bool {
        let is_text = matches!(self.field.as_str(), "created" | "title" | "description");
        is_text || !self.body.is_empty() || !self.reason.is_empty()
    }
}

/// A row to be added.
#[derive(Clone, Debug, Default)]
pub struct NewEntry {
    /// Who; none for what happens by itself.
    pub author: Option<UserId>,
    /// Code: `comment`, `note`, `change`.
    pub kind: &'static str,
    /// What was written.
    pub body: String,
    /// What changed.
    pub field: &'static str,
    /// From what.
    pub old: String,
    /// To what.
    pub new: String,
    /// Why.
    pub reason: String,
    /// What is sent with it, and taken already.
    pub files: Vec<StoredFile>,
    /// Whom it names.
    pub mentions: Vec<MentionRow>,
}

impl NewEntry {
    /// Something that was changed.
    pub fn change(author: Option<UserId>, field: &'static str, old: &str, new: &str) -> Self {
        Self { author, kind: "change", field, old: old.to_owned(), new: new.to_owned(), ..Self::default() }
    }

    /// Something that was said; a note is for staff alone.
    pub fn said(author: UserId, is_note: bool, body: &str) -> Self {
        Self {
            author: Some(author),
            kind: if is_note { "note" } else { "comment" },
            body: body.to_owned(),
            ..Self::default()
        }
    }

    /// With files.
    #[must_use]
    pub fn with(mut self, files: Vec<StoredFile>) -> Self {
        self.files = files;
        self
    }

    /// With whom it names.
    #[must_use]
    pub fn naming(mut self, mentions: Vec<MentionRow>) -> Self {
        self.mentions = mentions;
        self
    }

    /// With why.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = reason.to_owned();
        self
    }
}

/// Adds a row under the ticket's lock, touches the ticket and makes it findable by what it says; the row as it is stored.
pub async fn insert_entry(
    tx: &mut Tx,
    ticket: TicketId,
    id: TicketEntryId,
    entry: NewEntry,
    now: DateTime<Utc>,
) -> DbResult<EntryRow> {
    let (number,): (i64,) = tx
        .one(sql!(
            "update ticket set last_entry = last_entry + 1, updated_at = $2 where id = $1 returning last_entry",
            ticket,
            now
        ))
        .await?;
    let row = EntryRow {
        id,
        number,
        author_id: entry.author,
        kind: entry.kind.to_owned(),
        body: entry.body,
        field: entry.field.to_owned(),
        old_value: entry.old,
        new_value: entry.new,
        reason: entry.reason,
        created_at: now,
        files: entry.files,
        mentions: entry.mentions,
    };
    tx.exec(sql!(
        "insert into ticket_entry (id, ticket_id, number, author_id, kind, body, field, old_value, new_value, reason, \
           created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id,
        ticket,
        number,
        row.author_id,
        &row.kind,
        &row.body,
        &row.field,
        &row.old_value,
        &row.new_value,
        &row.reason,
        now
    ))
    .await?;
    insert_files(tx, id, &row.files).await?;
    insert_mentions(tx, id, &row.mentions).await?;
    if row.says_something() {
        index_ticket(tx, ticket).await?;
    }
    Ok(row)
}

/// The last rows of a timeline before a number, the oldest of them first; notes only `with_notes`.
pub async fn list_entries(
    from: &mut impl Reader,
    ticket: TicketId,
    with_notes: bool,
    before: Option<i64>,
    size: i64,
) -> DbResult<Vec<EntryRow>> {
    let sql = sql!(
        "select id, number, author_id, kind, body, field, old_value, new_value, reason, created_at from ticket_entry \
         where ticket_id = $1",
        ticket
    );
    let sql = if with_notes { sql } else { sql.push(" and kind <> 'note'") };
    let sql = match before {
        Some(number) => sql.push(" and number < ").bind(number),
        None => sql,
    };
    let mut rows: Vec<EntryRow> = from.read(sql.push(" order by number desc limit ").bind(size)).await?;
    rows.reverse();
    let mut files = list_files(from, rows.iter().map(|row| row.id).collect()).await?;
    let mut mentions = list_mentions(from, rows.iter().map(|row| row.id).collect()).await?;
    for row in &mut rows {
        row.mentions = mentions.remove(&row.id).unwrap_or_default();
        row.files = files.remove(&row.id).unwrap_or_default();
    }
    Ok(rows)
}
