//! Every object that the database names. This file alone knows which tables do; who keeps objects of a new kind adds them
//! here, or `crea files cleanup` takes them for orphans.

use std::collections::HashSet;

use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    db::{Db, DbResult},
    features::access::photo_key,
    ids::UserId,
    sql,
    storage::{Key, Stored},
};

/// Rows that are read at once.
const PAGE: i64 = 500;

/// An object that a row names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) key: Key,
    /// What it must be, where the row says so: small pictures and photos have no digest there.
    pub(super) facts: Option<Stored>,
    /// Whether its bytes were all there. A row is written before its object, and stays until the object is gone.
    pub(super) is_whole: bool,
}

/// A walk through all of them.
pub(super) struct Names<'a> {
    db: &'a Db,
    next: Next,
}

enum Next {
    Files(Uuid),
    Photos(Uuid),
    End,
}

#[derive(FromRow)]
struct FileRow {
    id: Uuid,
    object_key: String,
    thumbnail_key: Option<String>,
    size_bytes: i64,
    sha256: String,
    is_whole: bool,
}

impl<'a> Names<'a> {
    pub(super) fn new(db: &'a Db) -> Self {
        Self { db, next: Next::Files(Uuid::nil()) }
    }

    /// The next ones; `None` at the end.
    pub(super) async fn next(&mut self) -> anyhow::Result<Option<Vec<Named>>> {
        match self.next {
            Next::Files(after) => {
                let rows = list_files(self.db, after).await?;
                self.next = rows.last().map_or(Next::Photos(Uuid::nil()), |last| Next::Files(last.id));
                let named: Result<Vec<_>, _> = rows.iter().map(of_file).collect();
                Ok(Some(named?.into_iter().flatten().collect()))
            }
            Next::Photos(after) => {
                let people = list_people_with_photo(self.db, after).await?;
                self.next = people.last().map_or(Next::End, |(last,)| Next::Photos(*last));
                let of_person = |(id,): (Uuid,)| Named { key: photo_key(UserId(id)), facts: None, is_whole: true };
                Ok(Some(people.into_iter().map(of_person).collect()))
            }
            Next::End => Ok(None),
        }
    }
}

/// A file, and its small picture.
fn of_file(row: &FileRow) -> anyhow::Result<Vec<Named>> {
    let facts = Stored { size_bytes: row.size_bytes, sha256: row.sha256.clone() };
    let file = Named { key: Key::parse(&row.object_key)?, facts: Some(facts), is_whole: row.is_whole };
    let small = row.thumbnail_key.as_deref().map(Key::parse).transpose()?;
    let small = small.map(|key| Named { key, facts: None, is_whole: row.is_whole });
    Ok([Some(file), small].into_iter().flatten().collect())
}

async fn list_files(db: &Db, after: Uuid) -> DbResult<Vec<FileRow>> {
    db.all(sql!(
        "select id, object_key, thumbnail_key, size_bytes, sha256, stored_at is not null as is_whole \
         from stored_file where id > $1 order by id limit $2",
        after,
        PAGE
    ))
    .await
}

async fn list_people_with_photo(db: &Db, after: Uuid) -> DbResult<Vec<(Uuid,)>> {
    db.all(sql!("select id from app_user where photo_version > 0 and id > $1 order by id limit $2", after, PAGE)).await
}

/// Which of these keys a row names now.
pub(super) async fn named_of(db: &Db, keys: &[&Key]) -> DbResult<HashSet<String>> {
    let texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
    let sql = sql!("select object_key from stored_file where object_key in ").list(texts.clone());
    let sql = sql.push(" union select thumbnail_key from stored_file where thumbnail_key in ").list(texts);
    let files: Vec<(String,)> = db.all(sql).await?;
    // `people/ID/photo`
    let people = keys.iter().filter_map(|key| key.as_str().split('/').nth(1)?.parse().ok());
    let people: Vec<Uuid> = people.collect();
    let photos = sql!("select id from app_user where photo_version > 0 and id in ").list(people);
    let photos: Vec<(Uuid,)> = db.all(photos).await?;
    let photos = photos.into_iter().map(|(id,)| photo_key(UserId(id)).to_string());
    Ok(files.into_iter().map(|(key,)| key).chain(photos).collect())
}
