//! Rows of mass messages → what screens show.

use chrono::{DateTime, Duration, Utc};
use views::{
    broadcasts::{CardView, Figures, ReceiptRow as ReceiptView, SentRow as SentView},
    text::Locale,
};

use super::{
    model::{Importance, Sender},
    queries::{NewBroadcast, ReceiptRow, SentRow},
};
use crate::{
    app::App,
    auth::CurrentUser,
    db::{DbResult, Sql},
    features::{
        chat::{self, Body, card_view, list_waiting, pieces},
        people::{local_time, me_view, person_view},
    },
    ids::UserId,
    live::presence::Directory,
};

/// Mass messages older than this are not told again to have reached a screen.
const RECENT: Duration = Duration::days(2);
/// Cards and acknowledgements of one page.
const WAITING: i64 = 50;

/// The person as a sender.
pub fn sender_of(user: &CurrentUser) -> Sender {
    Sender { id: user.id, role: user.role, is_superuser: user.is_superuser }
}

/// Appends, as a column of a statement that reads more, whether anything is [`waiting`].
pub fn push_waits(sql: Sql, user: UserId, now: DateTime<Utc>) -> Sql {
    chat::push_waits(sql, user, now - RECENT, now)
}

/// What every page of the person carries: the critical ones that wait, and ids of those that reached no screen yet.
pub async fn waiting(app: &App, user: &CurrentUser) -> DbResult<(Vec<CardView>, String)> {
    let (l, now) = (user.look.locale, app.clock.now());
    let rows = list_waiting(&app.db, user.id, now - RECENT, now, WAITING).await?;
    let asks = |row: &&crate::features::chat::CardRow| {
        row.importance == Importance::Critical.code()
            && row.confirmed_at.is_none()
            && row.expires_at.is_none_or(|at| at > now)
    };
    let cards = rows.iter().filter(asks).map(|row| card_view(l, row, now, app.live.directory())).collect();
    let unreceived = rows.iter().filter(|row| row.received_at.is_none()).map(|row| row.conversation_id.to_string());
    Ok((cards, unreceived.collect::<Vec<_>>().join(" ")))
}

/// What is being written, as its recipients would see it.
pub fn draft_card(l: Locale, user: &CurrentUser, new: &NewBroadcast, directory: &Directory) -> CardView {
    CardView {
        id: new.id.to_string(),
        importance: new.importance.code().to_owned(),
        sender: me_view(user, directory),
        body: pieces(&new.body),
        expires: new.expires_at.map(|at| local_time(l, at)),
        asks: new.asks_confirmation,
        ..CardView::default()
    }
}

/// A mass message as its roll-call shows it.
pub fn sent_card(l: Locale, row: &SentRow, now: DateTime<Utc>, directory: &Directory) -> CardView {
    CardView {
        id: row.conversation_id.to_string(),
        importance: row.importance.clone(),
        sender: person_view(&row.sender, directory),
        body: pieces(&row.body),
        expires: row.expires_at.map(|at| local_time(l, at)),
        is_over: row.expires_at.is_some_and(|at| at <= now),
        asks: row.asks_confirmation,
        ..CardView::default()
    }
}

/// A row of the list.
pub fn sent_row(l: Locale, row: &SentRow, counts: (i64, i64, i64), directory: &Directory) -> SentView {
    SentView {
        id: row.conversation_id.to_string(),
        importance: row.importance.clone(),
        line: Body::new(&row.body).map(|body| body.line()).unwrap_or_default(),
        sender: person_view(&row.sender, directory),
        at: local_time(l, row.sent_at.unwrap_or(row.due_at)),
        state: row.broadcast_state.clone(),
        figures: figures(row, counts),
    }
}

/// The code of its state; `sending` for one that is to go out at once and has not yet.
pub fn state_of(row: &SentRow) -> &str {
    let is_at_once = row.due_at <= row.created_at;
    if is_at_once && row.broadcast_state == "scheduled" { "sending" } else { &row.broadcast_state }
}

/// How far it got.
pub fn figures(row: &SentRow, (received, read, confirmed): (i64, i64, i64)) -> Figures {
    Figures { recipients: row.recipients, received, read, confirmed, asks: row.asks_confirmation }
}

/// A recipient in the roll-call.
pub fn receipt(l: Locale, row: &ReceiptRow, directory: &Directory) -> ReceiptView {
    ReceiptView {
        person: person_view(&row.person, directory),
        received: row.received_at.map(|at| local_time(l, at)),
        read: (row.seen_number > 0).then(|| row.seen_at.map(|at| local_time(l, at))),
        confirmed: row.confirmed_at.map(|at| local_time(l, at)),
    }
}
