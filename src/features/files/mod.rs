//! Files that people bring for what other features write: messages, tickets. Brought one by one, with progress, before the
//! form that names them is sent; kept privately; handed out to who may read what took them. This feature has no routes
//! and no rights of its own: a feature that takes files has both.
//!
//! # How a feature takes files
//!
//! 1. **Say what is allowed**: a [`Purpose`] and a [`Policy`] in `policy.rs`. Its `body_bytes()` is the limit of the
//!    upload's route: `.post_up_to("/tickets/{id}/files", access, files::TICKET.body_bytes(), upload)`.
//! 2. **Bring**: a handler checks who may write there, then `let taken = files::take(&app, &waiting, request).await?`
//!    with `Waiting { policy: &files::TICKET, person: user.id, place: ticket.0 }`. To htmx it answers
//!    `ui::waiting_files` of `taken.files?`; without scripts the page again, with `taken.typed` in its fields. The form has
//!    `ui::upload` in it, an `UploadView` of `waiting.list(&app.db)` and [`Policy::limits`]; the script does the rest. What
//!    is not there yet has an id all the same: its form carries it, as a message's does.
//! 3. **Send**: the form names its files in one field, `ID,ID`. Before the write `policy.parse(&form.files)?`; inside it
//!    `let files = waiting.claim(&mut tx, &ids, now).await?`, and a row of the feature's own table for each
//!    (`file_id uuid primary key references stored_file (id) on delete cascade`). A file that is somebody else's, or not
//!    there any more, refuses the whole write.
//! 4. **Show**: a query of the feature's own joins its table to `stored_file`, selects [`COLUMNS`] into a [`StoredFile`]
//!    and says who may read it today. Two handlers hand that out, [`serve`] at `…/{id}` and [`serve_thumbnail`] at
//!    `…/{id}/thumbnail`; a third takes back what waits, [`withdraw`] at `…/{id}/removal`. `views::paths` has the three as
//!    a `FilePaths`, and screens get [`view`].
//! 5. **Forget**: when what had the files is deleted, [`release`] them in the same write; [`prune`] does the rest, as for
//!    those that were never sent.

mod download;
mod housekeeping;
mod intake;
mod kind;
mod policy;
mod present;
mod queries;
mod waiting;

use crate::storage::Key;

pub use download::{serve, serve_thumbnail};
pub use housekeeping::{prune, release};
pub use intake::{Taken, Typed, take};
pub use kind::Kind;
pub use policy::{CHAT, Policy, Purpose, TICKET, Texts};
pub use present::view;
pub use queries::{COLUMNS, StoredFile};
pub use waiting::{Waiting, withdraw};

/// The key of a row, as it was made.
fn key(text: &str) -> anyhow::Result<Key> {
    Ok(Key::parse(text)?)
}
