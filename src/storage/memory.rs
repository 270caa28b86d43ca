//! Objects in the memory of the process, for tests.

use std::{
    collections::{HashMap, VecDeque},
    io::Cursor,
    ops::Range,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use chrono::{DateTime, Utc};
use tokio::io::AsyncRead;

use super::{Intake, Key, Listed, Object, StorageError, Stored};

/// Keys, their bytes and when they came.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Objects>);

type Objects = HashMap<Key, (Vec<u8>, DateTime<Utc>)>;

impl Memory {
    fn map(&self) -> MutexGuard<'_, Objects> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Names of everything that is kept, sorted.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<_> = self.map().keys().map(ToString::to_string).collect();
        keys.sort();
        keys
    }

    pub(super) async fn put(
        &self,
        key: &Key,
        source: impl AsyncRead + Unpin + Send,
        limit: u64,
    ) -> Result<Stored, StorageError> {
        let mut intake = Intake::new(source, limit);
        let mut bytes = Vec::new();
        while let Some(piece) = intake.next().await? {
            bytes.extend_from_slice(piece);
        }
        self.map().insert(key.clone(), (bytes, SystemTime::now().into()));
        Ok(intake.stored())
    }

    pub(super) fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Object, StorageError> {
        let map = self.map();
        let (bytes, _) = map.get(key).ok_or_else(|| StorageError::NotFound(key.clone()))?;
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        let range = range.map_or(0..bytes.len(), |r| place(r.start)..place(r.end.max(r.start)));
        Ok(Object { size_bytes: bytes.len() as u64, reader: Box::pin(Cursor::new(bytes[range].to_vec())) })
    }

    pub(super) fn delete(&self, key: &Key) {
        self.map().remove(key);
    }

    pub(super) fn list(&self, prefix: &str) -> VecDeque<Listed> {
        let map = self.map();
        let found = map.iter().filter(|(key, _)| key.as_str().starts_with(prefix));
        let listed = |(key, (bytes, written_at)): (&Key, &(Vec<u8>, DateTime<Utc>))| Listed {
            key: key.clone(),
            size_bytes: bytes.len() as u64,
            written_at: *written_at,
        };
        found.map(listed).collect()
    }
}
