//! Who else is at a ticket now: looking, or typing. Nothing of it is stored, and no statement is made for it: the tab that
//! says so hears the topic, and screens forget by themselves who says nothing more.

use uuid::Uuid;
use views::{chat::typing as typing_frame, tickets::looking as looking_frame};

use crate::{app::App, auth::CurrentUser, features::people::me_view, live::Topic, web::live::Glance};

/// Says that the person types; `to` all who read the ticket, or to its staff alone.
pub fn typing(app: &App, user: &CurrentUser, ticket: Uuid, to: Topic) {
    let (id, name) = (user.id.to_string(), format!("{} {}", user.first_name, user.last_name));
    app.live.ephemeral(to, |_| typing_frame(&ticket.to_string(), &id, &name));
}

/// Says that the person looks at it, or does no more.
pub fn looking(app: &App, user: &CurrentUser, ticket: Uuid, how: Glance) {
    let person = me_view(user, app.live.directory());
    app.live.ephemeral(Topic::Ticket(ticket), |_| looking_frame(&ticket.to_string(), &person, how.code()));
}
