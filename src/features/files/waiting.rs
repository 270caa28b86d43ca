//! Files between two acts: somebody brought them, and nothing has taken them yet.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    housekeeping,
    policy::Policy,
    queries::{self, StoredFile},
};
use crate::{
    app::App,
    db::{Db, Tx},
    error::{AppError, AppResult, FieldErrors},
    ids::{FileId, UserId},
};

/// The files that one person has brought for one thing, and that wait for the form that names them.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// What is allowed.
    pub policy: &'static Policy,
    /// Whose.
    pub person: UserId,
    /// For what: the conversation, the ticket; for one that is not there yet, the id that its form will give it.
    pub place: Uuid,
}

impl Waiting {
    /// Files that may wait: those of a form, and of one that failed.
    pub(super) fn most(&self) -> i64 {
        2 * self.policy.files as i64
    }

    /// What waits, for the form when it is shown again; in the order in which it was brought.
    pub async fn list(&self, db: &Db) -> AppResult<Vec<StoredFile>> {
        Ok(queries::list_waiting(db, self, self.most()).await?)
    }

    /// Gives the files to what names them, inside its write: all of them, or nothing is written. Answers them; the
    /// feature inserts a row of its own for each.
    ///
    /// # Errors
    /// 422 when one is not the person's own, was brought for something else, is taken already or gone.
    pub async fn claim(&self, tx: &mut Tx, ids: &[FileId], now: DateTime<Utc>) -> AppResult<Vec<StoredFile>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let files = queries::claim_files(tx, self, ids, now).await?;
        if files.len() == ids.len() { Ok(files) } else { Err(gone()) }
    }

    /// The name of one of them.
    ///
    /// # Errors
    /// As [`Waiting::claim`].
    pub async fn name_of(&self, tx: &mut Tx, id: FileId) -> AppResult<String> {
        Ok(queries::get_waiting(tx, self, id).await?.ok_or_else(gone)?.name)
    }
}

/// Takes back a file of the person that nothing has taken, with its bytes. Answers what it was.
///
/// # Errors
/// 404 for what is taken, brought for another use, or somebody else's.
pub async fn withdraw(app: &App, policy: &Policy, person: UserId, id: FileId) -> AppResult<StoredFile> {
    let file = queries::withdraw_file(&app.db, person, policy.purpose.code(), id).await?;
    housekeeping::delete(app, &file).await?;
    Ok(file)
}

fn gone() -> AppError {
    AppError::Invalid(FieldErrors::one("files", "file.error.gone"))
}
