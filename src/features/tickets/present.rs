//! Rows of tickets → what screens show.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use views::{
    paths::TICKET_FILES,
    presence::PersonView,
    text::{Locale, t},
    tickets::{ActionsView, EntryView, LinkView, RowView, StepView, TicketView, ValueView},
};

use super::{
    model::{Application, Asks, Kind, Priority, Status, steps},
    queries::{EntryRow, LinkRow, TicketRow, Viewer},
};
use crate::{
    features::{
        chat::{pieces, pieces_with},
        files,
        people::{PersonRow, local_time, person_view},
    },
    ids::UserId,
    live::presence::Directory,
};

/// The people that a page names, by id.
pub struct People<'a> {
    /// Their rows.
    pub rows: HashMap<UserId, PersonRow>,
    /// Who is connected.
    pub directory: &'a Directory,
}

impl People<'_> {
    /// As screens show them; somebody who is not there has no name.
    pub fn view(&self, id: UserId) -> PersonView {
        self.rows.get(&id).map(|row| person_view(row, self.directory)).unwrap_or_default()
    }

    /// First and last name.
    pub fn name(&self, id: UserId) -> String {
        self.rows.get(&id).map(|row| format!("{} {}", row.first_name, row.last_name)).unwrap_or_default()
    }
}

/// Codes with their words, to choose from.
fn choices(l: Locale, prefix: &str, codes: impl Iterator<Item = &'static str>) -> Vec<(String, String)> {
    codes.map(|code| (code.to_owned(), t(l, &format!("tickets.{prefix}.{code}")).to_owned())).collect()
}

/// Applications to choose from.
pub fn applications(l: Locale) -> Vec<(String, String)> {
    choices(l, "application", Application::ALL.iter().map(|value| value.code()))
}

/// Kinds to choose from.
pub fn kinds(l: Locale) -> Vec<(String, String)> {
    choices(l, "kind", Kind::ALL.iter().map(|value| value.code()))
}

/// Priorities to choose from, the most urgent first.
pub fn priorities(l: Locale) -> Vec<(String, String)> {
    choices(l, "priority", Priority::ALL.iter().rev().map(|value| value.code()))
}

/// States to choose from.
pub fn statuses(l: Locale) -> Vec<(String, String)> {
    choices(l, "status", Status::ALL.iter().map(|value| value.code()))
}

/// A row of the list.
pub fn row(l: Locale, row: &TicketRow, people: &People<'_>) -> RowView {
    RowView {
        id: row.id.to_string(),
        number: row.number,
        title: row.title.clone(),
        application: row.application.code().to_owned(),
        kind: row.kind.code().to_owned(),
        status: row.status.code().to_owned(),
        priority: row.priority.code().to_owned(),
        requester: people.view(row.requester_id),
        assignee: row.assignee_id.map(|id| people.view(id)),
        updated: local_time(l, row.updated_at),
        due: row.resolve_by.map(|at| local_time(l, at)),
    }
}

/// A ticket, the same for all who read it.
pub fn ticket(l: Locale, row: &TicketRow, people: &People<'_>, followers: &[UserId]) -> TicketView {
    let at = |at: Option<DateTime<Utc>>| at.map(|at| local_time(l, at));
    TicketView {
        id: row.id.to_string(),
        number: row.number,
        title: row.title.clone(),
        description: pieces(&row.description),
        campaign: row.campaign.clone(),
        application: row.application.code().to_owned(),
        kind: row.kind.code().to_owned(),
        priority: row.priority.code().to_owned(),
        status: row.status.code().to_owned(),
        requester: people.view(row.requester_id),
        assignee: row.assignee_id.map(|id| people.view(id)),
        followers: followers.iter().map(|id| people.view(*id)).collect(),
        created: local_time(l, row.created_at),
        first_response: at(row.first_response_at),
        resolved: at(row.resolved_at),
        closed: at(row.closed_at),
        respond_by: at(Some(row.respond_by).filter(|_| row.first_response_at.is_none() && row.status.is_open())),
        resolve_by: at(row.resolve_by),
        is_merged: row.merged_into_id.is_some(),
        took: row.resolved_at.map(|resolved| took(resolved - row.created_at)),
    }
}

/// `1 d 02 h 15 m`.
pub fn took(time: chrono::Duration) -> String {
    let minutes = time.num_minutes().max(0);
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    if days > 0 { format!("{days} d {hours:02} h {minutes:02} m") } else { format!("{hours:02} h {minutes:02} m") }
}

/// A row of the timeline.
pub fn entry(l: Locale, row: &EntryRow, people: &People<'_>) -> EntryView {
    EntryView {
        id: row.id.to_string(),
        number: row.number,
        author: row.author_id.map(|id| people.view(id)),
        at: local_time(l, row.created_at),
        is_note: row.kind == "note",
        body: pieces_with(&row.body, &row.mentions),
        field: row.field.clone(),
        old: value(&row.field, &row.old_value),
        new: value(&row.field, &row.new_value),
        reason: row.reason.clone(),
        files: row.files.iter().map(|file| files::view(l, file, &TICKET_FILES)).collect(),
    }
}

/// Codes are told in the reader's words, names as they are.
fn value(field: &str, stored: &str) -> ValueView {
    match (field, stored) {
        (_, "") => ValueView::Nothing,
        ("status" | "priority" | "kind" | "application", code) => ValueView::Key(format!("tickets.{field}.{code}")),
        ("link", code) => ValueView::Key(format!("tickets.links.{code}")),
        (_, words) => ValueView::Words(words.to_owned()),
    }
}

/// Another ticket beside this one.
pub fn link(of: &TicketRow, row: LinkRow) -> LinkView {
    let key = match (row.kind.as_str(), row.is_own) {
        ("blocks", true) => "tickets.links.blocks",
        ("blocks", false) => "tickets.links.blocked",
        ("duplicate", true) => "tickets.links.duplicate",
        ("duplicate", false) => "tickets.links.duplicated",
        _ => "tickets.links.related",
    };
    LinkView {
        key,
        id: row.id.to_string(),
        number: row.number,
        title: row.title,
        status: row.status.code().to_owned(),
        is_fixed: of.merged_into_id == Some(row.id) || (row.kind == "duplicate" && !row.is_own),
    }
}

/// What the person may do with a ticket; `candidates` are who may be given it.
pub fn actions(l: Locale, row: &TicketRow, viewer: Viewer, candidates: &[PersonRow]) -> ActionsView {
    let can = row.can(viewer);
    let step = |step: super::model::Step| StepView {
        from: row.status.code().to_owned(),
        to: step.to.code().to_owned(),
        asks_key: match step.asks {
            Asks::Nothing => None,
            Asks::Reason => Some("tickets.reason"),
            Asks::Solution => Some("tickets.solution"),
        },
    };
    // No figures beside the names: those of other tickets change while this one is looked at.
    let people = candidates.iter().map(|p| (p.id.to_string(), format!("{} {}", p.first_name, p.last_name)));
    ActionsView {
        version: row.version,
        steps: steps(row.status, row.part(viewer)).map(step).collect(),
        candidates: (can.assign || can.hand_over).then(|| people.collect()),
        assignee: row.assignee_id.map(|id| id.to_string()).unwrap_or_default(),
        note_is_required: !can.assign,
        class: can
            .classify
            .then(|| (row.application.code().to_owned(), row.kind.code().to_owned(), row.priority.code().to_owned())),
        applications: applications(l),
        can_link: can.bring,
        can_merge: can.merge,
        kinds: kinds(l),
        priorities: priorities(l),
        ..ActionsView::default()
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn the_time_it_took_is_told_once() {
        for (minutes, expected) in [(0, "00 h 00 m"), (135, "02 h 15 m"), (1_575, "1 d 02 h 15 m"), (-5, "00 h 00 m")] {
            assert_eq!(took(Duration::minutes(minutes)), expected);
        }
    }
}
