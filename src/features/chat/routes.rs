//! Addresses of chat, and its plain pages.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    chat::{self, ChatPage, Kind as Talk, RecipientsView},
    paths,
};

use super::{
    card::card_view,
    change, draft, export, files, groups, options, own,
    page::{ChatQuery, list, page, panel},
    queries,
    read::{self, Place},
    record, search, send,
};
use crate::{
    app::{App, Cursor},
    auth::{Capability, CurrentUser},
    error::{AppError, AppResult},
    features::people,
    ids::ConversationId,
    live::Topic,
    web::{Access, Fragment, Kind, Page, Path, Query, Routes},
};

/// Routes of this feature.
pub fn routes() -> Routes {
    let chat = Access::Can(Capability::ChatDirect);
    let manage = Access::Can(Capability::ManageGroups);
    let investigate = Access::Can(Capability::ExportConversations);
    Routes::new()
        .get(paths::CHAT, chat, list_conversations)
        .get(paths::CHAT_NEW, chat, choose_recipient)
        .get(paths::CHAT_SEARCH, chat, search::search_messages)
        .post(paths::direct(), chat, send::open_direct)
        .get(paths::GROUP_NEW, manage, groups::show_new)
        .post(paths::GROUP_NEW, manage, groups::create)
        .post("/chat/groups/{id}/title", manage, groups::rename)
        .get("/chat/groups/{id}/people", manage, groups::choose_people)
        .post("/chat/groups/{id}/people", manage, groups::add_people)
        .post("/chat/groups/{id}/removal", manage, groups::remove_person)
        .get(paths::INVESTIGATIONS, investigate, export::find_conversations)
        .post("/investigations/{id}", investigate, export::export_conversation)
        .get("/chat/{id}", chat, show_conversation)
        .get("/chat/{id}/messages", chat, read::list_more)
        .post("/chat/{id}/messages", chat, send::send_message)
        .get("/chat/{id}/names", chat, options::list_names)
        .get("/chat/{id}/messages/{message}", chat, options::show_message)
        .post("/chat/{id}/messages/{message}", chat, change::edit)
        .post("/chat/{id}/messages/{message}/delete", chat, change::delete)
        .post("/chat/{id}/messages/{message}/reactions", chat, change::react)
        .post("/chat/{id}/read", chat, read::mark_read)
        .post("/chat/{id}/unread", chat, own::mark_unread)
        .post("/chat/{id}/mute", chat, own::mute)
        .post("/chat/{id}/pin", chat, own::pin)
        .post("/chat/{id}/leave", chat, groups::leave)
        .post("/chat/{id}/draft", chat, draft::save)
        .post_up_to("/chat/{id}/files", chat, files::BODY_BYTES, files::upload)
        .get("/files/{id}", chat, files::show_file)
        .get("/files/{id}/thumbnail", chat, files::show_thumbnail)
        .post("/files/{id}/removal", chat, files::remove)
        .post("/records/{kind}/{id}/conversation", chat, record::open_record)
}

#[derive(Debug, Deserialize)]
pub struct RecipientQuery {
    #[serde(default)]
    q: String,
}

/// The list of conversations, none open.
async fn list_conversations(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Query(query): Query<ChatQuery>,
) -> AppResult<Page> {
    Ok(page(&user, seq, &list(&app, &user, &query).await?))
}

/// A conversation beside the list.
async fn show_conversation(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<ConversationId>,
    Query(query): Query<ChatQuery>,
    Query(place): Query<Place>,
) -> AppResult<Page> {
    let open = panel(&app, &user, id, place).await?;
    if open.kind == Talk::Broadcast {
        return show_card(&app, &user, seq, id).await;
    }
    let view = ChatPage { open: Some(open), ..list(&app, &user, &query).await? };
    Ok(page(&user, seq, &view).topics(vec![Topic::Conversation(id.0)]))
}

/// A mass message beside the list. 404 for who is no recipient.
async fn show_card(app: &App, user: &CurrentUser, seq: i64, id: ConversationId) -> AppResult<Page> {
    let row = queries::find_card(&app.db, user.id, id).await?.ok_or(AppError::NotFound)?;
    let card = card_view(user.look.locale, &row, app.clock.now(), app.live.directory());
    let view = ChatPage { card: Some(card), ..list(app, user, &ChatQuery::default()).await? };
    Ok(page(user, seq, &view).topics(vec![Topic::Broadcast(id.0)]))
}

/// Whom one may write to; while typing only the list of them.
async fn choose_recipient(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Query(RecipientQuery { q }): Query<RecipientQuery>,
) -> AppResult<Response> {
    let (people, more) = people::recipients(&app, &user, &q).await?;
    let view = RecipientsView { query: q, people, more };
    if kind == Kind::Partial {
        return Ok(Fragment(chat::recipients(user.look.locale, &view)).into_response());
    }
    let view = ChatPage { recipients: Some(view), ..list(&app, &user, &ChatQuery::default()).await? };
    Ok(page(&user, seq, &view).into_response())
}
