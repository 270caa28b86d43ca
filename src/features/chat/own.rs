//! What a person keeps to themselves about a conversation: muted, pinned, marked as unread. Their tabs follow.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use views::{
    chat::{TalkMenu, pinned, talk_menu},
    dom,
    live::morph,
    paths,
    text::Locale,
};

use super::{live, present, queries};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::ConversationId,
    live::{Control, LiveTx, Topic},
    web::{Form, Fragment, Kind, Path, redirect},
};

/// Whether it shall be so.
#[derive(Debug, Deserialize)]
pub struct SwitchForm {
    #[serde(default)]
    on: bool,
}

/// Mutes the conversation for the person, or no longer: it counts for itself, the total leaves it out.
pub async fn mute(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    Form(form): Form<SwitchForm>,
) -> AppResult<Response> {
    let mut tx = begin(&app, &user, id).await?;
    if queries::set_muted(&mut tx, user.id, id, form.on).await? {
        tx.control(Topic::User(user.id.0), Control::SetMuted { user: user.id.0, key: id.0, muted: form.on });
    }
    let menu = menu_of(&mut tx, &user, id).await?;
    tx.append(Topic::User(user.id.0), |l| menu_part(l, &menu));
    app.live.commit(tx).await?;
    Ok(answer(kind, id, menu_part(user.look.locale, &menu)))
}

/// Pins the conversation above the person's list, or no longer.
pub async fn pin(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    Form(form): Form<SwitchForm>,
) -> AppResult<Response> {
    let mut tx = begin(&app, &user, id).await?;
    let at = form.on.then(|| app.clock.now());
    queries::set_pinned(&mut tx, user.id, id, at).await?;
    let menu = menu_of(&mut tx, &user, id).await?;
    let rows = queries::list_pinned_for_write(&mut tx, user.id).await?;
    let parts = |l: Locale| {
        let rows = present::rows(l, &user, &rows, app.live.directory());
        html! { (menu_part(l, &menu)) (morph(&dom::pinned(), pinned(l, &rows))) }
    };
    tx.append(Topic::User(user.id.0), parts);
    let html = parts(user.look.locale);
    app.live.commit(tx).await?;
    Ok(answer(kind, id, html))
}

/// Counts the newest message of somebody else as unread again, and goes back to the list: who looks on reads on.
pub async fn mark_unread(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
) -> AppResult<Response> {
    let mut tx = begin(&app, &user, id).await?;
    if let Some(unread) = queries::unread_last(&mut tx, user.id, id).await? {
        live::read(&mut tx, user.id, id, unread);
        app.live.commit(tx).await?;
    }
    Ok(redirect(kind, paths::CHAT))
}

/// Begins a write about a conversation of the person; 404 for who does not take part.
async fn begin(app: &App, user: &CurrentUser, id: ConversationId) -> AppResult<LiveTx> {
    let mut tx = app.live.begin().await?;
    if queries::lock(&mut tx, user.id, id).await? { Ok(tx) } else { Err(AppError::NotFound) }
}

async fn menu_of(tx: &mut LiveTx, user: &CurrentUser, id: ConversationId) -> AppResult<TalkMenu> {
    let open = queries::find_for_write(tx, user.id, id).await?;
    Ok(TalkMenu { id: id.to_string(), kind: open.kind, is_muted: open.is_muted, is_pinned: open.is_pinned })
}

fn menu_part(l: Locale, menu: &TalkMenu) -> Markup {
    morph(&dom::talk_menu(&menu.id), talk_menu(l, menu))
}

fn answer(kind: Kind, id: ConversationId, parts: Markup) -> Response {
    if kind.is_htmx() { Fragment(parts).into_response() } else { redirect(kind, &paths::conversation(&id.to_string())) }
}
