//! Objects as files below one folder.

use std::{
    io::{self, SeekFrom},
    ops::Range,
    path::PathBuf,
};

use tokio::{
    fs::{self, File},
    io::{AsyncRead, AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _},
};
use uuid::Uuid;

use super::{Intake, Key, Object, StorageError, Stored};

/// A folder of objects. What is being written has a name of its own, starting with a dot, until it is whole.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// Takes up a folder; makes it when it is missing.
    pub(super) async fn open(root: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&root).await?;
        Ok(Self { root })
    }

    /// Keys have no `..` and no leading `/`: the path stays below the root.
    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }

    /// Written under a temporary name, flushed to the disk, then renamed: a reader sees the whole object or none, also
    /// after a power cut.
    pub(super) async fn put(
        &self,
        key: &Key,
        source: impl AsyncRead + Unpin + Send,
        limit: u64,
    ) -> Result<Stored, StorageError> {
        let path = self.path(key);
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        fs::create_dir_all(&folder).await.map_err(StorageError::Unavailable)?;
        let mut temporary = Temporary { path: folder.join(format!(".{}", Uuid::new_v4().simple())), is_done: false };
        let mut file = File::create_new(&temporary.path).await.map_err(StorageError::Unavailable)?;
        let mut intake = Intake::new(source, limit);
        while let Some(piece) = intake.next().await? {
            file.write_all(piece).await.map_err(StorageError::Unavailable)?;
        }
        file.sync_all().await.map_err(StorageError::Unavailable)?;
        fs::rename(&temporary.path, &path).await.map_err(StorageError::Unavailable)?;
        temporary.is_done = true;
        // The name itself lasts when its folder is on the disk.
        let folder = File::open(&folder).await.map_err(StorageError::Unavailable)?;
        folder.sync_all().await.map_err(StorageError::Unavailable)?;
        Ok(intake.stored())
    }

    pub(super) async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Object, StorageError> {
        let missing = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => StorageError::NotFound(key.clone()),
            _ => StorageError::Unavailable(error),
        };
        let mut file = File::open(self.path(key)).await.map_err(missing)?;
        let size_bytes = file.metadata().await.map_err(StorageError::Unavailable)?.len();
        let range = range.unwrap_or(0..size_bytes);
        if range.start > 0 {
            file.seek(SeekFrom::Start(range.start)).await.map_err(StorageError::Unavailable)?;
        }
        Ok(Object { size_bytes, reader: Box::pin(file.take(range.end.saturating_sub(range.start))) })
    }

    pub(super) async fn delete(&self, key: &Key) -> Result<(), StorageError> {
        match fs::remove_file(self.path(key)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StorageError::Unavailable(error)),
            _ => Ok(()),
        }
    }
}

/// Removes what was not finished, also when the request that wrote it is dropped half-way.
struct Temporary {
    path: PathBuf,
    is_done: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_done {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
