//! `crea files cleanup`: objects that nobody names.

use std::{collections::BTreeMap, process::ExitCode};

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::json;

use super::{
    named::{Names, named_of},
    summary,
};
use crate::{
    db::Db,
    storage::{Key, Listed, Storage},
};

/// What is younger may belong to a write that is under way.
const AGE: TimeDelta = TimeDelta::hours(24);
/// Orphans that are looked up again at once.
const CHUNK: usize = 500;

/// Deletes what is older than a day and named by no row, and prints each, in the order of the keys. A database that names
/// nothing at all of what is there is taken for somebody else's: then nothing goes. First the storage is
/// read and then the database: a row is written before its object, so that whatever is under way is named by then.
pub(super) async fn cleanup(db: &Db, storage: &Storage, now: DateTime<Utc>, dry_run: bool) -> anyhow::Result<ExitCode> {
    let mut orphans = list_old(storage, now).await?;
    let objects = orphans.len();
    strike_out_named(db, &mut orphans).await?;
    if objects > 0 && orphans.len() == objects {
        eprintln!("crea: the database names nothing of what is there; is it the right one?");
        if !dry_run {
            return Ok(told(objects, Deleted { errors: 1, ..Deleted::default() }, dry_run));
        }
    }
    let mut done = Deleted::default();
    let orphans: Vec<Listed> = orphans.into_values().collect();
    for chunk in orphans.chunks(CHUNK) {
        let named = named_of(db, &chunk.iter().map(|one| &one.key).collect::<Vec<_>>()).await?;
        for orphan in chunk.iter().filter(|one| !named.contains(one.key.as_str())) {
            match Box::pin(remove(storage, orphan, dry_run)).await {
                Ok(false) => {}
                Ok(true) => {
                    done.count += 1;
                    done.bytes += orphan.size_bytes;
                    let written = orphan.written_at.to_rfc3339_opts(SecondsFormat::Secs, true);
                    println!("delete {} {} {written}", orphan.key, orphan.size_bytes);
                }
                Err(error) => {
                    done.errors += 1;
                    println!("error {}: {error:#}", orphan.key);
                }
            }
        }
    }
    Ok(told(objects, done, dry_run))
}

/// What went, or would go.
#[derive(Default)]
struct Deleted {
    count: u64,
    bytes: u64,
    errors: u64,
}

fn told(objects: usize, done: Deleted, dry_run: bool) -> ExitCode {
    let Deleted { count, bytes, errors } = done;
    let told = json!({
        "old_objects": objects, "deleted": count, "bytes": bytes, "errors": errors, "dry_run": dry_run,
    });
    summary(&told, errors)
}

/// Everything that is old enough.
async fn list_old(storage: &Storage, now: DateTime<Utc>) -> anyhow::Result<BTreeMap<Key, Listed>> {
    let (mut listing, mut old) = (storage.list(""), BTreeMap::new());
    loop {
        let page = listing.next().await.context("cannot list the storage")?;
        if page.is_empty() {
            return Ok(old);
        }
        let page = page.into_iter().filter(|one| one.written_at < now - AGE);
        old.extend(page.map(|one| (one.key.clone(), one)));
    }
}

async fn strike_out_named(db: &Db, orphans: &mut BTreeMap<Key, Listed>) -> anyhow::Result<()> {
    let mut names = Names::new(db);
    while let Some(page) = names.next().await? {
        for named in page {
            orphans.remove(&named.key);
        }
    }
    Ok(())
}

/// Deletes one, if it is still what was listed: a photo may have been brought anew under its old key.
async fn remove(storage: &Storage, orphan: &Listed, dry_run: bool) -> anyhow::Result<bool> {
    let now_there = storage.list(orphan.key.as_str()).next().await?;
    if !now_there.contains(orphan) {
        return Ok(false);
    }
    if !dry_run {
        storage.delete(&orphan.key).await?;
    }
    Ok(true)
}
