//! Objects as files below one folder.

use std::{
    io::{self, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
};

use tokio::{
    fs::{self, DirEntry, File, ReadDir},
    io::{AsyncRead, AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _},
};
use uuid::Uuid;

use super::{Intake, Key, Listed, Object, StorageError, Stored, list::PAGE};

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

    pub(super) fn walk(&self, prefix: &str) -> Walk {
        let folder = prefix.rsplit_once('/').map_or_else(|| self.root.clone(), |(folder, _)| self.root.join(folder));
        Walk { root: self.root.clone(), prefix: prefix.to_owned(), folders: vec![folder], open: None }
    }

    pub(super) async fn is_up(&self) -> bool {
        fs::metadata(&self.root).await.is_ok_and(|facts| facts.is_dir())
    }
}

/// A walk through the folders. What is no file of ours, a link too, is passed over; a folder that goes away meanwhile has
/// ended.
pub(super) struct Walk {
    root: PathBuf,
    prefix: String,
    folders: Vec<PathBuf>,
    open: Option<ReadDir>,
}

impl Walk {
    /// The next page; empty at the end.
    pub(super) async fn next(&mut self) -> io::Result<Vec<Listed>> {
        let mut page = Vec::new();
        while page.len() < PAGE {
            let Some(folder) = self.folder().await? else { break };
            match folder.next_entry().await? {
                Some(entry) => page.extend(self.take(&entry).await?),
                None => self.open = None,
            }
        }
        Ok(page)
    }

    /// The folder that is being read.
    async fn folder(&mut self) -> io::Result<Option<&mut ReadDir>> {
        while self.open.is_none() {
            let Some(next) = self.folders.pop() else { return Ok(None) };
            self.open = match fs::read_dir(&next).await {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    // A place without its root is not an empty place.
                    fs::metadata(&self.root).await?;
                    None
                }
                opened => Some(opened?),
            };
        }
        Ok(self.open.as_mut())
    }

    /// A folder is kept for later.
    async fn take(&mut self, entry: &DirEntry) -> io::Result<Option<Listed>> {
        let path = entry.path();
        let name = path.strip_prefix(&self.root).ok().and_then(Path::to_str);
        let Some(key) = name.and_then(|name| Key::parse(name).ok()) else { return Ok(None) };
        let kind = entry.file_type().await?;
        if kind.is_dir() {
            let (below, prefix) = (format!("{key}/"), &self.prefix);
            if below.starts_with(prefix.as_str()) || prefix.starts_with(&below) {
                self.folders.push(path);
            }
        }
        if !kind.is_file() || !key.as_str().starts_with(&self.prefix) {
            return Ok(None);
        }
        match entry.metadata().await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            facts => {
                let facts = facts?;
                Ok(Some(Listed { key, size_bytes: facts.len(), written_at: facts.modified()?.into() }))
            }
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
