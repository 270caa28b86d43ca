//! Events without a feature: written into the outbox beside the server, as a command or another instance would. The
//! server finds them by its counter read, or hears them through Redis, and delivers them as any other event: what is
//! measured is the engine alone, at a size and a number of our choosing.

use std::sync::Arc;

use anyhow::Result;
use crea::clock::Clock;
use crea::db::{self, Db};
use crea::features::audience::Features;
use crea::ids::UserId;
use crea::live::{Live, Topic};
use crea::sql;
use maud::PreEscaped;
use uuid::Uuid;

/// `<hx-live seq="1234"></hx-live>`, which the server puts before the markup.
const TAG_BYTES: usize = 32;

/// An instance of the live engine without sockets, on the server's database.
pub struct Writer {
    db: Db,
    /// The engine.
    pub live: Live,
}

impl Writer {
    /// Joins a running server.
    pub async fn join(url: &str, redis: Option<&str>) -> Result<Self> {
        let (db, clock) = (db::connect(url).await?, Clock::system());
        let audience = Arc::new(Features(db.clone(), clock.clone()));
        let live = Live::start(db.clone(), clock, redis, audience).await?;
        Ok(Self { db, live })
    }

    /// Commits one event per message, all at once, each a frame of about `bytes`.
    pub async fn append(&self, topic: &Topic, messages: &[Uuid], bytes: usize) -> Result<()> {
        let mut tx = self.live.begin().await?;
        for message in messages {
            tx.append(topic.clone(), |_| PreEscaped(markup(*message, bytes.saturating_sub(TAG_BYTES))));
        }
        self.live.commit(tx).await?;
        Ok(())
    }

    /// Somebody who has an account.
    pub async fn anyone(&self) -> Result<UserId> {
        let (user,): (UserId,) = self.db.one(sql!("select id from app_user order by id limit 1")).await?;
        Ok(user)
    }

    /// Stops its loops.
    pub async fn leave(self) {
        self.live.stop();
        self.db.close().await;
    }
}

/// Markup that counts as a sighting of the message, padded to `bytes`.
pub fn markup(message: Uuid, bytes: usize) -> String {
    let sign = format!("<hx-received of=\"{message}\"></hx-received>");
    format!("{sign}{}", "x".repeat(bytes.saturating_sub(sign.len())))
}
