//! Tickets whose history is known: opened, given, answered and taken from state to state at instants of the past. For
//! invented floors and for what is taken over from elsewhere; no screen is told.

use chrono::{DateTime, Utc};

use super::{
    hours::Hours,
    model::{SlaClock, Status, WorkingTime as _},
    queries::{self, NewEntry, NewTicket},
};
use crate::{
    db::{DbResult, Tx},
    ids::{TicketEntryId, UserId},
};

/// Something that happened to a ticket.
#[derive(Clone, Debug)]
pub enum Told<'a> {
    /// It was given to somebody of this name.
    Given(UserId, &'a str),
    /// Somebody said something.
    Said(UserId, &'a str),
    /// Somebody took it to another state, and wrote why or how.
    Moved(UserId, Status, &'a str),
}

/// Stores a ticket with all that happened to it, in its order; `chapters` are instants and events.
pub async fn tell(
    tx: &mut Tx,
    new: &NewTicket,
    opened_at: DateTime<Utc>,
    chapters: &[(DateTime<Utc>, Told<'_>)],
) -> DbResult<()> {
    let hours = Hours::of(tx, new.campaign).await?;
    let targets = queries::sla_of(tx, new.priority).await?;
    let mut clock = SlaClock::start(targets.resolve_minutes, opened_at, &hours);
    queries::insert(tx, new, hours.after(opened_at, targets.respond_minutes), clock, opened_at).await?;
    add(tx, new, NewEntry::change(Some(new.requester), "created", "", ""), opened_at).await?;
    let mut status = Status::Open;
    for (at, told) in chapters {
        match told {
            Told::Given(to, name) => {
                queries::assign(tx, new.id, Some(*to), *at).await?;
                add(tx, new, NewEntry::change(None, "assignee", "", name), *at).await?;
            }
            Told::Said(who, words) => {
                if *who != new.requester {
                    queries::answered(tx, new.id, *at).await?;
                }
                add(tx, new, NewEntry::said(*who, false, words), *at).await?;
            }
            Told::Moved(who, to, why) => {
                if *who != new.requester {
                    queries::answered(tx, new.id, *at).await?;
                }
                clock = clock.moved(*to, *at, &hours);
                let closes_at = (*to == Status::Resolved).then(|| hours.accepted_after(*at));
                queries::move_to(tx, new.id, *to, clock, closes_at, *at).await?;
                let change = NewEntry::change(Some(*who), "status", status.code(), to.code());
                add(tx, new, change.because(why), *at).await?;
                status = *to;
            }
        }
    }
    Ok(())
}

async fn add(tx: &mut Tx, new: &NewTicket, entry: NewEntry, at: DateTime<Utc>) -> DbResult<()> {
    queries::insert_entry(tx, new.id, TicketEntryId::new(), entry, at).await?;
    Ok(())
}
