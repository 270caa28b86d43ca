//! The page of one message: what the menu offers, as plain forms.

use axum::extract::State;
use uuid::Uuid;
use views::{
    chat::{MessagePage, mention_options, message_page},
    layout::Nav,
    text::t,
};

use super::{model, queries};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::{AppError, AppResult},
    features::people::person_view,
    ids::{ConversationId, MessageId},
    web::{Fragment, Page, Path},
};

/// A message and what the person may do with it.
pub async fn show_message(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path((id, message)): Path<(ConversationId, MessageId)>,
) -> AppResult<Page> {
    let row = queries::find_message(&mut &app.db, user.id, id, message).await?;
    let is_mine = row.sender.id == user.id;
    let is_deleted = row.deleted_at.is_some();
    let view = MessagePage {
        conversation_id: id.to_string(),
        id: message.to_string(),
        number: row.number,
        name: format!("{} {}", row.sender.first_name, row.sender.last_name),
        can_edit: model::may_edit(is_mine, is_deleted, row.created_at, app.clock.now()).is_ok(),
        can_delete: model::may_delete(is_mine).is_ok() && !is_deleted,
        body: row.body,
        is_deleted,
        answer_id: Uuid::now_v7().to_string(),
    };
    let l = user.look.locale;
    Ok(Page::new(Nav::Chat, t(l, "message.options"), seq, message_page(l, &view)))
}

/// The others of a conversation, for who types "@" in it. 404 for who takes no part, and for mass messages.
pub async fn list_names(
    State(app): State<App>,
    user: CurrentUser,
    Path(id): Path<ConversationId>,
) -> AppResult<Fragment> {
    if !queries::may_be_heard(&app.db, user.id, id).await? {
        return Err(AppError::NotFound);
    }
    let people = queries::list_others(&app.db, user.id, id).await?;
    let people: Vec<_> = people.iter().map(|person| person_view(person, app.live.directory())).collect();
    Ok(Fragment(mention_options(&people)))
}
