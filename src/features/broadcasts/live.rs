//! Events of mass messages and their topics.
//!
//! Recipients hear `Broadcast`, the sender and administrators `Board` of the same id: how far it got is told to them
//! alone, and only as a word that it changed.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;
use views::{
    broadcasts::{confirmation, critical_card, ends, received, reminder},
    chat::{ConversationRow, Kind},
    dom,
    live::{changed, morph, place, remove},
};

use super::{
    model::{Importance, Sender},
    queries,
};
use crate::{
    db::{Db, DbResult, Sql},
    features::{
        chat::{CardRow, card_view, placed},
        people::{local_time, person_view},
    },
    ids::{ConversationId, UserId},
    live::{AddTally, Control, LiveTx, Topic, presence::Directory},
    paging::newest_first,
    sql,
};

/// The key of every list of mass messages, and the name of the queue that administrators look at.
pub const LIST: &str = "broadcasts";
/// For so long a socket that comes back is told what it missed of a mass message; the outbox keeps no more.
const HELD: Duration = Duration::hours(24);

/// A mass message went out: its recipients are an audience from here on, and each has one more to read.
pub fn sent(tx: &mut LiveTx, card: &CardRow, line: &str, users: Vec<Uuid>, directory: &Directory) {
    let (id, sender) = (card.conversation_id, card.sender.id);
    let topic = Topic::Broadcast(id.0);
    tx.control(topic.clone(), Control::Join { topic: topic.clone(), users });
    tx.append_counted(topic, AddTally { key: id.0, by: sender.0, is_quiet: false }, |l| {
        let row = ConversationRow {
            id: id.to_string(),
            kind: Kind::Broadcast,
            sort: newest_first(card.sent_at, id.0),
            people: vec![person_view(&card.sender, directory)],
            last_line: line.to_owned(),
            last_by: sender.to_string(),
            last_at: Some(local_time(l, card.sent_at)),
            ..ConversationRow::default()
        };
        maud::html! {
            (placed(l, &row))
            @if card.importance == Importance::Critical.code() {
                (place(&dom::critical(), critical_card(l, &card_view(l, card, card.sent_at, directory))))
            }
            (received(&id.to_string()))
        }
    });
    list_changed(tx, sender);
    progressed(tx, id);
}

/// The lists of who sends, and of administrators, show something else.
pub fn list_changed(tx: &mut LiveTx, sender: UserId) {
    tx.append(Topic::User(sender.0), |_| changed(LIST));
    tx.append(Topic::Tray(LIST.to_owned()), |_| changed(LIST));
}

/// Somebody got, read or confirmed it.
pub fn progressed(tx: &mut LiveTx, id: ConversationId) {
    tx.append(Topic::Board(id.0), |_| changed(&id.to_string()));
}

/// The recipient confirmed it: on all their screens it is gone, and read.
pub fn confirmed(tx: &mut LiveTx, user: UserId, card: &CardRow, now: DateTime<Utc>, directory: &Directory) {
    let id = card.conversation_id;
    tx.append(Topic::User(user.0), |l| answered(l, card, now, directory));
    tx.control(Topic::User(user.0), Control::SetTally { user: user.0, key: id.0, value: 0 });
    progressed(tx, id);
}

/// What a confirmation changes on a screen: the event's, and the answer to whoever confirmed.
pub fn answered(l: views::text::Locale, card: &CardRow, now: DateTime<Utc>, directory: &Directory) -> maud::Markup {
    let id = card.conversation_id.to_string();
    maud::html! {
        (remove(&dom::critical_card(&id)))
        (morph(&dom::broadcast_confirm(&id), confirmation(l, &card_view(l, card, now, directory))))
    }
}

/// Its end has come: it asks for nothing any more.
pub fn ended(tx: &mut LiveTx, card: &CardRow, now: DateTime<Utc>, directory: &Directory) {
    let id = card.conversation_id;
    tx.append(Topic::Broadcast(id.0), |l| {
        let text = id.to_string();
        maud::html! {
            (remove(&dom::critical_card(&text)))
            (morph(&dom::broadcast_ends(&text), ends(l, &card_view(l, card, now, directory))))
        }
    });
    progressed(tx, id);
}

/// Those who are missing are reminded: they alone become an audience of this one event.
pub fn reminded(tx: &mut LiveTx, card: &CardRow, missing: Vec<Uuid>, now: DateTime<Utc>, directory: &Directory) {
    let once = Topic::Broadcast(Uuid::now_v7());
    tx.control(once.clone(), Control::Join { topic: once.clone(), users: missing });
    tx.append(once, |l| {
        let view = card_view(l, card, now, directory);
        maud::html! {
            @if card.importance == Importance::Critical.code() {
                (place(&dom::critical(), critical_card(l, &view)))
            }
            (reminder(l, &view))
        }
    });
    progressed(tx, card.conversation_id);
}

/// Mass messages that every socket of the person hears: rows of the person's standing.
pub fn standing(user: Uuid, now: DateTime<Utc>) -> Sql {
    queries::held(user, now - HELD)
}

/// Whether the person may see how far it got: its sender, and administrators.
pub async fn may_watch(db: &Db, user: Uuid, broadcast: Uuid) -> DbResult<bool> {
    let Some(viewer) = find_viewer(db, user).await? else { return Ok(false) };
    match queries::find_for(db, viewer, ConversationId(broadcast)).await {
        Ok(_) => Ok(true),
        Err(sqlx::Error::RowNotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether the person sees everybody's mass messages.
pub async fn may_list(db: &Db, user: Uuid) -> DbResult<bool> {
    Ok(find_viewer(db, user).await?.is_some_and(Sender::reaches_all))
}

async fn find_viewer(db: &Db, user: Uuid) -> DbResult<Option<Sender>> {
    let row = db.opt(sql!("select role, is_superuser from app_user where id = $1 and is_active", user)).await?;
    Ok(row.map(|(role, is_superuser)| Sender { id: UserId(user), role, is_superuser }))
}
