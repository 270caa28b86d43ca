//! Events of tickets and their topics.
//!
//! Whoever has a ticket open hears `Ticket`; its staff, and who works on it, `Board` of the same id besides: notes are
//! told to them alone. Lists hear a word that something changed, by the topics that everybody holds, and administrators
//! by `Tray`.

use uuid::Uuid;
use views::{
    dom,
    live::{Tone, changed, morph, place, seen_anew, toast_link},
    paths,
    text::{Locale, fill, t},
    tickets as view,
};

use super::{
    present::{self, People},
    queries::{self, EntryRow, TicketRow, Viewer},
};
use crate::{
    auth::Role,
    db::{Db, DbResult},
    ids::{TicketId, UserId},
    live::{Control, LiveTx, Topic},
};

/// The key of every list of tickets, and the name of the queue that administrators look at.
pub const LIST: &str = "tickets";

/// Something was said or changed: the row appears in the timeline, and what it changed everywhere.
pub fn told(tx: &mut LiveTx, row: &TicketRow, entry: &EntryRow, people: &People<'_>) {
    let list = dom::ticket_entries(&row.id.to_string());
    let topic = if entry.kind == "note" { Topic::Board(row.id.0) } else { Topic::Ticket(row.id.0) };
    tx.append(topic, |l| place(&list, view::entry(l, &present::entry(l, entry, people))));
}

/// The ticket is another now: its page shows it, its lists look again.
pub async fn changed_to(tx: &mut LiveTx, row: &TicketRow, before: Option<UserId>, people: &People<'_>) -> DbResult<()> {
    let id = row.id.to_string();
    tx.append(Topic::Ticket(row.id.0), |l| {
        let v = present::ticket(l, row, people);
        maud::html! {
            (morph(&dom::ticket_head(&id), view::head(l, &v)))
            (morph(&dom::ticket_facts(&id), view::facts(l, &v)))
            (changed(&id))
        }
    });
    let followers = queries::followers(tx, row.id).await?;
    let own = [Some(row.requester_id), row.assignee_id, before].into_iter().flatten().map(|user| user.0);
    let mut people_of: Vec<Uuid> = own.chain(followers).collect();
    people_of.sort_unstable();
    people_of.dedup();
    let topics = people_of
        .into_iter()
        .map(Topic::User)
        .chain([Topic::Role(row.campaign_id.0, Role::Supervisor.code().to_owned()), Topic::Tray(LIST.to_owned())]);
    tx.append_each(topics, |l| {
        maud::html! {
            (morph(&dom::ticket_status(&id), view::status(l, &id, row.status.code())))
            (morph(&dom::ticket_priority(&id), view::priority(l, &id, row.priority.code())))
            (morph(&dom::ticket_assignee(&id), view::assignee(l, &id, row.assignee_id.map(|id| people.view(id)).as_ref())))
            (changed(LIST))
        }
    });
    Ok(())
}

/// The person has another part in it now: what they may no longer hear reaches none of their screens any more, and a page
/// that shows it is drawn anew, or says that it is gone.
pub fn part_changed(tx: &mut LiveTx, user: UserId, row: &TicketRow, (reads, reads_notes): (bool, bool)) {
    let lost = [(Topic::Ticket(row.id.0), reads), (Topic::Board(row.id.0), reads && reads_notes)];
    for (topic, _) in lost.into_iter().filter(|(_, hears)| !hears) {
        tx.control(topic.clone(), Control::Leave { topic, users: vec![user.0] });
    }
    tx.append(Topic::User(user.0), |_| seen_anew(&row.id.to_string()));
}

/// Tells one person, in a word with the way to the ticket.
pub fn notify(tx: &mut LiveTx, user: UserId, row: &TicketRow, text_key: &str, tone: Tone) {
    tx.append(Topic::User(user.0), |l| notice(l, row, text_key, tone));
}

/// Tells the staff of its campaign.
pub fn notify_staff(tx: &mut LiveTx, row: &TicketRow, text_key: &str) {
    let topic = Topic::Role(row.campaign_id.0, Role::Supervisor.code().to_owned());
    tx.append(topic, |l| notice(l, row, text_key, Tone::Warning));
}

fn notice(l: Locale, row: &TicketRow, text_key: &str, tone: Tone) -> maud::Markup {
    let text = fill(l, text_key, &[("number", &row.number.to_string())]);
    toast_link(l, tone, &text, &paths::ticket(&row.id.to_string()), t(l, "tickets.notice.open"))
}

/// Whether the person may read it.
pub async fn reads(db: &Db, user: Uuid, ticket: Uuid) -> DbResult<bool> {
    Ok(part(db, user, ticket).await?.0)
}

/// Whether the person is its staff or works on it, and so reads its notes.
pub async fn may_watch(db: &Db, user: Uuid, ticket: Uuid) -> DbResult<bool> {
    let (reads, is_staff) = part(db, user, ticket).await?;
    Ok(reads && is_staff)
}

async fn part(mut db: &Db, user: Uuid, ticket: Uuid) -> DbResult<(bool, bool)> {
    match Viewer::find(&mut db, user).await? {
        Some(viewer) => queries::part_of(&mut db, viewer, ticket).await,
        None => Ok((false, false)),
    }
}

/// Whether the person sees every ticket.
pub async fn may_list(mut db: &Db, user: Uuid) -> DbResult<bool> {
    Ok(Viewer::find(&mut db, user).await?.is_some_and(Viewer::is_staff_of_all))
}

/// Topics of a ticket's page.
pub fn topics(id: TicketId, with_notes: bool) -> Vec<Topic> {
    let board = with_notes.then_some(Topic::Board(id.0));
    std::iter::once(Topic::Ticket(id.0)).chain(board).collect()
}
