//! The page of a ticket: identity and state, facts, timeline, what one may do.

use maud::{Markup, html};

use super::{ActionsView, EntryView, actions, assignee, composer, due, lookers, pool_key, priority, status, timeline};
use crate::chat::{Piece, body_piece};
use crate::presence::PersonView;
use crate::text::{Locale, t};
use crate::time::{TimeView, day_or_time};
use crate::ui::{self, UploadView};
use crate::{dom, paths};

/// A ticket, the same for all who read it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TicketView {
    /// UUID.
    pub id: String,
    /// `#123`.
    pub number: i64,
    /// Subject.
    pub title: String,
    /// What is wrong or wanted.
    pub description: Vec<Piece>,
    /// Name of the campaign.
    pub campaign: String,
    /// Code of the application.
    pub application: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the priority.
    pub priority: String,
    /// Code of the state.
    pub status: String,
    /// Who opened it.
    pub requester: PersonView,
    /// Who works on it.
    pub assignee: Option<PersonView>,
    /// Who reads it beside requester, assignee and staff.
    pub followers: Vec<PersonView>,
    /// When it was opened.
    pub created: TimeView,
    /// When somebody first answered.
    pub first_response: Option<TimeView>,
    /// When it was resolved.
    pub resolved: Option<TimeView>,
    /// When it was closed.
    pub closed: Option<TimeView>,
    /// Until when somebody is to answer, while nobody has.
    pub respond_by: Option<TimeView>,
    /// Until when it is to be solved, while its clock runs.
    pub resolve_by: Option<TimeView>,
    /// Whether it is closed as a duplicate of another one.
    pub is_merged: bool,
    /// How long it took to be resolved: `1 d 02 h 15 m`.
    pub took: Option<String>,
}

/// The page.
#[derive(Clone, Debug, Default)]
pub struct DetailView {
    /// The ticket.
    pub ticket: TicketView,
    /// The rows of its timeline that are shown.
    pub entries: Vec<EntryView>,
    /// The number before which there are more.
    pub before: Option<i64>,
    /// Whether these are rows from the past alone.
    pub is_past: bool,
    /// What the person may do.
    pub actions: ActionsView,
    /// Whether they may write what staff alone reads.
    pub can_note: bool,
    /// Canned answers that they may say: id and name.
    pub macros: Vec<(String, String)>,
    /// Whether they keep those.
    pub can_keep_macros: bool,
    /// What was typed and is not stored.
    pub draft: String,
    /// Whether it was to be a note.
    pub draft_is_note: bool,
    /// Key of what is wrong with it.
    pub draft_error: Option<String>,
    /// Files beside the next comment.
    pub upload: UploadView,
    /// The id under which the next comment is stored.
    pub next_entry: String,
}

/// Number, subject, state and priority.
pub fn head(l: Locale, v: &TicketView) -> Markup {
    html! {
        header.page-head id=(dom::ticket_head(&v.id).id()) {
            a.icon-btn href=(paths::TICKETS) aria-label=(t(l, "tickets.back")) title=(t(l, "tickets.back")) { (ui::icon("arrow-left")) }
            h1 { span.num.quiet { "#" (v.number) } " " (v.title) }
            div.ticket-marks {
                (status(l, &v.id, &v.status))
                (priority(l, &v.id, &v.priority))
                @if v.is_merged { span.tag data-tone="warning" { (ui::icon("copy")) (t(l, "tickets.merged")) } }
            }
        }
    }
}

/// What is known of it.
pub fn facts(l: Locale, v: &TicketView) -> Markup {
    let fact = |key: &str, value: Markup| html! { dt { (t(l, key)) } dd { (value) } };
    let when = |key: &str, at: &Option<TimeView>| {
        html! { @if let Some(at) = at { (fact(key, html! { time datetime=(at.iso) title=(at.long) { (at.long) } })) } }
    };
    html! {
        dl.facts id=(dom::ticket_facts(&v.id).id()) {
            (fact("tickets.column.requester", html! { span data-names=(v.requester.id) { (v.requester.name) } }))
            (fact("tickets.column.assignee", assignee(l, &v.id, v.assignee.as_ref())))
            (fact("tickets.followers", html! { a href=(paths::ticket_followers(&v.id)) { (follower_names(l, &v.followers)) } }))
            (fact("tickets.campaign", html! { (v.campaign) }))
            (fact("tickets.application", html! { (t(l, &format!("tickets.application.{}", v.application))) }))
            (fact("tickets.kind", html! { (t(l, &format!("tickets.kind.{}", v.kind))) }))
            (fact("tickets.created", html! { time datetime=(v.created.iso) title=(v.created.long) { (v.created.long) } }))
            @if let Some(at) = &v.respond_by { (fact("tickets.respond_by", due(l, at))) }
            (when("tickets.first_response", &v.first_response))
            @if let Some(at) = &v.resolve_by { (fact("tickets.resolve_by", due(l, at))) }
            (when("tickets.resolved", &v.resolved))
            @if let Some(took) = &v.took { (fact("tickets.took", html! { span.num { (took) } })) }
            (when("tickets.closed", &v.closed))
        }
    }
}

/// Who asked for what.
pub fn words(l: Locale, v: &TicketView) -> Markup {
    html! {
        section.ticket-description id=(dom::ticket_words(&v.id).id()) aria-label=(t(l, "tickets.description")) {
            p.entry-head { strong data-names=(v.requester.id) { (v.requester.name) } " " span.quiet.num { (day_or_time(&v.created)) } }
            div.entry-body { @for piece in &v.description { (body_piece(piece)) } }
        }
    }
}

/// Their names, or that there are none.
fn follower_names(l: Locale, people: &[PersonView]) -> Markup {
    html! {
        @if people.is_empty() { (t(l, "tickets.followers.none")) }
        @for (n, person) in people.iter().enumerate() { @if n > 0 { ", " } span data-names=(person.id) { (person.name) } }
    }
}

/// The page.
pub fn detail_panel(l: Locale, v: &DetailView) -> Markup {
    let ticket = &v.ticket;
    let pool = v.actions.candidates.as_ref().map(|_| pool_key(&ticket.application));
    let keys = std::iter::once(ticket.id.clone()).chain(pool).collect::<Vec<_>>().join(" ");
    html! {
        div.ticket data-names=(ticket.id) {
            (head(l, ticket))
            (lookers(l, &ticket.id))
            div.ticket-main {
                (words(l, ticket))
                (timeline(l, &ticket.id, &v.entries, v.before))
                @if v.is_past { p.entry-more { a.btn.btn-sm href=(paths::ticket(&ticket.id)) { (t(l, "tickets.latest")) } } }
                @else { (composer(l, v)) }
            }
            aside.ticket-side {
                (ui::live_list(l, &dom::ticket_actions(&ticket.id), &keys, actions(l, &ticket.id, &v.actions)))
                (facts(l, ticket))
            }
        }
    }
}

/// That nothing more is said, in a closed ticket. The form after it is put out of sight by it alone: what was typed when
/// somebody closed the ticket is there again when it is opened again.
pub fn closed(l: Locale, v: &TicketView) -> Markup {
    let is_closed = v.status == "CE";
    html! {
        div.ticket-closed id=(dom::ticket_closed(&v.id).id()) data-closed[is_closed] {
            @if is_closed { (ui::notice(ui::Tone::Info, t(l, "tickets.closed.no_comments"))) }
        }
    }
}
