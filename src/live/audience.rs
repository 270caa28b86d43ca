//! What the live engine asks of the features, without knowing any: who hears what, and how counts are drawn.

use anyhow::Result;
use futures_util::future::BoxFuture;
use uuid::Uuid;
use views::{presence::Presence, text::Locale};

use super::{
    Topic,
    event::{Figure, Tallies},
};

/// A person, their state, and the topics whose holders may see it.
pub type Seen = (Uuid, Presence, Vec<Topic>);

/// What a person hears whatever the page, and has to read: all of one moment.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Campaigns, roles, conversations, mass messages. Everyone and the person's own are added by the hub.
    pub held: Vec<Topic>,
    /// Unread counts, and the newest event, at which they are exact.
    pub tallies: Tallies,
    /// The oldest event that is kept; `None` when none is.
    pub oldest: Option<i64>,
}

/// The features' side of the hub; one implementation, in `features`, registered in `lib.rs`.
pub trait Audience: Send + Sync + 'static {
    /// Where the person of this session stands, in one statement; `None` when the session has ended.
    fn standing(&self, user: Uuid, session: Uuid) -> BoxFuture<'_, Result<Option<Standing>>>;

    /// Whether this person may hear a topic that a page named, by today's permissions.
    fn may_subscribe(&self, user: Uuid, topic: Topic) -> BoxFuture<'_, Result<bool>>;

    /// Partials that show these counts and the person's total.
    fn tally_html(&self, locale: Locale, changed: &[Figure], total: i64) -> String;

    /// State of these people as if connected, and the topics whose holders may see it.
    fn presence_of(&self, users: Vec<Uuid>) -> BoxFuture<'_, Result<Vec<Seen>>>;
}
