//! How much one person may do in a while. One row per person and act counts it: it is locked by who counts, so that many
//! requests at once are counted one after the other on either engine, and it never becomes more than one row.

use chrono::{DateTime, Duration, Utc};

use crate::{
    db::{Db, DbResult, Tx},
    error::{AppError, AppResult, TextKey},
    ids::UserId,
    sql,
};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Messages; counted by what is stored, here they only take turns: see [`turn`].
    Message,
    /// Changes of messages; as [`Pace::Message`].
    Edit,
    /// Exports for an investigation; as [`Pace::Message`].
    Export,
    /// Reactions, and those that are taken back.
    Reaction,
    /// Drafts that are kept.
    Draft,
    /// Searches over messages.
    Search,
    /// Bytes of files.
    Upload,
}

impl Pace {
    /// As stored.
    fn code(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Edit => "edit",
            Self::Export => "export",
            Self::Reaction => "reaction",
            Self::Draft => "draft",
            Self::Search => "search",
            Self::Upload => "upload",
        }
    }

    /// How much is allowed in [`Pace::window`], and what the person reads above it.
    fn limit(self) -> (i64, &'static str) {
        match self {
            Self::Message | Self::Edit | Self::Export => (i64::MAX, "chat.error.rate"),
            Self::Reaction => (20, "chat.error.rate_reactions"),
            Self::Draft => (60, "chat.error.rate_drafts"),
            Self::Search => (60, "chat.error.rate_searches"),
            Self::Upload => (200 * 1024 * 1024, "chat.error.rate_files"),
        }
    }

    /// How long is counted together. Windows follow each other: at their border up to twice the limit passes.
    fn window(self) -> Duration {
        if self == Self::Upload { Duration::hours(1) } else { Duration::minutes(1) }
    }

    /// Whether so much may be done in a window.
    ///
    /// # Errors
    /// 429 above the limit.
    pub fn check(self, done: i64) -> AppResult<()> {
        let (most, text) = self.limit();
        if done <= most {
            return Ok(());
        }
        Err(AppError::TooMany { retry_after_s: self.window().num_seconds(), text: TextKey(text) })
    }
}

/// Locks the person's row until the transaction ends; answers how much was done in the window. Take it before a
/// conversation is locked, everywhere, so that nobody waits in a circle.
pub async fn lock(tx: &mut Tx, user: UserId, what: Pace, now: DateTime<Utc>) -> DbResult<i64> {
    add(tx, user, what, 0, now).await
}

/// Waits until the person's other writes of this kind are done, where several can go on at once. SQLite has one writer:
/// whoever writes has the turn. Take it before a conversation is locked, as [`lock`].
pub async fn turn(tx: &mut Tx, user: UserId, what: Pace, now: DateTime<Utc>) -> DbResult<()> {
    if let Tx::Postgres(_) = tx {
        lock(tx, user, what, now).await?;
    }
    Ok(())
}

/// Counts so much more inside a write; answers what was done in the window, this included. A window that a clock began
/// which was ahead is over.
pub async fn add(tx: &mut Tx, user: UserId, what: Pace, amount: i64, now: DateTime<Utc>) -> DbResult<i64> {
    let (done,): (i64,) = tx
        .one(sql!(
            "insert into pace (user_id, what, started_at, amount) values ($1, $2, $3, $4) \
             on conflict (user_id, what) do update set \
               amount = case when pace.started_at > $5 and pace.started_at <= excluded.started_at \
                 then pace.amount + excluded.amount else excluded.amount end, \
               started_at = case when pace.started_at > $5 and pace.started_at <= excluded.started_at \
                 then pace.started_at else excluded.started_at end \
             returning amount",
            user,
            what.code(),
            now,
            amount,
            now - what.window()
        ))
        .await?;
    Ok(done)
}

/// Counts one more inside the write that does it.
///
/// # Errors
/// 429 above the limit.
pub async fn take_in(tx: &mut Tx, user: UserId, what: Pace, now: DateTime<Utc>) -> AppResult<()> {
    what.check(add(tx, user, what, 1, now).await?)
}

/// Counts one more, for what writes nothing else in the same transaction.
///
/// # Errors
/// 429 above the limit.
pub async fn take(db: &Db, user: UserId, what: Pace, now: DateTime<Utc>) -> AppResult<()> {
    let mut tx = db.begin().await?;
    take_in(&mut tx, user, what, now).await?;
    Ok(tx.commit().await?)
}
