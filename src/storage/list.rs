//! What is in a place, a page at a time.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::{Key, StorageError, disk::Walk, s3};

/// Most objects of a page.
pub(super) const PAGE: usize = 1_000;

/// An object as its place lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub key: Key,
    /// Its length.
    pub size_bytes: u64,
    /// When it was written, by the clock of the place.
    pub written_at: DateTime<Utc>,
}

/// A walk through the objects below a prefix, in no order that one may rely on. What is written or deleted meanwhile may
/// be met or not; everything else is met once. What has a name that is no [`Key`] is not ours and is passed over.
pub struct Listing(pub(super) Pages);

/// Where the walk is.
pub(super) enum Pages {
    Disk(Walk),
    Memory(VecDeque<Listed>),
    S3(s3::Pages),
}

impl Listing {
    /// The next objects, at most a thousand; none at the end.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn next(&mut self) -> Result<Vec<Listed>, StorageError> {
        match &mut self.0 {
            Pages::Disk(walk) => walk.next().await.map_err(StorageError::Unavailable),
            Pages::Memory(rest) => Ok(rest.drain(..rest.len().min(PAGE)).collect()),
            Pages::S3(pages) => Box::pin(pages.next()).await,
        }
    }
}
