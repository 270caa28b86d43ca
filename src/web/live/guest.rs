//! The person at the other end of a live connection: what they may hear, and what they lack when they come.

use chrono::{DateTime, Utc};

use super::{
    Hello,
    replay::{Extent, Replay},
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    live::{Link, Standing, Tallies, Topic, hub::Entry, hub::Greeting, socket::Visitor, wire::Outlet},
};

/// Topics that one page may name.
const MAX_TOPICS: usize = 64;

/// Who is connected, and to what.
#[derive(Clone)]
pub(super) struct Guest {
    pub app: App,
    pub user: CurrentUser,
}

/// Somebody who is registered with the hub: write what `past` yields, then go live by [`Arrival::entry`].
pub(super) struct Arrival<'a> {
    /// What the tab missed.
    pub past: Replay<'a>,
    held: Vec<Topic>,
    page: Vec<Topic>,
    tallies: Tallies,
    shown: i64,
}

impl Guest {
    /// Registers a tab with the hub. What is delivered from here on is kept for it. With an outlet, the hub writes to it
    /// once the past is written.
    pub fn connect(&self, outlet: Option<Outlet>) -> Link {
        self.register(None, outlet)
    }

    /// The same for a poll, which leaves at once.
    pub fn visit(&self) -> Link {
        self.register(Some(self.app.clock.now()), None)
    }

    fn register(&self, visited_at: Option<DateTime<Utc>>, outlet: Option<Outlet>) -> Link {
        let visitor = Visitor {
            user: self.user.id.0,
            session: self.user.session.0,
            locale: self.user.look.locale,
            expires_at: self.user.session_expires_at,
            visited_at,
        };
        self.app.live.hub().connect(visitor, outlet)
    }

    /// Reads what a connected tab hears and lacks; `None` when its session has ended. After [`Guest::connect`]: a later
    /// revocation is kept for the link, an earlier one is seen here.
    pub async fn arrive(&self, hello: &Hello) -> AppResult<Option<Arrival<'_>>> {
        let Some(Standing { held, tallies, oldest }) = self.standing().await? else { return Ok(None) };
        let page = self.allowed(&hello.topics, &held).await?;
        let mut topics = held.clone();
        topics.extend(page.iter().cloned());
        topics.extend([Topic::Everyone, Topic::User(self.user.id.0)]);
        let past = Replay::begin(self, topics, hello.cursor, tallies.seq, (tallies.seq, oldest));
        Ok(Some(Arrival { past, held, page, tallies, shown: hello.page }))
    }

    /// Of the topics that another page named, those that the person may hear today, with the newest event and the
    /// oldest that is kept; `None` once the session has ended.
    pub async fn authorised(&self, topics: &str) -> AppResult<Option<(Vec<Topic>, Extent)>> {
        let Some(Standing { held, tallies, oldest }) = self.standing().await? else { return Ok(None) };
        Ok(Some((self.allowed(topics, &held).await?, (tallies.seq, oldest))))
    }

    /// What the person may hear and has to read, once this instance has delivered what that was read at.
    async fn standing(&self) -> AppResult<Option<Standing>> {
        let hub = self.app.live.hub();
        let standing = hub.audience().standing(self.user.id.0, self.user.session.0).await?;
        match &standing {
            Some(standing) if !hub.reached(standing.tallies.seq).await => {
                Err(AppError::Unavailable("this instance is behind".to_owned()))
            }
            _ => Ok(standing),
        }
    }

    /// What the person holds anyway is not asked for again.
    async fn allowed(&self, topics: &str, held: &[Topic]) -> AppResult<Vec<Topic>> {
        let (user, audience) = (self.user.id.0, self.app.live.hub().audience());
        let mut allowed = Vec::new();
        for topic in topics.split(' ').filter_map(|t| t.parse::<Topic>().ok()).take(MAX_TOPICS) {
            if held.contains(&topic) || audience.may_subscribe(user, topic.clone()).await? {
                allowed.push(topic);
            }
        }
        Ok(allowed)
    }
}

impl Arrival<'_> {
    /// What the hub needs once the past is written.
    pub fn entry(self) -> Entry {
        let Self { past, held, page, tallies, shown } = self;
        let greeting = Greeting { page: shown, is_reset: !past.is_whole };
        Entry { held, page, tallies, read: past.read, greeting }
    }
}
