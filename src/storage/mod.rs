//! Files that people bring: bytes under a key, on disk now, in an object store later. Knows no feature and no HTTP.
//!
//! A key is made by us from ids, never from what a person typed, and the database holds it beside the file's name, size
//! and digest. A feature inserts its row before it puts the object and deletes the object before its row: a crash in
//! between leaves a row that housekeeping can see, never an object that nobody knows of.

mod disk;
pub mod image;
mod key;
mod memory;

use std::{io, ops::Range, pin::Pin, sync::Arc};

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};

pub use disk::Disk;
pub use key::{Key, KeyError};
pub use memory::Memory;

use crate::error::{AppError, TextKey};

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Where objects are kept. Cheap to clone; clones are the same place.
#[derive(Clone, Debug)]
pub enum Storage {
    /// A folder of this machine, or one that several instances share.
    Disk(Arc<Disk>),
    /// The memory of this process, for tests.
    Memory(Arc<Memory>),
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
    /// The place that a `STORAGE_URL` names; its folder is made when it is missing.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub async fn open(url: &str) -> io::Result<Self> {
        if url == "memory:" {
            return Ok(Self::memory());
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

    /// Length of an object.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn size(&self, key: &Key) -> Result<u64, StorageError> {
        Ok(self.get(key, Some(0..0)).await?.size_bytes)
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

/// Reads a source piece by piece, counts and digests it, and hands each piece on; stops above the limit.
struct Intake<R> {
    source: R,
    digest: Sha256,
    size: u64,
    limit: u64,
    piece: Vec<u8>,
}

impl<R: AsyncRead + Unpin + Send> Intake<R> {
    fn new(source: R, limit: u64) -> Self {
        Self { source, digest: Sha256::new(), size: 0, limit, piece: vec![0; CHUNK_BYTES] }
    }

    /// The next piece; `None` at the end.
    async fn next(&mut self) -> Result<Option<&[u8]>, StorageError> {
        let n = self.source.read(&mut self.piece).await.map_err(StorageError::Source)?;
        if n == 0 {
            return Ok(None);
        }
        self.size += n as u64;
        if self.size > self.limit {
            return Err(StorageError::TooLarge(self.limit));
        }
        self.digest.update(&self.piece[..n]);
        Ok(Some(&self.piece[..n]))
    }

    fn stored(self) -> Stored {
        Stored { size_bytes: i64::try_from(self.size).unwrap_or(i64::MAX), sha256: hex::encode(self.digest.finalize()) }
    }
}

#[cfg(test)]
mod tests;
