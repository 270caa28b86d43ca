//! The features' side of the live engine: which topics exist for whom. A feature's own part stands in its `live.rs`.

mod standing;

use anyhow::Result;
use futures_util::future::BoxFuture;
use uuid::Uuid;
use views::text::Locale;

use super::{broadcasts, chat, floor, live_status, people, tickets};
use crate::{
    app::App,
    auth::CurrentUser,
    clock::Clock,
    db::Db,
    live::{Audience, Figure, Seen, Standing, Topic},
    web::live::{Glance, Watcher},
};

/// Every feature's topics, by today's rows of the database.
pub struct Features(pub Db, pub Clock);

impl Audience for Features {
    fn standing(&self, user: Uuid, session: Uuid) -> BoxFuture<'_, Result<Option<Standing>>> {
        Box::pin(async move { Ok(standing::standing(&self.0, user, session, self.1.now()).await?) })
    }

    fn may_subscribe(&self, user: Uuid, topic: Topic) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            Ok(match topic {
                Topic::Everyone => true,
                Topic::User(id) => id == user,
                Topic::Campaign(id) => people::shares_campaign(&self.0, user, id, None).await?,
                Topic::Role(id, role) => people::shares_campaign(&self.0, user, id, Some(role)).await?,
                Topic::Conversation(id) => chat::takes_part(&self.0, user, id).await?,
                Topic::Broadcast(id) => chat::has_card(&self.0, user, id).await?,
                Topic::Board(id) => {
                    broadcasts::may_watch(&self.0, user, id).await? || tickets::may_watch(&self.0, user, id).await?
                }
                Topic::Ticket(id) => tickets::reads(&self.0, user, id).await?,
                Topic::Tray(name) if name == tickets::LIST => tickets::may_list(&self.0, user).await?,
                Topic::Tray(name) if name == broadcasts::LIST => broadcasts::may_list(&self.0, user).await?,
                Topic::Tray(name) if name == live_status::FEED => live_status::may_watch(&self.0, user).await?,
                // No feature has these yet: nobody hears them.
                Topic::Client(_) | Topic::Tray(_) => false,
            })
        })
    }

    fn tally_html(&self, locale: Locale, changed: &[Figure], total: i64) -> String {
        chat::tally_html(locale, changed, total)
    }

    fn presence_of(&self, users: Vec<Uuid>) -> BoxFuture<'_, Result<Vec<Seen>>> {
        Box::pin(async move { Ok(floor::presence_of(&self.0, &users).await?) })
    }
}

/// What the features make of a tab that says something.
#[derive(Default)]
pub struct Tabs {
    receipts: broadcasts::Receipts,
}

impl Watcher for Tabs {
    fn idle(&self, app: App, user: CurrentUser, idle: bool) -> BoxFuture<'static, ()> {
        Box::pin(floor::set_idle(app, user, idle))
    }

    fn typing(&self, app: &App, user: &CurrentUser, place: Topic) {
        match place {
            Topic::Conversation(id) => chat::typing(app, user, id),
            Topic::Ticket(id) | Topic::Board(id) => tickets::typing(app, user, id, place),
            _ => {}
        }
    }

    fn looking(&self, app: &App, user: &CurrentUser, ticket: Uuid, how: Glance) {
        tickets::looking(app, user, ticket, how);
    }

    fn received(&self, app: &App, user: &CurrentUser, broadcasts: Vec<Uuid>) {
        self.receipts.add(app, user.id.0, broadcasts);
    }
}
