//! What a request saw of others' writes before they lasted. On SQLite a transaction sees what those before it in its
//! group wrote ([`super::Writer`]). Who commits lasts together with them; who takes back may have decided by them ("that
//! is stored already"), and is neither answered nor shown an older state before they last.

use std::{cell::RefCell, future::Future, sync::Arc};

use tokio::sync::watch;

use super::{DbResult, writer::lost};

tokio::task_local! {
    static SEEN: RefCell<Seen>;
}

/// What became of a group of transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is not committed yet.
    Open,
    /// It was committed.
    Lasting,
    /// Nothing of it stays.
    Lost,
}

/// Held by a transaction while it is open.
pub(super) type Open = Arc<()>;

#[derive(Default)]
struct Seen {
    /// The last group whose writes were seen. Those before it have ended.
    group: Option<watch::Receiver<Outcome>>,
    /// Something that was seen did not last.
    is_lost: bool,
    open: Open,
}

impl Seen {
    fn add(&mut self, group: watch::Receiver<Outcome>) {
        self.settle();
        self.group = Some(group);
    }

    /// Forgets the group if it has ended.
    fn settle(&mut self) {
        let Some(group) = &self.group else { return };
        // One whose turn panicked tells nobody.
        let is_gone = group.has_changed().is_err();
        match *group.borrow() {
            Outcome::Open if !is_gone => return,
            Outcome::Open | Outcome::Lost => self.is_lost = true,
            Outcome::Lasting => {}
        }
        self.group = None;
    }
}

/// Runs a request, then waits until all that it saw lasts. `false`: some of it was lost, and what it answers may be wrong.
/// Tasks that it spawns see for themselves.
pub async fn lasting<F: Future>(request: F) -> (F::Output, bool) {
    SEEN.scope(RefCell::default(), async {
        let output = request.await;
        (output, settled().await.is_ok())
    })
    .await
}

/// A transaction begins in a group that others have written to, or in one of its own.
pub(super) fn begin(group: Option<watch::Receiver<Outcome>>) -> Open {
    let begun = SEEN.try_with(|seen| {
        let mut seen = seen.borrow_mut();
        group.into_iter().for_each(|group| seen.add(group));
        Arc::clone(&seen.open)
    });
    // Outside a request nobody is answered.
    begun.unwrap_or_default()
}

/// Waits until all that was seen lasts. With a transaction open it does not: the group waits for that one. (To read
/// beside one's transaction would show another state, and takes a second connection from PostgreSQL's pool.)
///
/// # Errors
/// Some of it was lost: the same again may succeed.
pub(super) async fn settled() -> DbResult<()> {
    let Ok((group, is_open)) = SEEN.try_with(|seen| {
        let seen = seen.borrow();
        (seen.group.clone(), Arc::strong_count(&seen.open) > 1)
    }) else {
        return Ok(());
    };
    debug_assert!(!is_open, "a request reads in its transaction while it has one, or ends it first");
    if is_open {
        return Ok(());
    }
    if let Some(mut group) = group {
        let _ = group.wait_for(|outcome| *outcome != Outcome::Open).await;
    }
    let is_lost = SEEN.with(|seen| {
        let mut seen = seen.borrow_mut();
        seen.settle();
        seen.is_lost
    });
    if is_lost { Err(lost()) } else { Ok(()) }
}
