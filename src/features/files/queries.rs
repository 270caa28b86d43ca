//! SQL of files. Which of them a person may read is the owning feature's to say: it joins its own tables to these.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{kind::Recognised, waiting::Waiting};
use crate::{
    db::{Db, DbResult, Sql, Tx},
    ids::{FileId, UserId},
    sql,
    storage::{Key, Stored},
};

/// A file that somebody brought.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StoredFile {
    /// The file.
    pub file_id: FileId,
    /// For what it was brought: the conversation, the ticket.
    pub place_id: Uuid,
    /// As people read it.
    pub name: String,
    /// Told by the content.
    pub content_type: String,
    /// Where its bytes are.
    pub object_key: String,
    /// Where its small picture is, if there is one.
    pub thumbnail_key: Option<String>,
    /// Its length.
    pub size_bytes: i64,
    /// In hex.
    pub sha256: String,
    /// Of a picture, in pixels.
    pub width: Option<i64>,
    /// Of a picture, in pixels.
    pub height: Option<i64>,
}

/// Columns of [`StoredFile`], of the table `stored_file` under its own name.
pub const COLUMNS: &str = "stored_file.id as file_id, stored_file.place_id, stored_file.name, stored_file.content_type, \
     stored_file.object_key, stored_file.thumbnail_key, stored_file.size_bytes, stored_file.sha256, \
     stored_file.width, stored_file.height";

/// The small picture of a file: its key, and the size of the whole picture.
#[derive(Clone, Debug)]
pub struct Thumbnail {
    /// Where it is kept.
    pub key: String,
    /// Of the whole picture, in pixels.
    pub width: i64,
    /// Of the whole picture, in pixels.
    pub height: i64,
}

/// Appends which files wait: the person's own, for this, all there and taken by nothing.
fn that_wait(sql: Sql, w: &Waiting) -> Sql {
    let sql = sql.push(" where stored_file.place_id = ").bind(w.place).push(" and stored_file.uploader_id = ");
    let sql = sql.bind(w.person).push(" and stored_file.purpose = ").bind(w.policy.purpose.code());
    sql.push(" and stored_file.claimed_at is null and stored_file.stored_at is not null")
}

/// Writes down that a file comes.
pub async fn insert_file(
    tx: &mut Tx,
    w: &Waiting,
    (id, key): (FileId, &Key),
    recognised: &Recognised,
    at: DateTime<Utc>,
) -> DbResult<()> {
    tx.exec(sql!(
        "insert into stored_file (id, uploader_id, purpose, place_id, name, content_type, object_key, size_bytes, \
           sha256, created_at) values ($1, $2, $3, $4, $5, $6, $7, 0, '', $8)",
        id,
        w.person,
        w.policy.purpose.code(),
        w.place,
        recognised.name.as_str(),
        recognised.content_type,
        key.as_str(),
        at
    ))
    .await?;
    Ok(())
}

/// The bytes are there: from here on the file waits. Answers it.
pub async fn finish_file(
    tx: &mut Tx,
    id: FileId,
    stored: &Stored,
    thumbnail: Option<&Thumbnail>,
    now: DateTime<Utc>,
) -> DbResult<StoredFile> {
    let sql = sql!(
        "update stored_file set size_bytes = $2, sha256 = $3, thumbnail_key = $4, width = $5, height = $6, \
           stored_at = $7 where id = $1 returning ",
        id,
        stored.size_bytes,
        stored.sha256.as_str(),
        thumbnail.map(|t| t.key.as_str()),
        thumbnail.map(|t| t.width),
        thumbnail.map(|t| t.height),
        now
    );
    tx.one(sql.push(COLUMNS)).await
}

/// Files of the person that nothing has taken: those for this, and those whose bytes are still coming, for anything. What
/// began before `since` and never came counts no more.
pub async fn count_waiting(tx: &mut Tx, w: &Waiting, since: DateTime<Utc>) -> DbResult<(i64, i64)> {
    tx.one(sql!(
        "select count(case when place_id = $2 and purpose = $3 then 1 end), \
           count(case when stored_at is null then 1 end) from stored_file \
         where uploader_id = $1 and claimed_at is null and (stored_at is not null or created_at > $4)",
        w.person,
        w.place,
        w.policy.purpose.code(),
        since
    ))
    .await
}

/// What waits, in the order in which it was brought; at most `size`.
pub async fn list_waiting(db: &Db, w: &Waiting, size: i64) -> DbResult<Vec<StoredFile>> {
    let sql = sql!("select ").push(COLUMNS).push(" from stored_file");
    db.all(that_wait(sql, w).push(" order by stored_file.id limit ").bind(size)).await
}

/// One of those that wait, if it does.
pub async fn get_waiting(tx: &mut Tx, w: &Waiting, id: FileId) -> DbResult<Option<StoredFile>> {
    let sql = sql!("select ").push(COLUMNS).push(" from stored_file");
    tx.opt(that_wait(sql, w).push(" and stored_file.id = ").bind(id)).await
}

/// Takes those of these files that wait; answers which, in the order in which they were brought.
pub async fn claim_files(tx: &mut Tx, w: &Waiting, ids: &[FileId], now: DateTime<Utc>) -> DbResult<Vec<StoredFile>> {
    let sql = that_wait(sql!("update stored_file set claimed_at = $1", now), w);
    let sql = sql.push(" and stored_file.id in ").list(ids.to_vec()).push(" returning ");
    let mut files: Vec<StoredFile> = tx.all(sql.push(COLUMNS)).await?;
    files.sort_by_key(|file| file.file_id);
    Ok(files)
}

/// A file that the person brought for this use and that nothing has taken; it can no longer be, since it is about to go.
pub async fn withdraw_file(db: &Db, person: UserId, purpose: &'static str, id: FileId) -> DbResult<StoredFile> {
    let sql = sql!(
        "update stored_file set stored_at = null \
         where id = $1 and uploader_id = $2 and purpose = $3 and claimed_at is null returning ",
        id,
        person,
        purpose
    );
    let mut tx = db.begin().await?;
    let row = tx.one(sql.push(COLUMNS)).await?;
    tx.commit().await?;
    Ok(row)
}

/// What took these files is gone: they can be neither sent nor read, and housekeeping removes them.
pub async fn release_files(tx: &mut Tx, ids: &[FileId]) -> DbResult<()> {
    tx.exec(sql!("update stored_file set claimed_at = null, stored_at = null where id in ").list(ids.to_vec())).await?;
    Ok(())
}

/// Files older than `before` that nothing has: never sent, broken off, or of something that is gone.
pub async fn list_abandoned(db: &Db, before: DateTime<Utc>, size: i64) -> DbResult<Vec<StoredFile>> {
    let sql = sql!("select ").push(COLUMNS).push(" from stored_file where claimed_at is null and created_at < ");
    db.all(sql.bind(before).push(" order by created_at, id limit ").bind(size)).await
}

/// Makes a file one that can no longer be sent or read, since its bytes are about to go; whether still nothing has it.
pub async fn abandon_file(db: &Db, id: FileId) -> DbResult<bool> {
    let sql = sql!("update stored_file set stored_at = null where id = $1 and claimed_at is null", id);
    Ok(db.exec(sql).await? == 1)
}

/// Forgets a file whose object is gone.
pub async fn delete_file(db: &Db, id: FileId) -> DbResult<()> {
    db.exec(sql!("delete from stored_file where id = $1 and claimed_at is null", id)).await?;
    Ok(())
}
