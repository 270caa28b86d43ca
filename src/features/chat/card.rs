//! A mass message as its recipients see it: rows → card.

use chrono::{DateTime, Utc};
use views::{broadcasts::CardView, text::Locale};

use super::{links, queries::CardRow};
use crate::{
    features::people::{local_time, person_view},
    live::presence::Directory,
};

/// The card of a mass message, with what its recipient did about it.
pub fn card_view(l: Locale, row: &CardRow, now: DateTime<Utc>, directory: &Directory) -> CardView {
    CardView {
        id: row.conversation_id.to_string(),
        importance: row.importance.clone(),
        sender: person_view(&row.sender, directory),
        body: links::pieces(&row.body),
        sent: local_time(l, row.sent_at),
        sort: row.sent_at.timestamp_millis().to_string(),
        expires: row.expires_at.map(|at| local_time(l, at)),
        is_over: row.expires_at.is_some_and(|at| at <= now),
        asks: row.asks_confirmation,
        confirmed: row.confirmed_at.map(|at| local_time(l, at)),
        is_read: row.seen_number > 0,
    }
}
