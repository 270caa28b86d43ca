//! `crea files migrate`: the same objects in another place.

use std::process::ExitCode;

use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::{
    named::{Named, Names},
    summary,
};
use crate::{
    db::Db,
    storage::{Storage, StorageError, Stored},
};

/// Objects that are on their way at once.
const AT_ONCE: usize = 8;

/// What is to be done.
pub(super) struct Plan {
    pub(super) from: Storage,
    pub(super) to: Storage,
    pub(super) dry_run: bool,
    pub(super) force: bool,
}

/// How an object came out.
enum Outcome {
    Copied(Stored),
    Skipped,
}

/// Copies every object that the database names and whose bytes were all there, and prints each in the order of the rows.
pub(super) async fn migrate(db: &Db, plan: Plan) -> anyhow::Result<ExitCode> {
    let (mut copied, mut skipped, mut errors, mut bytes) = (0_u64, 0_u64, 0_u64, 0_i64);
    let mut names = Names::new(db);
    while let Some(page) = names.next().await? {
        let whole = page.into_iter().filter(|named| named.is_whole);
        let plan = &plan;
        let one = |named: Named| async move { (Box::pin(plan.bring(&named)).await, named.key) };
        let mut outcomes = stream::iter(whole).map(one).buffered(AT_ONCE);
        while let Some((outcome, key)) = outcomes.next().await {
            match outcome {
                Ok(Outcome::Copied(stored)) => {
                    (copied, bytes) = (copied + 1, bytes + stored.size_bytes);
                    println!("copy {key} {}", stored.size_bytes);
                }
                Ok(Outcome::Skipped) => {
                    skipped += 1;
                    println!("skip {key}");
                }
                Err(error) => {
                    errors += 1;
                    println!("error {key}: {error:#}");
                }
            }
        }
    }
    let told = json!({
        "copied": copied, "skipped": skipped, "errors": errors, "bytes": bytes, "dry_run": plan.dry_run,
    });
    Ok(summary(&told, errors))
}

impl Plan {
    /// Copies one, unless it is there already. A copy that is not what the row says, or that reads back otherwise, does
    /// not stay; a good one is never replaced by a bad one.
    async fn bring(&self, named: &Named) -> anyhow::Result<Outcome> {
        let key = &named.key;
        let there = found(self.to.size(key).await)?;
        if there.is_some() && !self.force && self.is_same(named).await? {
            return Ok(Outcome::Skipped);
        }
        let size = self.from.size(key).await?;
        if there.is_some() || self.dry_run {
            let source = if named.facts.is_some() { Some(self.from.measure(key).await?) } else { None };
            is_expected(named, source.as_ref())?;
        }
        if self.dry_run {
            return Ok(Outcome::Copied(Stored { size_bytes: i64::try_from(size)?, sha256: String::new() }));
        }
        let stored = self.to.put(key, self.from.get(key, None).await?.reader, size).await?;
        let checked = match is_expected(named, Some(&stored)) {
            Ok(()) => self.to.measure(key).await.map_err(Into::into),
            Err(error) => Err(error),
        };
        match checked {
            Ok(copy) if copy == stored => Ok(Outcome::Copied(stored)),
            checked => {
                self.to.delete(key).await?;
                Err(checked.err().unwrap_or_else(|| anyhow::anyhow!("the copy reads back otherwise")))
            }
        }
    }

    /// Whether the other place has the same bytes: those that the row speaks of, or else those of the source.
    async fn is_same(&self, named: &Named) -> Result<bool, StorageError> {
        let copy = self.to.measure(&named.key).await?;
        if let Some(facts) = &named.facts {
            return Ok(copy == *facts);
        }
        let source = match self.from.measure(&named.key).await {
            // Gone from the source, as after a move: what is there is all there is.
            Err(StorageError::NotFound(_)) => return Ok(true),
            source => source?,
        };
        Ok(copy == source)
    }
}

fn found(size: Result<u64, StorageError>) -> Result<Option<u64>, StorageError> {
    match size {
        Err(StorageError::NotFound(_)) => Ok(None),
        size => size.map(Some),
    }
}

/// The source may have been damaged, or exchanged by hand.
fn is_expected(named: &Named, source: Option<&Stored>) -> anyhow::Result<()> {
    match (&named.facts, source) {
        (Some(facts), Some(source)) if facts != source => {
            anyhow::bail!("the source is not what the database says: {} bytes, {}", source.size_bytes, source.sha256)
        }
        _ => Ok(()),
    }
}
