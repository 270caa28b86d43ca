//! What hangs on messages: the message they answer, reactions, people they name, files. Three statements for a page of them.

use std::collections::HashMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::{MessageRow, list_attachments};
use crate::{
    db::{DbResult, Reader},
    features::files::StoredFile,
    ids::{MessageId, UserId},
    sql,
};

/// What hangs on one message.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// Files that came with it.
    pub attachments: Vec<StoredFile>,
    /// What it answers.
    pub quote: Option<QuoteRow>,
    /// Who reacted, in the order in which they did.
    pub reactions: Vec<ReactionRow>,
    /// Whom it names.
    pub mentions: Vec<MentionRow>,
}

/// Columns of [`QuoteRow`], of the message `m` that `u` wrote.
pub(super) const QUOTE_COLUMNS: &str = "m.id as message_id, m.number, m.body, m.deleted_at is not null as is_deleted, \
     u.id as author, u.first_name, u.last_name";

/// A message that another one answers.
#[derive(Clone, Debug, FromRow)]
pub struct QuoteRow {
    /// The message.
    pub message_id: MessageId,
    /// Its place in the conversation.
    pub number: i64,
    /// What it says; nothing when it was deleted.
    pub body: String,
    /// Whether it was deleted.
    pub is_deleted: bool,
    /// The account of who wrote it.
    pub author: UserId,
    /// Who wrote it.
    pub first_name: String,
    /// Who wrote it.
    pub last_name: String,
}

/// A person's reaction.
#[derive(Clone, Debug)]
pub struct ReactionRow {
    /// Which: a code of the closed set.
    pub kind: String,
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
}

/// A person whom a message names.
#[derive(Clone, Debug)]
pub struct MentionRow {
    /// Who.
    pub user: UserId,
    /// As the message writes the name.
    pub name: String,
}

/// A reaction, or a mention (`kind` is null), of a message.
#[derive(FromRow)]
struct MarkRow {
    message_id: MessageId,
    kind: Option<String>,
    user_id: UserId,
    name: String,
}

/// Loads what hangs on these messages into them; nothing is asked for no messages.
pub async fn extras(from: &mut impl Reader, rows: &mut [MessageRow]) -> DbResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut marks: HashMap<MessageId, Vec<MarkRow>> = HashMap::new();
    for mark in marks_of(from, rows).await? {
        marks.entry(mark.message_id).or_default().push(mark);
    }
    let quotes = quotes_of(from, rows).await?;
    let mut files = files_of(from, rows).await?;
    for row in rows {
        row.extras.attachments = files.remove(&row.message_id).unwrap_or_default();
        row.extras.quote = row.quoted_id.and_then(|id| quotes.get(&id).cloned());
        for mark in marks.remove(&row.message_id).unwrap_or_default() {
            let MarkRow { kind, user_id: user, name, .. } = mark;
            match kind {
                Some(kind) => row.extras.reactions.push(ReactionRow { kind, user, name }),
                None => row.extras.mentions.push(MentionRow { user, name }),
            }
        }
    }
    Ok(())
}

async fn marks_of(from: &mut impl Reader, rows: &[MessageRow]) -> DbResult<Vec<MarkRow>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.message_id.0).collect();
    let reactions = sql!(
        "select r.message_id, r.kind, r.user_id, u.first_name || ' ' || u.last_name as name, r.created_at as at \
         from reaction r join app_user u on u.id = r.user_id where r.message_id in "
    );
    let mentions = " union all select n.message_id, null, n.user_id, n.name, m.created_at from mention n \
         join message m on m.id = n.message_id where n.message_id in ";
    from.read(reactions.list(ids.clone()).push(mentions).list(ids).push(" order by at, user_id, kind")).await
}

/// The files of these messages; none is asked for when they have none.
async fn files_of(from: &mut impl Reader, rows: &[MessageRow]) -> DbResult<HashMap<MessageId, Vec<StoredFile>>> {
    let ids: Vec<MessageId> = rows.iter().filter(|row| row.has_files).map(|row| row.message_id).collect();
    let mut files: HashMap<_, Vec<_>> = HashMap::new();
    if !ids.is_empty() {
        for row in list_attachments(from, ids).await? {
            files.entry(row.message_id).or_default().push(row.file);
        }
    }
    Ok(files)
}

/// The messages that these answer; none is asked for when they answer none. Also those from before the viewer joined: who
/// quotes chose to show it, an event shows it to everybody at once, and a page shows what events did.
async fn quotes_of(from: &mut impl Reader, rows: &[MessageRow]) -> DbResult<HashMap<MessageId, QuoteRow>> {
    let ids: Vec<MessageId> = rows.iter().filter_map(|row| row.quoted_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = sql!("select ").push(QUOTE_COLUMNS);
    let sql = sql.push(" from message m join app_user u on u.id = m.sender_id where m.id in ");
    let rows: Vec<QuoteRow> = from.read(sql.list(ids)).await?;
    Ok(rows.into_iter().map(|row| (row.message_id, row)).collect())
}
