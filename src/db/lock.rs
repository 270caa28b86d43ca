//! SQLite means one server process. An advisory lock beside the file keeps a second one out.

use std::{fs::File, io, path::Path};

/// Held for as long as it lives; the kernel lets go of it when the process dies.
#[derive(Debug)]
pub struct FileLock(#[expect(dead_code, reason = "held open for its lock")] File);

impl FileLock {
    /// Locks `path`, made when missing. `None` when another process holds it.
    ///
    /// # Errors
    /// The file cannot be made or locked at all.
    pub fn try_new(path: &Path) -> io::Result<Option<Self>> {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }
}
