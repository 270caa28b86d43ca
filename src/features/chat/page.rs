//! The chat page put together: list, pinned ones, what is open beside them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;
use views::{
    chat::{self, ChatPage, ConversationPanel, Kind, Tab},
    layout::Nav,
    paths,
    text::t,
};

use super::{
    files,
    present::{self, Dock, rows},
    queries,
    read::{self, Place},
    record, seen, send,
};
use crate::{
    app::App,
    auth::{Capability, CurrentUser},
    error::{AppError, AppResult},
    features::people::{me_view, person_view},
    ids::ConversationId,
    live::Topic,
    web::Page,
};

/// Conversations in the list at once.
const CONVERSATIONS: i64 = 50;

/// Which list, and where it goes on.
#[derive(Debug, Default, Deserialize)]
pub struct ChatQuery {
    /// `MILLISECONDS-UUID` of the last row above.
    #[serde(default)]
    after: String,
    /// `direct`, `group` or `broadcast`; anything else is all.
    #[serde(default)]
    kind: String,
}

/// A page of chat.
pub fn page(user: &CurrentUser, seq: i64, view: &ChatPage) -> Page {
    let l = user.look.locale;
    let page = Page::new(Nav::Chat, t(l, "chat.title"), seq, chat::page_panel(l, view));
    let is_newest = view.is_first && view.tab == Tab::All;
    if is_newest { page.carry(Dock::of(&view.conversations)) } else { page }
}

/// The lists, nothing open.
pub async fn list(app: &App, user: &CurrentUser, query: &ChatQuery) -> AppResult<ChatPage> {
    let (l, directory, tab) = (user.look.locale, app.live.directory(), Tab::from_code(&query.kind));
    let place = place_of(&query.after);
    let is_whole = place.is_none() && tab == Tab::All;
    let (found, pinned) = if is_whole {
        queries::list_with_pinned(&app.db, user.id, CONVERSATIONS).await?
    } else {
        (queries::list_for(&app.db, user.id, tab, place, CONVERSATIONS).await?, Vec::new())
    };
    let more_before = found.rows.last().filter(|_| found.has_more).map(|row| {
        let place = format!("{}-{}", row.active_at.timestamp_millis(), row.conversation_id);
        paths::chat_after(tab.code(), &place)
    });
    Ok(ChatPage {
        tab,
        pinned: rows(l, user, &pinned, directory),
        conversations: rows(l, user, &found.rows, directory),
        is_first: place.is_none(),
        more_before,
        can_group: user.can(Capability::ManageGroups),
        can_broadcast: user.can(Capability::ChatBroadcast),
        ..ChatPage::default()
    })
}

/// `1763800000000-UUID`; anything else is the beginning.
fn place_of(after: &str) -> Option<(DateTime<Utc>, ConversationId)> {
    let (ms, id) = after.split_once('-')?;
    let at = DateTime::from_timestamp_millis(ms.parse().ok()?)?;
    Some((at, ConversationId(id.parse().ok()?)))
}

/// A conversation as it opens. 404 for who does not take part.
pub async fn panel(app: &App, user: &CurrentUser, id: ConversationId, place: Place) -> AppResult<ConversationPanel> {
    let directory = app.live.directory();
    let open = record::find_open(&mut &app.db, user.id, id).await?;
    let stretch = read::stretch(app, user, id, open.last_number, place).await?;
    let other = person_view(&open.other, directory);
    let is_group = matches!(open.kind, Kind::Group | Kind::Record);
    let members = if is_group { queries::list_members(&app.db, id).await? } else { Vec::new() };
    let (draft, waiting) = if open.has_waiting {
        (queries::find_draft(&app.db, user.id, id).await?, files::waiting(user.id, id).list(&app.db).await?)
    } else {
        (None, Vec::new())
    };
    let seen = seen::under(app, user, id, &open, &stretch).await?;
    Ok(ConversationPanel {
        id: id.to_string(),
        kind: open.kind,
        title: open.title.clone(),
        created_by: is_group.then(|| other.clone()),
        people: match open.kind {
            Kind::Direct => present::pair(me_view(user, directory), other),
            Kind::Broadcast => vec![other],
            Kind::Group | Kind::Record => Vec::new(),
        },
        members: members.iter().map(|row| present::member(row, directory)).collect(),
        campaign: open.campaign_name.clone().unwrap_or_default(),
        is_muted: open.is_muted,
        is_pinned: open.is_pinned,
        stretch,
        can_write: send::may_write(user, &open),
        seen,
        last_number: open.last_number,
        last_read: open.last_read_number,
        draft_at_ms: draft.as_ref().map(|draft| draft.updated_at.timestamp_millis()),
        draft: draft.map(|draft| draft.body).unwrap_or_default(),
        files: files::beside(user.look.locale, id, &waiting),
        error_key: None,
        message_id: Uuid::now_v7().to_string(),
    })
}

/// The conversation with a message that was refused still in the composer, and why. Other errors pass.
pub async fn refused(
    app: &App,
    user: &CurrentUser,
    id: ConversationId,
    draft: &str,
    error: AppError,
) -> AppResult<Page> {
    let key = match &error {
        AppError::Invalid(errors) => errors.0.first().map(|(_, key)| *key),
        AppError::TooMany { text, .. } | AppError::Down { text, .. } => Some(text.0),
        _ => None,
    };
    let Some(key) = key else { return Err(error) };
    let seq = app.live.cursor().await?;
    let open = panel(app, user, id, Place::default()).await?;
    let open = ConversationPanel { draft: draft.to_owned(), error_key: Some(key.to_owned()), ..open };
    let view = ChatPage { open: Some(open), ..list(app, user, &ChatQuery::default()).await? };
    Ok(page(user, seq, &view).topics(vec![Topic::Conversation(id.0)]).status(error.status()))
}
