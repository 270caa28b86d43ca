//! Files that people bring: bytes under a key, on a disk or in an object store. Knows no feature and no HTTP.
//!
//! A key is made by us from ids, never from what a person typed, and the database holds it beside the file's name, size
//! and digest. A feature inserts its row before it puts the object and deletes the object before its row: a crash in
//! between leaves a row that housekeeping can see, never an object that nobody knows of.

mod disk;
pub mod image;
mod intake;
mod key;
mod list;
mod memory;
mod s3;

use std::{io, ops::Range, pin::Pin, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::io::{AsyncRead, AsyncReadExt as _};

pub use disk::Disk;
pub use key::{Key, KeyError};
pub use list::{Listed, Listing};
pub use memory::Memory;
pub use s3::S3;

use crate::{
    config::{S3Place, S3Settings},
    error::{AppError, TextKey},
};
use intake::Intake;
use list::Pages;

/// How long a signed link is good, where nothing else is asked.
pub const LINK_TTL: Duration = Duration::from_secs(15 * 60);
/// The longest that one is made for.
pub const LONGEST_LINK_TTL: Duration = Duration::from_secs(60 * 60);

/// As what a store hands out an object, which itself knows neither.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Its media type.
    pub content_type: &'a str,
    /// A `Content-Disposition` field: shown or saved, and under which name.
    pub disposition: &'a str,
}

/// Where objects are kept. Cheap to clone; clones are the same place. What waits for an object store is boxed: its
/// futures are large, and every request that may touch a file would carry their size.
#[derive(Clone, Debug)]
pub enum Storage {
    /// A folder of this machine, or one that several instances share.
    Disk(Arc<Disk>),
    /// The memory of this process, for tests.
    Memory(Arc<Memory>),
    /// A bucket of an object store.
    S3(Arc<S3>),
}

/// What was stored, as measured while it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its length.
    pub size_bytes: i64,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// An object that is being read.
pub struct Object {
    /// Length of the whole object, whatever range was asked for.
    pub size_bytes: u64,
    /// The bytes of the range.
    pub reader: Pin<Box<dyn AsyncRead + Send>>,
}

/// Why an object was not stored or read.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// More than the limit; nothing was kept.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// What was to be stored broke off; nothing was kept.
    #[error("the source broke off: {0}")]
    Source(#[source] io::Error),
    /// There is no such object.
    #[error("no object {0}")]
    NotFound(Key),
    /// The place itself failed: full, read-only, gone.
    #[error("storage: {0}")]
    Unavailable(#[source] io::Error),
}

impl From<StorageError> for AppError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::TooLarge(_) => Self::TooLarge,
            StorageError::Source(cause) => Self::BadRequest(cause.to_string()),
            // The row is there and its object is not: that is our fault, and worth a line in the log.
            StorageError::NotFound(_) | StorageError::Unavailable(_) => {
                Self::Down { cause: error.to_string(), text: TextKey("error.storage") }
            }
        }
    }
}

impl Storage {
    /// As [`Storage::open_with`], for a place that needs no keys.
    ///
    /// # Errors
    /// As there.
    pub async fn open(url: &str) -> io::Result<Self> {
        Self::open_with(url, None).await
    }

    /// The place that a `STORAGE_URL` names; its folder is made when it is missing, a bucket is not.
    ///
    /// # Errors
    /// The folder cannot be made; a bucket's name is none, or its keys are not there.
    pub async fn open_with(url: &str, keys: Option<&S3Settings>) -> io::Result<Self> {
        if url == "memory:" {
            return Ok(Self::memory());
        }
        if url.starts_with("s3:") {
            let place = S3Place::parse(url).ok_or_else(|| io::Error::other("must be s3://bucket/prefix"))?;
            let keys = keys.ok_or_else(|| io::Error::other("needs S3_ENDPOINT, S3_ACCESS_KEY and S3_SECRET_KEY"))?;
            return Ok(Self::S3(Arc::new(S3::new(place, keys))));
        }
        let path = url.strip_prefix("file:").unwrap_or(url).trim_start_matches("//");
        // `file:///data/files` is the absolute /data/files, `file://files` is relative to where the server runs.
        let path = if url.starts_with("file:///") { format!("/{}", path.trim_start_matches('/')) } else { path.into() };
        Ok(Self::Disk(Arc::new(Disk::open(path.into()).await?)))
    }

    /// An empty one in memory.
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// Stores what `source` holds under `key`, replacing what was there: whole or not at all. Never holds more than a
    /// piece of it in memory.
    ///
    /// # Errors
    /// `TooLarge` above `limit_bytes`, `Source` when reading fails, `Unavailable` when writing does.
    pub async fn put(
        &self,
        key: &Key,
        source: impl AsyncRead + Unpin + Send,
        limit_bytes: u64,
    ) -> Result<Stored, StorageError> {
        match self {
            Self::Disk(disk) => disk.put(key, source, limit_bytes).await,
            Self::Memory(memory) => memory.put(key, source, limit_bytes).await,
            Self::S3(s3) => Box::pin(s3.put(key, source, limit_bytes)).await,
        }
    }

    /// Opens an object, or a part of it; the part ends where the object does.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Object, StorageError> {
        match self {
            Self::Disk(disk) => disk.get(key, range).await,
            Self::Memory(memory) => memory.get(key, range),
            Self::S3(s3) => Box::pin(s3.get(key, range)).await,
        }
    }

    /// Reads a whole object into memory: for what is known to be small.
    ///
    /// # Errors
    /// As [`Storage::get`]; `TooLarge` above `limit_bytes`.
    pub async fn read(&self, key: &Key, limit_bytes: u64) -> Result<Vec<u8>, StorageError> {
        let object = self.get(key, None).await?;
        if object.size_bytes > limit_bytes {
            return Err(StorageError::TooLarge(limit_bytes));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(object.size_bytes).unwrap_or(0));
        object.reader.take(limit_bytes).read_to_end(&mut bytes).await.map_err(StorageError::Unavailable)?;
        Ok(bytes)
    }

    /// Reads a whole object, without keeping it, and says what it is.
    ///
    /// # Errors
    /// As [`Storage::get`].
    pub async fn measure(&self, key: &Key) -> Result<Stored, StorageError> {
        let mut intake = Intake::new(self.get(key, None).await?.reader, u64::MAX);
        loop {
            match intake.next().await {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(intake.stored()),
                Err(StorageError::Source(cause)) => return Err(StorageError::Unavailable(cause)),
                Err(error) => return Err(error),
            }
        }
    }

    /// Length of an object.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn size(&self, key: &Key) -> Result<u64, StorageError> {
        match self {
            Self::S3(s3) => Box::pin(s3.size(key)).await,
            _ => Ok(self.get(key, Some(0..0)).await?.size_bytes),
        }
    }

    /// Deletes an object; one that is not there is deleted already.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn delete(&self, key: &Key) -> Result<(), StorageError> {
        match self {
            Self::Disk(disk) => disk.delete(key).await,
            Self::Memory(memory) => {
                memory.delete(key);
                Ok(())
            }
            Self::S3(s3) => Box::pin(s3.delete(key)).await,
        }
    }

    /// A walk through all objects whose key starts with `prefix`, as `chat/`; empty for everything.
    pub fn list(&self, prefix: &str) -> Listing {
        Listing(match self {
            Self::Disk(disk) => Pages::Disk(disk.walk(prefix)),
            Self::Memory(memory) => Pages::Memory(memory.list(prefix)),
            Self::S3(s3) => Pages::S3(s3::Pages::new(Arc::clone(s3), prefix)),
        })
    }

    /// A link to an object for whoever holds it, from `now` until `ttl` later, an hour at most: see [`LINK_TTL`]. The
    /// store answers it without asking us, so that the permission is checked before it is made, for each click. `None`
    /// where the place answers no links, or browsers do not reach it: then the file goes through us.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn signed_url(
        &self,
        key: &Key,
        shown: Shown<'_>,
        ttl: Duration,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StorageError> {
        match self {
            Self::S3(s3) if s3.gives_links() => {
                Box::pin(s3.signed_url(key, shown, ttl.min(LONGEST_LINK_TTL), now)).await.map(Some)
            }
            Self::Disk(_) | Self::Memory(_) | Self::S3(_) => Ok(None),
        }
    }

    /// Whether the place answers, for `/readyz`: within a second, and without a request for every question.
    pub async fn is_up(&self) -> bool {
        match self {
            Self::Disk(disk) => disk.is_up().await,
            Self::Memory(_) => true,
            Self::S3(s3) => Box::pin(s3.is_up()).await,
        }
    }

    /// Writes, reads and deletes a small object: what `crea check` asks.
    ///
    /// # Errors
    /// Whatever fails first.
    pub async fn probe(&self) -> Result<(), StorageError> {
        let key = Key::of(&["probe", &uuid::Uuid::now_v7().to_string()]);
        self.put(&key, &b"crea"[..], 16).await?;
        self.read(&key, 16).await?;
        self.delete(&key).await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, dead_code, missing_docs, reason = "tests; not all of it is used here")]
#[path = "../../tests/harness/s3.rs"]
mod server;
#[cfg(test)]
mod tests;
