//! What is being stored, as it comes.

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{StorageError, Stored};

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Reads a source piece by piece, counts and digests it, and hands each piece on; stops above the limit.
pub(super) struct Intake<R> {
    source: R,
    digest: Sha256,
    size: u64,
    limit: u64,
    piece: Vec<u8>,
}

impl<R: AsyncRead + Unpin + Send> Intake<R> {
    pub(super) fn new(source: R, limit: u64) -> Self {
        Self { source, digest: Sha256::new(), size: 0, limit, piece: vec![0; CHUNK_BYTES] }
    }

    /// The next piece; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<&[u8]>, StorageError> {
        self.up_to(CHUNK_BYTES).await
    }

    /// The next `length` bytes; fewer at the end, and only there.
    pub(super) async fn part(&mut self, length: usize) -> Result<Vec<u8>, StorageError> {
        let mut part = Vec::new();
        while part.len() < length {
            let Some(piece) = self.up_to(length - part.len()).await? else { break };
            part.extend_from_slice(piece);
        }
        Ok(part)
    }

    async fn up_to(&mut self, length: usize) -> Result<Option<&[u8]>, StorageError> {
        let length = length.min(CHUNK_BYTES);
        let n = self.source.read(&mut self.piece[..length]).await.map_err(StorageError::Source)?;
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

    /// What came, once it came to its end.
    pub(super) fn stored(self) -> Stored {
        Stored { size_bytes: i64::try_from(self.size).unwrap_or(i64::MAX), sha256: hex::encode(self.digest.finalize()) }
    }
}
