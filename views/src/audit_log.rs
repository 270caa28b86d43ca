//! The audit log: who did what, from where, and what changed by it.

use maud::{Markup, html};

use crate::admin::{AdminTab, tabs};
use crate::text::{Locale, exists, t};
use crate::time::TimeView;
use crate::ui::{self, Address, Column, FilterView, ListView, PagerView, TableRow};
use crate::{dom, paths};

/// Actions that have words, in the order of the filter; others are shown by their code.
const ACTIONS: [&str; 51] = [
    "session.start",
    "session.end",
    "session.end_others",
    "user.create",
    "user.invite",
    "user.invitation_accepted",
    "user.invitation_revoked",
    "user.update",
    "user.enable",
    "user.disable",
    "user.unlock",
    "user.sessions",
    "user.password",
    "user.import",
    "password.reset",
    "password.reset_link",
    "profile.photo",
    "profile.photo_removal",
    "profile.update",
    "email.request",
    "email.change",
    "totp.enable",
    "totp.disable",
    "totp.codes",
    "totp.recovery",
    "totp.reset",
    "campaign.create",
    "campaign.update",
    "campaign.open",
    "campaign.close",
    "campaign.members.add",
    "campaign.members.remove",
    "campaign.hours",
    "campaign.holidays.add",
    "campaign.holidays.remove",
    "employee.create",
    "employee.update",
    "employee.leave",
    "employee.export",
    "group.create",
    "group.rename",
    "group.add",
    "group.remove",
    "conversation.export",
    "broadcast.send",
    "broadcast.schedule",
    "broadcast.remind",
    "broadcast.cancel",
    "broadcast.export",
    "setting.update",
    "audit.export",
];
/// Tables that have words.
const ENTITIES: [&str; 8] =
    ["app_user", "session", "campaign", "employee", "conversation", "broadcast", "setting", "audit_log"];

/// A field that changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Change {
    /// Its name, as stored.
    pub field: String,
    /// What it was; empty when there was nothing.
    pub before: String,
    /// What it is.
    pub after: String,
}

/// An entry.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EntryView {
    /// Its id.
    pub id: String,
    /// When.
    pub at: TimeView,
    /// Who; empty for a command on the machine.
    pub actor: String,
    /// From where.
    pub ip: String,
    /// Code of what was done.
    pub action: String,
    /// Name of the table.
    pub entity: String,
    /// Name of the record, if it has one.
    pub target: String,
    /// Its id, if there is one.
    pub entity_id: String,
    /// What changed.
    pub changes: Vec<Change>,
}

/// The page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditView {
    /// The address with all filters.
    pub address: Address,
    /// The filters.
    pub filters: Vec<FilterView>,
    /// Address of the export of exactly this.
    pub export: String,
    /// One page of entries.
    pub rows: Vec<EntryView>,
    /// The way on.
    pub pager: PagerView,
}

/// What was done, in words; the code when there are none.
pub fn action_words(l: Locale, action: &str) -> String {
    let key = format!("audit.action.{action}");
    if exists(&key) { t(l, &key).to_owned() } else { action.to_owned() }
}

/// What it was done to, in words; the table's name when there are none.
pub fn entity_words(l: Locale, entity: &str) -> String {
    let key = format!("audit.entity.{entity}");
    if exists(&key) { t(l, &key).to_owned() } else { entity.to_owned() }
}

/// Actions to choose from, with their words.
pub fn actions(l: Locale) -> Vec<(String, String)> {
    ACTIONS.iter().map(|action| ((*action).to_owned(), action_words(l, action))).collect()
}

/// Tables to choose from, with their words.
pub fn entities(l: Locale) -> Vec<(String, String)> {
    ENTITIES.iter().map(|entity| ((*entity).to_owned(), entity_words(l, entity))).collect()
}

/// The page of the audit log.
pub fn panel(l: Locale, v: &AuditView) -> Markup {
    // The browser saves the file; htmx would take it for a page.
    let export = html! {
        a.btn href=(v.export) download hx-boost="false" { (ui::icon("download")) (t(l, "audit.export")) }
    };
    html! {
        (tabs(l, AdminTab::Audit))
        (ui::list_page(l, &v.list(l), &export))
    }
}

/// The list alone, as the answer to a filter.
pub fn region(l: Locale, v: &AuditView) -> Markup {
    ui::list_answer(l, &v.list(l))
}

impl AuditView {
    fn list(&self, l: Locale) -> ListView {
        ListView {
            title_key: "audit.title",
            total: None,
            address: self.address.clone(),
            filters: self.filters.clone(),
            columns: vec![
                Column::words("audit.at"),
                Column::words("audit.who"),
                Column::words("audit.what"),
                Column::words("audit.target"),
                Column::words("audit.changes"),
            ],
            rows: self.rows.iter().map(|row| table_row(l, row)).collect(),
            pager: self.pager.clone(),
            empty: ui::empty("search", t(l, "audit.none"), Some((paths::AUDIT, t(l, "audit.show_all")))),
        }
    }
}

fn table_row(l: Locale, row: &EntryView) -> TableRow {
    let who = if row.actor.is_empty() { t(l, "audit.system") } else { &row.actor };
    TableRow {
        id: dom::audit_row(&row.id),
        cells: vec![
            html! { time.num datetime=(row.at.iso) { (row.at.long) } },
            html! { span.who { span.clip { (who) } span.quiet.num { (row.ip) } } },
            html! { span title=(row.action) { (action_words(l, &row.action)) } },
            html! { span.who { span.clip { (row.target) } span.quiet { (entity_words(l, &row.entity)) } } },
            changes(l, row),
        ],
    }
}

/// Fields before and after, behind a word that says how many.
fn changes(l: Locale, row: &EntryView) -> Markup {
    html! {
        @if row.changes.is_empty() { span.quiet { "–" } }
        @else {
            details.changes {
                summary { (crate::text::plural(l, "audit.changed", i64::try_from(row.changes.len()).unwrap_or(i64::MAX))) }
                dl {
                    @for change in &row.changes {
                        dt { (change.field) }
                        dd {
                            @if !change.before.is_empty() { del { (change.before) } }
                            @if !change.before.is_empty() && !change.after.is_empty() { span aria-hidden="true" { " → " } }
                            @if !change.after.is_empty() { ins { (change.after) } }
                        }
                    }
                }
                @if !row.entity_id.is_empty() { p.quiet.num { (row.entity_id) } }
            }
        }
    }
}
