//! The form of a ticket's subject and description.

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, t};
use crate::ui::{self, ChoiceView, FieldView, error_for, field, lines};

/// What the form holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WordsView {
    /// UUID of the ticket.
    pub ticket: String,
    /// `#123`.
    pub number: i64,
    /// Subject, as typed.
    pub title: String,
    /// Description, as typed.
    pub description: String,
    /// The version that it is stored over.
    pub version: i64,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// What somebody else wrote meanwhile: label, theirs, mine.
    pub conflict: Vec<(String, String, String)>,
}

/// The page.
pub fn words_panel(l: Locale, v: &WordsView) -> Markup {
    let (record, back) = (paths::ticket(&v.ticket), t(l, "tickets.followers.back"));
    html! {
        header.page-head {
            a.icon-btn href=(record) aria-label=(back) title=(back) { (ui::icon("arrow-left")) }
            h1 { span.num.quiet { "#" (v.number) } " " (t(l, "tickets.words")) }
        }
        div.narrow.ticket-words data-names=(v.ticket) {
            @if !v.conflict.is_empty() { (ui::conflict(l, &v.conflict, &record)) }
            form.stack method="post" action=(paths::ticket_words(&v.ticket)) hx-status:409="push:false" {
                input type="hidden" name="version" value=(v.version);
                (field(l, &FieldView {
                    name: "title", label_key: "tickets.subject", kind: "text", value: &v.title, autocomplete: "off",
                    error_key: error_for(&v.errors, "title"), required: true, ..FieldView::default()
                }))
                (lines(l, &ChoiceView { id: "",
                    name: "description", label_key: "tickets.description", value: &v.description, help_key: None,
                    error_key: error_for(&v.errors, "description"), required: true,
                }))
                div.actions {
                    (ui::submit(t(l, "tickets.words.save")))
                    a.btn href=(record) { (t(l, "tickets.cancel")) }
                }
            }
        }
    }
}
