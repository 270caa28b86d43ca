//! Conversations about a record: one each, made when somebody first wants to talk about it. Who may see the record may
//! join and reads all of it, since what was said belongs to the record; who may see it no longer neither opens nor
//! writes, whether they take part or not.

use axum::{extract::State, response::Response};
use maud::html;
use uuid::Uuid;
use views::{
    chat::{Kind as Talk, member, member_count, talk_title},
    dom,
    live::{morph, place, replace, text},
    paths,
};

use super::{
    live, present,
    queries::{self, MemberRow, OpenRow},
};
use crate::{
    app::App,
    auth::CurrentUser,
    db::{DbResult, Reader},
    error::{AppError, AppResult},
    features::records::{self, Record},
    ids::{ConversationId, UserId},
    live::{LiveTx, Topic},
    web::{Kind, Path, redirect},
};

/// Opens the conversation about a record. 404 for who may not see it.
pub async fn open_record(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path((record_kind, record_id)): Path<(String, Uuid)>,
) -> AppResult<Response> {
    let record = Record::stored(Some(&record_kind), Some(record_id)).ok_or(AppError::NotFound)?;
    let (now, directory) = (app.clock.now(), app.live.directory());
    let mut tx = app.live.begin().await?;
    if !records::may_see(&mut *tx, user.id, record).await? {
        return Err(AppError::NotFound);
    }
    let title = records::title_of(&mut *tx, record).await?;
    let id = queries::find_or_create_about(&mut tx, record, &title, user.id, now).await?;
    if queries::join_record(&mut tx, id, user.id, now).await? {
        live::joined(&mut tx, id, &[user.id]);
        let person = queries::find_person(&mut tx, user.id).await?;
        let view = present::member(&MemberRow { joined_at: now, person }, directory);
        let (key, count) = (id.to_string(), queries::member_ids(&mut tx, id).await?.len());
        tx.append(Topic::Conversation(id.0), |l| {
            html! {
                (place(&dom::members(&key), member(l, &key, Talk::Record, &view)))
                (replace(&dom::member_count(&key), member_count(l, &key, count)))
            }
        });
    }
    app.live.commit(tx).await?;
    Ok(redirect(kind, &paths::conversation(&id.to_string())))
}

/// A record is called otherwise: so is the conversation about it, on every screen.
///
/// # Errors
/// The database fails.
pub async fn record_renamed(tx: &mut LiveTx, record: Record, title: &str) -> DbResult<()> {
    let Some(id) = queries::retitle_about(tx, record, title).await? else { return Ok(()) };
    let key = id.to_string();
    tx.append(Topic::Conversation(id.0), |_| {
        html! {
            (morph(&dom::talk_title(&key), talk_title(&key, title)))
            @for row in [dom::conversation_row(&key), dom::pinned_row(&key), dom::dock_row(&key)] {
                (text(&row.part("name"), title))
            }
        }
    });
    Ok(())
}

/// The open conversation; 404 for who does not take part, or may not see what it is about.
pub async fn find_open(from: &mut impl Reader, user: UserId, id: ConversationId) -> AppResult<OpenRow> {
    Ok(queries::find_allowed(from, user, id).await?)
}
