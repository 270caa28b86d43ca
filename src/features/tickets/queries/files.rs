//! SQL of files of tickets. Who reads the entry reads its files, in every statement.

use std::collections::HashMap;

use sqlx::FromRow;

use super::Viewer;
use crate::{
    db::{Arg, Db, DbResult, Reader, Tx},
    features::files::{self, StoredFile},
    ids::{FileId, TicketEntryId},
    sql,
};

#[derive(FromRow)]
struct EntryFile {
    entry_id: TicketEntryId,
    #[sqlx(flatten)]
    file: StoredFile,
}

/// Hangs files on an entry.
pub async fn insert_files(tx: &mut Tx, entry: TicketEntryId, files: &[StoredFile]) -> DbResult<()> {
    if files.is_empty() {
        return Ok(());
    }
    let rows = files.iter().map(|file| vec![Arg::from(file.file_id), Arg::from(entry)]);
    tx.exec(sql!("insert into ticket_file (file_id, entry_id) values ").rows(rows)).await?;
    Ok(())
}

/// Files of these entries, each in the order in which they were brought.
pub async fn list_files(
    from: &mut impl Reader,
    entries: Vec<TicketEntryId>,
) -> DbResult<HashMap<TicketEntryId, Vec<StoredFile>>> {
    let sql = sql!("select f.entry_id, ").push(files::COLUMNS);
    let sql = sql.push(" from ticket_file f join stored_file on stored_file.id = f.file_id where f.entry_id in ");
    let rows: Vec<EntryFile> = from.read(sql.list(entries).push(" order by stored_file.id")).await?;
    let mut of = HashMap::<_, Vec<_>>::new();
    for row in rows {
        of.entry(row.entry_id).or_default().push(row.file);
    }
    Ok(of)
}

/// A file that the person may read: one of a ticket that they read (of a note, if they are its staff or work on it), or
/// their own that is not sent yet; `RowNotFound` otherwise.
pub async fn find_file(db: &Db, viewer: Viewer, id: FileId) -> DbResult<StoredFile> {
    let sql = sql!("select ").push(files::COLUMNS).push(
        " from stored_file left join ticket_file f on f.file_id = stored_file.id \
          left join ticket_entry e on e.id = f.entry_id left join ticket t on t.id = e.ticket_id \
          where stored_file.purpose = 'ticket' and stored_file.stored_at is not null and stored_file.id = ",
    );
    let sql = viewer.push_reads(sql.bind(id).push(" and ((f.file_id is not null and "));
    let sql = viewer.push_staff(sql.push(" and (e.kind <> 'note' or t.assignee_id = ").bind(viewer.id).push(" or "));
    let sql = sql.push(")) or (stored_file.claimed_at is null and stored_file.uploader_id = ");
    db.one(sql.bind(viewer.id).push("))")).await
}
