//! Pages of chat.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;
use views::{
    chat::{self, ChatPage, ConversationPanel, RecipientsView},
    layout::Nav,
    paths,
    text::t,
};

use super::{
    present::{self, rows},
    queries,
    read::{self, PAGE},
    search, send,
};
use crate::{
    app::{App, Cursor},
    auth::{Capability, CurrentUser},
    error::{AppError, AppResult},
    features::people::{self, me_view, person_view},
    ids::ConversationId,
    live::Topic,
    web::{Access, Fragment, Kind, Page, Path, Query, Routes},
};

/// Conversations in the list at once.
const CONVERSATIONS: i64 = 50;

/// Routes of this feature.
pub fn routes() -> Routes {
    let chat = Access::Can(Capability::ChatDirect);
    Routes::new()
        .get(paths::CHAT, chat, list_conversations)
        .get(paths::CHAT_NEW, chat, choose_recipient)
        .get(paths::CHAT_SEARCH, chat, search::search_messages)
        .post(paths::direct(), chat, send::open_direct)
        .get("/chat/{id}", chat, show_conversation)
        .get("/chat/{id}/messages", chat, read::list_older)
        .post("/chat/{id}/messages", chat, send::send_message)
        .post("/chat/{id}/read", chat, read::mark_read)
}

/// Where the list goes on, and from which message on a conversation is shown.
#[derive(Debug, Default, Deserialize)]
pub struct ChatQuery {
    /// `MILLISECONDS-UUID` of the last row above.
    #[serde(default)]
    after: String,
    /// Messages before this number: the page for browsers without scripts.
    before: Option<i64>,
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
    let view = ChatPage { open: None, ..list(&app, &user, &query.after).await? };
    Ok(page(&user, seq, &view))
}

/// A conversation beside the list.
async fn show_conversation(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<ConversationId>,
    Query(query): Query<ChatQuery>,
) -> AppResult<Page> {
    let open = panel(&app, &user, id, query.before).await?;
    let view = ChatPage { open: Some(open), ..list(&app, &user, &query.after).await? };
    Ok(page(&user, seq, &view).topics(vec![Topic::Conversation(id.0)]))
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
    let view = ChatPage { recipients: Some(view), ..list(&app, &user, "").await? };
    Ok(page(&user, seq, &view).into_response())
}

/// The conversation with a message that was refused still in the composer, and why. Other errors pass.
pub async fn refused(
    app: &App,
    user: &CurrentUser,
    id: ConversationId,
    draft: &str,
    error: AppError,
) -> AppResult<Response> {
    let key = match &error {
        AppError::Invalid(errors) => errors.0.first().map(|(_, key)| *key),
        AppError::TooMany { text, .. } => Some(text.0),
        _ => None,
    };
    let Some(key) = key else { return Err(error) };
    let seq = app.live.cursor().await?;
    let open = panel(app, user, id, None).await?;
    let open = ConversationPanel { draft: draft.to_owned(), error_key: Some(key.to_owned()), ..open };
    let view = ChatPage { open: Some(open), ..list(app, user, "").await? };
    let page = page(user, seq, &view).topics(vec![Topic::Conversation(id.0)]);
    Ok(page.status(error.status()).into_response())
}

fn page(user: &CurrentUser, seq: i64, view: &ChatPage) -> Page {
    let l = user.look.locale;
    Page::new(Nav::Chat, t(l, "chat.title"), seq, chat::page_panel(l, view))
}

async fn list(app: &App, user: &CurrentUser, after: &str) -> AppResult<ChatPage> {
    let found = queries::list_for(&app.db, user.id, place_of(after), CONVERSATIONS).await?;
    let last = found.rows.last().filter(|_| found.has_more);
    let more_before =
        last.map(|row| format!("{}?after={}-{}", paths::CHAT, row.active_at.timestamp_millis(), row.conversation_id));
    Ok(ChatPage {
        conversations: rows(user.look.locale, user, &found.rows, app.live.directory()),
        is_first: place_of(after).is_none(),
        more_before,
        ..ChatPage::default()
    })
}

/// `1763800000000-UUID`; anything else is the beginning.
fn place_of(after: &str) -> Option<(DateTime<Utc>, ConversationId)> {
    let (ms, id) = after.split_once('-')?;
    let at = DateTime::from_timestamp_millis(ms.parse().ok()?)?;
    Some((at, ConversationId(id.parse().ok()?)))
}

async fn panel(app: &App, user: &CurrentUser, id: ConversationId, before: Option<i64>) -> AppResult<ConversationPanel> {
    let (l, directory) = (user.look.locale, app.live.directory());
    let open = queries::find_for(&app.db, user.id, id).await?;
    let found = queries::list_messages(&app.db, id, before, PAGE).await?;
    Ok(ConversationPanel {
        id: id.to_string(),
        people: present::pair(me_view(user, directory), person_view(&open.other, directory)),
        messages: found.rows.iter().map(|row| present::message(l, row, directory)).collect(),
        older_before: found.rows.first().filter(|_| found.has_more).map(|row| row.number),
        can_write: send::may_write(user, &open),
        last_number: open.last_number,
        last_read: open.last_read_number,
        draft: String::new(),
        error_key: None,
        message_id: Uuid::now_v7().to_string(),
    })
}
