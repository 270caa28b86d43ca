//! Events of tickets and their topics.
//!
//! Whoever has a ticket open hears `Ticket`; its staff, and who works on it, `Board` of the same id besides: notes are
//! told to them alone. Lists hear a word that something changed, by the topics that everybody holds, and administrators
//! by `Tray`.

use uuid::Uuid;
use views::{
    dom,
    live::{Tone, changed, morph, place, seen_anew, toast, toast_elsewhere, toast_link},
    paths,
    text::{Locale, fill, t},
    tickets as view,
};

use super::{
    model::Application,
    present::{self, People},
    queries::{self, EntryRow, TicketRow, Viewer},
};
use crate::{
    auth::Role,
    db::{Db, DbResult},
    ids::{TicketEntryId, TicketId, UserId},
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

/// The ticket is another now: its page shows it, its lists look again; so do those of `also`, whom it concerned until now.
pub fn changed_to(
    tx: &mut LiveTx,
    row: &TicketRow,
    followers: &[UserId],
    also: impl Iterator<Item = UserId>,
    people: &People<'_>,
) {
    let id = row.id.to_string();
    tx.append(Topic::Ticket(row.id.0), |l| {
        let v = present::ticket(l, row, people, followers);
        maud::html! {
            (morph(&dom::ticket_head(&id), view::head(l, &v)))
            (morph(&dom::ticket_words(&id), view::words(l, &v)))
            (morph(&dom::ticket_facts(&id), view::facts(l, &v)))
            (morph(&dom::ticket_closed(&id), view::closed(l, &v)))
            (changed(&id))
        }
    });
    let own = [Some(row.requester_id), row.assignee_id].into_iter().flatten();
    let mut people_of: Vec<Uuid> = own.chain(followers.iter().copied()).chain(also).map(|user| user.0).collect();
    people_of.sort_unstable();
    people_of.dedup();
    let topics = people_of
        .into_iter()
        .map(Topic::User)
        .chain([Topic::Role(row.campaign_id.0, Role::Supervisor), Topic::Tray(LIST.to_owned())]);
    tx.append_each(topics, |l| {
        maud::html! {
            (morph(&dom::ticket_status(&id), view::status(l, &id, row.status.code())))
            (morph(&dom::ticket_priority(&id), view::priority(l, &id, row.priority.code())))
            (morph(&dom::ticket_assignee(&id), view::assignee(l, &id, row.assignee_id.map(|id| people.view(id)).as_ref())))
            (changed(LIST))
        }
    });
}

/// The filters that somebody keeps are others now: their own lists look again, and where one is shared, all that show it.
pub fn views_changed(tx: &mut LiveTx, owner: UserId, is_shared: bool) {
    let roles = Role::ALL.into_iter().filter(|role| is_shared && *role != Role::Asesor);
    let shared = roles.map(Topic::role_anywhere);
    tx.append_each(shared.chain([Topic::User(owner.0)]), |_| changed(LIST));
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

/// What each reader sees beside the ticket is another now: its page looks again. Nothing of it is in the event.
pub fn looked_anew(tx: &mut LiveTx, id: TicketId) {
    tx.append(Topic::Ticket(id.0), |_| changed(&id.to_string()));
}

/// It is about something else now: other answers are offered.
pub fn about_changed(tx: &mut LiveTx, id: TicketId) {
    tx.append(Topic::Ticket(id.0), |_| changed(&view::macros_key(&id.to_string())));
}

/// Tells one person that somebody named them, with the way to where.
pub fn mentioned(tx: &mut LiveTx, user: UserId, row: &TicketRow, by: &str, entry: TicketEntryId) {
    tx.append(Topic::User(user.0), |l| {
        let text = fill(l, "tickets.mention.notice", &[("name", by), ("number", &row.number.to_string())]);
        let place = format!("{}#{}", paths::ticket(&row.id.to_string()), dom::ticket_entry(&entry.to_string()).id());
        toast_link(l, Tone::Info, &text, &place, t(l, "tickets.notice.open"))
    });
}

/// Tells them that somebody said something, with the way to it; who looks at the ticket sees it there.
pub fn said(tx: &mut LiveTx, hearers: &[UserId], row: &TicketRow, by: &str, entry: TicketEntryId, is_note: bool) {
    let key = if is_note { "tickets.notice.note" } else { "tickets.notice.comment" };
    tx.append_each(hearers.iter().map(|user| Topic::User(user.0)), |l| {
        let text = fill(l, key, &[("name", by), ("number", &row.number.to_string())]);
        let place = format!("{}#{}", paths::ticket(&row.id.to_string()), dom::ticket_entry(&entry.to_string()).id());
        toast_elsewhere(l, Tone::Info, &text, &place, t(l, "tickets.notice.open"))
    });
}

/// Others serve the application now: who may give a ticket of it to somebody is offered them. Everybody who has a ticket
/// open may be one of those, and nothing but the application's code is in the event.
pub fn pool_changed(tx: &mut LiveTx, application: Application) {
    tx.append(Topic::Everyone, |_| changed(&view::pool_key(application.code())));
}

/// Tells who has just done something what did not come of it.
pub fn explain(tx: &mut LiveTx, user: UserId, text_key: &str, names: &str) {
    tx.append(Topic::User(user.0), |l| toast(l, Tone::Warning, &fill(l, text_key, &[("names", names)])));
}

/// Tells the staff of its campaign.
pub fn notify_staff(tx: &mut LiveTx, row: &TicketRow, text_key: &str) {
    let topic = Topic::Role(row.campaign_id.0, Role::Supervisor);
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

/// Topics of a page that lists tickets, beyond those that everybody holds.
pub fn list_topics(viewer: Viewer) -> Vec<Topic> {
    if viewer.is_staff_of_all() { vec![Topic::Tray(LIST.to_owned())] } else { Vec::new() }
}

/// Topics of a ticket's page.
pub fn topics(id: TicketId, with_notes: bool) -> Vec<Topic> {
    let board = with_notes.then_some(Topic::Board(id.0));
    std::iter::once(Topic::Ticket(id.0)).chain(board).collect()
}
