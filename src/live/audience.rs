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

/// The features' side of the hub; one implementation, in `features`, registered in `lib.rs`.
pub trait Audience: Send + Sync + 'static {
    /// Topics that every socket of this person holds: campaigns, roles, conversations. Everyone and the person's own
    /// are added by the hub.
    fn held(&self, user: Uuid) -> BoxFuture<'_, Result<Vec<Topic>>>;

    /// Whether this person may hear a topic that a page named, by today's permissions.
    fn may_subscribe(&self, user: Uuid, topic: Topic) -> BoxFuture<'_, Result<bool>>;

    /// Unread counts and the event number they are exact at, read in one snapshot.
    fn tallies(&self, user: Uuid) -> BoxFuture<'_, Result<Tallies>>;

    /// Partials that show these counts and the person's total.
    fn tally_html(&self, locale: Locale, changed: &[Figure], total: i64) -> String;

    /// State of these people as if connected, and the topics whose holders may see it.
    fn presence_of(&self, users: Vec<Uuid>) -> BoxFuture<'_, Result<Vec<Seen>>>;

    /// State, as if connected, of everyone whom this person may see.
    fn visible_to(&self, user: Uuid) -> BoxFuture<'_, Result<Vec<(Uuid, Presence)>>>;
}
