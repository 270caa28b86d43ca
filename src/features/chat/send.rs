//! Writing: a message, the first message to somebody.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;
use views::{chat::Kind as Talk, paths};

use super::{
    files, links, live,
    model::{self, Body, BodyError},
    notice, page,
    queries::{self, Extras, MessageRow, NewMessage, Said},
    quote,
    repeat::{self, Sending},
};
use crate::{
    app::App,
    auth::CurrentUser,
    db::Tx,
    error::{AppError, AppResult, FieldErrors, TextKey},
    features::people::reach,
    ids::{ConversationId, MessageId, UserId},
    live::LiveTx,
    pace::{self, Pace},
    web::{Form, Fragment, Kind, Path, redirect},
};

/// A message as the composer sends it.
#[derive(Debug, Deserialize)]
pub struct SendForm {
    /// The message's id, made by the browser: sending it twice stores it once.
    id: Uuid,
    body: String,
    /// The message that it answers; empty when none.
    #[serde(default)]
    quoted_id: String,
    /// Files that were brought for it, as `ID,ID`.
    #[serde(default)]
    files: String,
}

/// To whom a conversation is opened.
#[derive(Debug, Deserialize)]
pub struct DirectForm {
    user_id: Uuid,
}

impl From<BodyError> for AppError {
    fn from(error: BodyError) -> Self {
        let key = match error {
            BodyError::Empty => "chat.error.empty",
            BodyError::TooLong => "chat.error.too_long",
        };
        Self::Invalid(FieldErrors::one("body", key))
    }
}

/// Stores a message. 404 for who does not take part, 422 for a body that cannot be taken or a person that may no
/// longer be written to, 429 above 20 a minute; a repeat of the same id answers the stored message again.
pub async fn send_message(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
    Form(form): Form<SendForm>,
) -> AppResult<Response> {
    let row = match store(&app, &user, id, &form).await {
        Ok(row) => row,
        // With scripts the message itself shows why; without them the page does, and keeps what was typed.
        Err(error) if kind == Kind::Plain => {
            return Ok(page::refused(&app, &user, id, &form.body, error).await?.into_response());
        }
        Err(error) => return Err(error),
    };
    if kind.is_htmx() {
        return Ok(Fragment(live::bubble(user.look.locale, &row, app.live.directory())).into_response());
    }
    Ok(redirect(kind, &paths::conversation(&id.to_string())))
}

/// Its answer, or what speaks against it. The message's id is its key: whatever speaks against a repeat now, what was
/// stored under it before is the answer.
async fn store(app: &App, user: &CurrentUser, id: ConversationId, form: &SendForm) -> AppResult<MessageRow> {
    let files = files::parse(&form.files)?;
    let typed = links::made_local(&form.body, &app.config.public_url);
    let body = if files.is_empty() { Body::new(&typed)? } else { Body::beside_files(&typed)? };
    let new = Sending { id: MessageId(form.id), conversation: id, body, quoted: &form.quoted_id, files };
    match write(app, user, &new).await {
        Err(refusal) if refusal.status().is_client_error() => {
            repeat::stored(&app.db, user.id, &new).await?.ok_or(refusal)
        }
        done => done,
    }
}

async fn write(app: &App, user: &CurrentUser, new: &Sending<'_>) -> AppResult<MessageRow> {
    let (now, id) = (app.clock.now(), new.conversation);
    let waiting = files::waiting(user.id, id);
    let mut tx = app.live.begin().await?;
    pace::turn(&mut tx, user.id, Pace::Message, now).await?;
    let line = match new.body.as_str() {
        "" => files::line(&mut tx, &waiting, &new.files).await?,
        _ => new.body.line(),
    };
    queries::move_up(&mut tx, id, &Said { by: user.id, line: &line, notice: None, at: now }).await?;
    let found = queries::find_writing(&mut tx, user.id, id, now - model::RATE_WINDOW, now).await?;
    check_rate(found.sent_lately)?;
    check_may_write(user, &found.open)?;
    let quote = quote::quoted(&mut tx, user.id, id, new.quoted).await?;
    let (starts_group, starts_day) = notice::starts(&found.numbered, user.id, now);
    let message = NewMessage {
        id: new.id,
        conversation: id,
        number: found.numbered.number,
        sender: user.id,
        body: new.body.as_str().to_owned(),
        quoted: quote.as_ref().map(|quote| quote.message_id),
        starts_group,
        starts_day,
        at: now,
    };
    if let Err(error) = queries::insert_message(&mut tx, &message).await {
        // Somebody else's message has this id: the browser makes another.
        let is_taken = crate::db::is_unique_violation(&error);
        return Err(if is_taken { AppError::Conflict(TextKey("chat.error.conflict")) } else { error.into() });
    }
    let mentions = quote::mention(&mut tx, id, message.id, &message.body).await?;
    let attachments = files::attach(&mut tx, &waiting, message.id, &new.files, now).await?;
    if found.open.has_waiting {
        queries::spend_draft(&mut tx, user.id, id).await?;
    }
    let extras = Extras { attachments, quote, mentions, reactions: Vec::new() };
    let row = MessageRow::new(message, found.sender(user.id), extras);
    let directory = app.live.directory();
    live::sent(&mut tx, &row, &notice::name(&found.open, directory), &line, directory);
    app.live.commit(tx).await?;
    Ok(row)
}

/// Whether today's policy lets the person write. To one other: within reach, or answering, and never to a closed
/// account. In a group: as long as they belong to its campaign and that is active. A mass message is answered in the
/// direct conversation with its sender.
pub fn may_write(user: &CurrentUser, open: &queries::OpenRow) -> bool {
    match open.kind {
        Talk::Direct => {
            let in_reach = reach(user.role, user.is_superuser).includes(open.other.role, open.shares_campaign);
            open.other_is_active && (in_reach || open.was_written_to)
        }
        Talk::Group => open.in_campaign,
        Talk::Broadcast => false,
        // Who opened it may see the record today: the statement that found it let them in.
        Talk::Record => true,
    }
}

/// 422 where [`may_write`] says no.
pub fn check_may_write(user: &CurrentUser, open: &queries::OpenRow) -> AppResult<()> {
    if may_write(user, open) {
        return Ok(());
    }
    Err(AppError::Invalid(FieldErrors::one("body", "chat.error.not_allowed")))
}

/// 429 above 20 messages in the last minute (what a clock that was ahead wrote later than now is not held against
/// anybody), what one did to groups among them. Call it before the conversation is locked: what one
/// person sends takes turns, so that many at once are counted too.
pub async fn check_pace(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> AppResult<()> {
    pace::turn(tx, user, Pace::Message, now).await?;
    check_rate(queries::count_sent_in(tx, user, now - model::RATE_WINDOW, now).await?)
}

fn check_rate(sent_lately: i64) -> AppResult<()> {
    if sent_lately < model::RATE {
        return Ok(());
    }
    Err(AppError::TooMany { retry_after_s: model::RATE_WINDOW.num_seconds(), text: TextKey("chat.error.rate") })
}

/// Opens the conversation with somebody, made when there is none. 404 for whom the person may not write to: whether
/// such an account exists is not told.
pub async fn open_direct(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Form(form): Form<DirectForm>,
) -> AppResult<Response> {
    let recipient = UserId(form.user_id);
    let mut tx = app.live.begin().await?;
    let (role, shares) = queries::find_recipient(&mut tx, user.id, recipient).await?.ok_or(AppError::NotFound)?;
    if !reach(user.role, user.is_superuser).includes(role, shares) {
        return Err(AppError::NotFound);
    }
    let id = open_direct_with(&mut tx, user.id, recipient, app.clock.now()).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, &paths::conversation(&id.to_string())))
}

/// The direct conversation of two people, told to both when it is new. Whether one may write to the other is the
/// caller's to know.
pub async fn open_direct_with(
    tx: &mut LiveTx,
    one: UserId,
    other: UserId,
    now: DateTime<Utc>,
) -> AppResult<ConversationId> {
    let (id, is_new) = queries::find_or_create(tx, one, other, now).await?;
    if is_new {
        live::joined(tx, id, &[one, other]);
    }
    Ok(id)
}
