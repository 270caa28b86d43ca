//! SQLite's one writer. Transactions take turns on it, and those that stand in line together become lasting together:
//! one flush to the disk for all of them, which costs more than most of what they write.
//!
//! The first of a group begins a transaction; each later one is a savepoint in it. Whoever is done stands in line once
//! more, and the first who comes up again commits for everybody: a group is whoever waited meanwhile, and one who
//! writes alone waits for nobody. Nobody is told "done" before the group's commit; who takes back what they wrote, and saw what
//! others did, is not answered before it either ([`super::barrier`]).

use std::{fmt, io, mem, sync::Arc, time::Duration};

use sqlx::{Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, watch},
    time::timeout,
};

use super::{
    DbResult,
    barrier::{self, Open, Outcome},
};

/// The right to write, and the group that is open. Waiting for it is fair.
type Turn = OwnedMutexGuard<Option<Group>>;

/// The writer of one SQLite file. Clones share it.
#[derive(Clone)]
pub struct Writer {
    pool: SqlitePool,
    turn: Arc<Mutex<Option<Group>>>,
    patience: Duration,
}

/// Transactions that become lasting together.
struct Group {
    connection: PoolConnection<Sqlite>,
    /// Those that are done and wait for the commit.
    members: usize,
    outcome: watch::Sender<Outcome>,
}

/// A transaction of SQLite. Dropped without a commit, it rolls back; the others of its group stay.
pub struct LiteTx {
    writer: Writer,
    stage: Stage,
    _open: Open,
}

/// How far a transaction is.
enum Stage {
    /// It may write.
    Open(Turn),
    /// It has written; its group is to be committed.
    Done,
    /// Nothing is left to do.
    Over,
}

impl Writer {
    /// A writer on a pool of exactly one connection; who waits longer than `patience` to begin gets `PoolTimedOut`.
    pub(super) fn new(pool: SqlitePool, patience: Duration) -> Self {
        Self { pool, turn: Arc::default(), patience }
    }

    /// The pool of its connection, for migrations and pragmas. The connection is there between groups.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Begins a transaction as soon as those before it are done.
    pub(super) async fn begin(&self) -> DbResult<LiteTx> {
        let turn = timeout(self.patience, self.turn()).await;
        let mut turn = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
        if turn.is_none() {
            *turn = Some(Group::new(self.pool.acquire().await?));
        }
        let shared = turn.as_ref().filter(|group| group.is_shared()).map(|group| group.outcome.subscribe());
        // From here on a drop takes back what was begun.
        let mut tx = LiteTx { writer: self.clone(), stage: Stage::Open(turn), _open: barrier::begin(shared) };
        let group = tx.group()?;
        if group.is_shared() {
            group.run("savepoint member").await?;
        } else if let Err(error) = group.run("begin immediate").await {
            // Nothing was begun: there is nothing to take back. (A deferred one would fail when another process writes.)
            tx.leave();
            return Err(error);
        }
        Ok(tx)
    }

    /// Waits for those who write, then closes the connection.
    pub(super) async fn close(&self) {
        let _turn = self.turn().await;
        self.pool.close().await;
    }

    async fn turn(&self) -> Turn {
        Arc::clone(&self.turn).lock_owned().await
    }

    /// Waits until the group is committed, by another member or in the turn that comes first.
    async fn lasting(&self, mut outcome: watch::Receiver<Outcome>) -> DbResult<()> {
        let turn = tokio::select! {
            biased;
            _ = outcome.wait_for(|outcome| *outcome != Outcome::Open) => None,
            turn = self.turn() => Some(turn),
        };
        if let Some(turn) = turn {
            // In a task of its own: who goes away meanwhile cannot leave the others in doubt.
            tokio::spawn(commit(turn)).await.map_err(|_| lost())??;
        }
        if *outcome.borrow() == Outcome::Lasting { Ok(()) } else { Err(lost()) }
    }
}

impl Group {
    fn new(connection: PoolConnection<Sqlite>) -> Self {
        Self { connection, members: 0, outcome: watch::Sender::new(Outcome::Open) }
    }

    /// Whether somebody else's writes are in it.
    fn is_shared(&self) -> bool {
        self.members > 0
    }

    async fn run(&mut self, statement: &'static str) -> DbResult<()> {
        sqlx::query(statement).execute(&mut *self.connection).await.map(drop)
    }

    /// Tells its members, and gives the connection back; one that failed is opened anew.
    async fn end(mut self, is_lasting: bool) {
        if is_lasting {
            self.connection.return_to_pool().await;
        } else if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the connection that writes was closed");
        }
        self.outcome.send_replace(if is_lasting { Outcome::Lasting } else { Outcome::Lost });
    }
}

impl LiteTx {
    /// The connection, inside the transaction.
    pub(super) fn connection(&mut self) -> DbResult<&mut SqliteConnection> {
        self.group().map(|group| &mut *group.connection)
    }

    fn group(&mut self) -> DbResult<&mut Group> {
        match &mut self.stage {
            Stage::Open(turn) => turn.as_mut().ok_or(sqlx::Error::PoolClosed),
            Stage::Done | Stage::Over => Err(sqlx::Error::PoolClosed),
        }
    }

    /// Gives the turn back with no group open.
    fn leave(&mut self) {
        if let Stage::Open(mut turn) = mem::replace(&mut self.stage, Stage::Over) {
            *turn = None;
        }
    }

    /// Makes it last, with whoever else is done by then.
    pub(super) async fn commit(mut self) -> DbResult<()> {
        let Stage::Open(mut turn) = mem::replace(&mut self.stage, Stage::Done) else { return Err(lost()) };
        let outcome = join(&mut turn).await?;
        // Those who stand in line go first.
        drop(turn);
        let done = self.writer.lasting(outcome).await;
        self.stage = Stage::Over;
        done
    }
}

impl Drop for LiteTx {
    fn drop(&mut self) {
        // Without a runtime the process ends, and SQLite rolls back what is open.
        let Ok(runtime) = Handle::try_current() else { return };
        match mem::replace(&mut self.stage, Stage::Over) {
            Stage::Open(turn) => drop(runtime.spawn(roll_back(turn))),
            Stage::Done => {
                let writer = self.writer.clone();
                drop(runtime.spawn(async move { commit(writer.turn().await).await }));
            }
            Stage::Over => {}
        }
    }
}

/// Leaves what the transaction of this turn wrote to its group.
async fn join(turn: &mut Turn) -> DbResult<watch::Receiver<Outcome>> {
    let mut group = turn.take().ok_or_else(lost)?;
    if group.is_shared()
        && let Err(error) = group.run("release member").await
    {
        // SQLite has ended the transaction, and the others' with it.
        group.end(false).await;
        return Err(error);
    }
    group.members += 1;
    let outcome = group.outcome.subscribe();
    **turn = Some(group);
    Ok(outcome)
}

/// Commits the group that is open, if one is.
async fn commit(mut turn: Turn) -> DbResult<()> {
    let Some(mut group) = turn.take() else { return Ok(()) };
    let committed = group.run("commit").await;
    group.end(committed.is_ok()).await;
    committed
}

/// Takes back what the transaction of this turn wrote. When SQLite has ended the whole of it, as it does when the disk
/// is full or fails, there is no savepoint to go back to, and the group is lost.
async fn roll_back(mut turn: Turn) {
    let Some(mut group) = turn.take() else { return };
    if !group.is_shared() {
        let done = group.run("rollback").await;
        return group.end(done.is_ok()).await;
    }
    if group.run("rollback to member").await.is_ok() && group.run("release member").await.is_ok() {
        *turn = Some(group);
    } else {
        group.end(false).await;
    }
}

/// What the others of a group are told when it failed: the same again may succeed.
pub(super) fn lost() -> sqlx::Error {
    sqlx::Error::Io(io::Error::other("a write that was to last together with this one failed"))
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl fmt::Debug for LiteTx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiteTx").finish_non_exhaustive()
    }
}
