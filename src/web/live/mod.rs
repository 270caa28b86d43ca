//! The live connection of a tab, over whatever transport reaches it. `guest` and `replay` are what all transports
//! share: who may hear what, and what a tab missed. `said` is what a tab says; a transport only reads and writes.
//!
//! The past is read after the tab is registered with the hub, which keeps what happens meanwhile: nothing falls
//! between the two.

mod guest;
pub mod poll;
mod replay;
mod said;
pub mod say;
pub mod socket;
pub mod sse;

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Deserialize;
use uuid::Uuid;

use crate::{app::App, auth::CurrentUser, live::Topic};

pub use said::Glance;

/// A browser that takes nothing for this long is cut off, so that a revocation cannot wait for it.
const PATIENCE: Duration = Duration::from_secs(4);
/// The last word where there is no close code: the session has ended, or never was.
const REVOKED: &str = "<hx-live revoked></hx-live>";
/// Mass messages that one tab may acknowledge at once.
pub const MAX_RECEIVED: usize = 100;

/// What a tab says when it connects.
#[derive(Debug, Deserialize)]
pub struct Hello {
    /// The last event that it applied, or that its page was drawn at.
    cursor: i64,
    /// Which page it shows, counted by the tab; echoed once its topics are heard.
    #[serde(default)]
    page: i64,
    /// The page's topics, separated by spaces.
    #[serde(default)]
    topics: String,
    /// Whether the state of everybody is wanted, too; only polls ask, the others are told.
    #[serde(default)]
    dots: u8,
}

/// What the features want to know of a tab; registered by `lib.rs`.
pub trait Watcher: Send + Sync + 'static {
    /// All tabs of a person have been still for a while, or one moved again.
    fn idle(&self, app: App, user: CurrentUser, idle: bool) -> BoxFuture<'static, ()>;

    /// Somebody is typing where the tab hears: in a conversation, or in a ticket for all its readers or its staff. At
    /// most every two seconds per tab.
    fn typing(&self, app: &App, user: &CurrentUser, place: Topic);

    /// Somebody comes to look at a ticket that the tab hears, still does, or does no more.
    fn looking(&self, app: &App, user: &CurrentUser, ticket: Uuid, how: Glance);

    /// Mass messages that reached the tab's screen; at most [`MAX_RECEIVED`]. Ids as the browser said them: whether
    /// they were meant for the person is for the feature's statement to say.
    fn received(&self, app: &App, user: &CurrentUser, broadcasts: Vec<Uuid>);
}
