//! Where something is said in a ticket: to all who read it, or as a note to its staff.

use maud::{Markup, html};

use super::{DetailView, closed};
use crate::chat::typing_line;
use crate::text::{Locale, t};
use crate::ui::{self, ChoiceView, lines};
use crate::{dom, paths};

/// The form, and in a closed ticket why it is out of sight.
pub(super) fn composer(l: Locale, v: &DetailView) -> Markup {
    let id = &v.ticket.id;
    html! {
        (closed(l, &v.ticket))
        form.stack.ticket-composer id=(dom::ticket_composer(id).id()) method="post" action=(paths::ticket_comments(id))
            data-once data-mention-url=(paths::ticket_names(id)) data-types-in=(id) {
            input type="hidden" name="id" value=(v.next_entry);
            @if v.can_note { (audience(l, v.draft_is_note)) }
            (lines(l, &ChoiceView { id: "",
                name: "body", label_key: "tickets.comment", value: &v.draft, help_key: None,
                error_key: v.draft_error.as_deref(), required: true,
            }))
            (typing_line(l, id))
            (ui::upload(l, &v.upload))
            div.actions {
                (ui::submit(t(l, "tickets.comment.send")))
                @if v.can_note { (ui::live_list(l, &dom::ticket_macros(id), &macros_key(id), macros(l, id, v))) }
            }
        }
    }
}

/// What names the canned answers beside a ticket in frames: about something else, others are offered.
pub fn macros_key(ticket: &str) -> String {
    format!("{ticket}:macros")
}

/// Who reads it: chosen before it is written, so that what is typed is told to nobody else. By their ids a morph knows
/// them again, and leaves them as they were chosen.
fn audience(l: Locale, is_note: bool) -> Markup {
    html! {
        fieldset.ticket-audience {
            legend.visually-hidden { (t(l, "tickets.audience")) }
            label { input type="radio" id="f-audience-all" name="note" value="" checked[!is_note]; span { (ui::icon("message")) (t(l, "tickets.audience.all")) } }
            label { input type="radio" id="f-audience-staff" name="note" value="1" checked[is_note]; span { (ui::icon("lock")) (t(l, "tickets.note")) } }
        }
    }
}

/// Canned answers: each is a button of the form, so that without scripts nothing typed is lost either.
fn macros(l: Locale, id: &str, v: &DetailView) -> Markup {
    html! {
        @if !v.macros.is_empty() || v.can_keep_macros {
            details.menu.ticket-macros data-menu {
                summary.btn { (ui::icon("message")) (t(l, "tickets.macros.insert")) }
                div.menu-panel {
                    @for (macro_id, name) in &v.macros {
                        button.menu-item type="submit" name="macro" value=(macro_id) formaction=(paths::ticket_insert(id))
                            formnovalidate data-macro { span.clip { (name) } }
                    }
                    @if v.can_keep_macros { a.menu-item.menu-last href=(paths::TICKET_MACROS) { (ui::icon("pencil")) (t(l, "tickets.macros.keep")) } }
                }
            }
        }
    }
}
