//! Pages of canned answers.

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, fill, t};
use crate::ui::{self, ChoiceView, FieldView, error_for, field, lines, select};

/// A canned answer in the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MacroView {
    /// UUID.
    pub id: String,
    /// What people choose it by.
    pub name: String,
    /// Code of the application; none: any.
    pub application: Option<String>,
    /// What is said.
    pub body: String,
    /// Whether it is offered.
    pub is_active: bool,
}

/// The list.
pub fn macros_panel(l: Locale, rows: &[MacroView]) -> Markup {
    html! {
        header.page-head {
            a.icon-btn href=(paths::TICKETS) aria-label=(t(l, "tickets.back")) title=(t(l, "tickets.back")) { (ui::icon("arrow-left")) }
            h1 { (t(l, "tickets.macros")) }
            div.page-actions {
                a.btn.btn-primary href=(paths::TICKET_MACRO_NEW) { (ui::icon("plus")) (t(l, "tickets.macros.new")) }
            }
        }
        div.narrow {
            @if rows.is_empty() { (ui::empty("message", t(l, "tickets.macros.none"), None)) }
            ul.macro-list { @for row in rows { (macro_row(l, row)) } }
        }
    }
}

fn macro_row(l: Locale, row: &MacroView) -> Markup {
    let (words, who, next) = match row.is_active {
        true => ("tickets.macros.retire", "tickets.macros.retire.who", "0"),
        false => ("tickets.macros.restore", "tickets.macros.restore.who", "1"),
    };
    html! {
        li.macro-row {
            div.macro-words {
                p.macro-name {
                    a href=(paths::ticket_macro(&row.id)) { (row.name) }
                    " " span.quiet { (application(l, row.application.as_deref())) }
                    @if !row.is_active { " " span.tag data-tone="closed" { (t(l, "tickets.macros.retired")) } }
                }
                p.macro-body.quiet { (row.body) }
            }
            form method="post" action=(paths::ticket_macro_state(&row.id)) {
                input type="hidden" name="active" value=(next);
                button.btn.btn-sm type="submit" aria-label=(fill(l, who, &[("name", &row.name)])) { (t(l, words)) }
            }
        }
    }
}

fn application(l: Locale, code: Option<&str>) -> &'static str {
    match code {
        Some(code) => t(l, &format!("tickets.application.{code}")),
        None => t(l, "tickets.macros.any"),
    }
}

/// What the form of one holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MacroFormView {
    /// UUID; none: a new one.
    pub id: Option<String>,
    /// Code of the application; empty: any.
    pub application: String,
    /// What people choose it by.
    pub name: String,
    /// What is said.
    pub body: String,
    /// The version that it is stored over.
    pub version: i64,
    /// Codes and words to choose from.
    pub applications: Vec<(String, String)>,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// What somebody else wrote meanwhile: label, theirs, mine.
    pub conflict: Vec<(String, String, String)>,
}

/// The form of one.
pub fn macro_form_panel(l: Locale, v: &MacroFormView) -> Markup {
    let back = t(l, "tickets.macros.back");
    let any = (String::new(), application(l, None).to_owned());
    let applications: Vec<_> = std::iter::once(any).chain(v.applications.iter().cloned()).collect();
    let action = v.id.as_deref().map_or(paths::TICKET_MACROS.to_owned(), paths::ticket_macro);
    html! {
        header.page-head {
            a.icon-btn href=(paths::TICKET_MACROS) aria-label=(back) title=(back) { (ui::icon("arrow-left")) }
            h1 { (t(l, if v.id.is_some() { "tickets.macros.one" } else { "tickets.macros.new" })) }
        }
        div.narrow.ticket-words {
            @if !v.conflict.is_empty() { (ui::conflict(l, &v.conflict, &action)) }
            form.stack method="post" action=(action) hx-status:409="push:false" {
                input type="hidden" name="version" value=(v.version);
                (field(l, &FieldView {
                    name: "name", label_key: "tickets.macros.name", kind: "text", value: &v.name, autocomplete: "off",
                    error_key: error_for(&v.errors, "name"), required: true, ..FieldView::default()
                }))
                (select(l, &ChoiceView {
                    id: "", name: "application", label_key: "tickets.application", value: &v.application,
                    help_key: Some("tickets.macros.application.help"), error_key: error_for(&v.errors, "application"), required: false,
                }, &applications))
                (lines(l, &ChoiceView {
                    id: "", name: "body", label_key: "tickets.macros.body", value: &v.body,
                    help_key: Some("tickets.macros.body.help"), error_key: error_for(&v.errors, "body"), required: true,
                }))
                div.actions {
                    (ui::submit(t(l, "tickets.words.save")))
                    a.btn href=(paths::TICKET_MACROS) { (t(l, "tickets.cancel")) }
                }
            }
        }
    }
}
