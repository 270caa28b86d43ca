//! What a person may do with a ticket: take it to another state, give it to somebody, say what it is about.

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, t};
use crate::ui::{self, ChoiceView, error_for, lines, select};

/// A state that the person may take it to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StepView {
    /// Code of the state that it is in.
    pub from: String,
    /// Code of the state that it leads to.
    pub to: String,
    /// Key of the label of what has to be written with it.
    pub asks_key: Option<&'static str>,
}

/// What the person may do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ActionsView {
    /// The version that it was drawn from.
    pub version: i64,
    /// States that it may be taken to, the usual one first.
    pub steps: Vec<StepView>,
    /// People it may be given to; `None` when it may not be given.
    pub candidates: Option<Vec<(String, String)>>,
    /// Who has it now.
    pub assignee: String,
    /// Whether a note has to be written with it.
    pub note_is_required: bool,
    /// Codes of application, kind and priority; `None` when they may not be changed.
    pub class: Option<(String, String, String)>,
    /// Codes and words to choose from.
    pub applications: Vec<(String, String)>,
    /// Codes and words to choose from.
    pub kinds: Vec<(String, String)>,
    /// Codes and words to choose from.
    pub priorities: Vec<(String, String)>,
    /// What was typed and is not stored, by the state that it was for.
    pub typed: Option<(String, String)>,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// What somebody else changed meanwhile: label, theirs, mine.
    pub conflict: Vec<(String, String, String)>,
}

/// The forms. Each works without scripts.
pub fn actions(l: Locale, id: &str, v: &ActionsView) -> Markup {
    html! {
        @if !v.conflict.is_empty() { (ui::conflict(l, &v.conflict, &paths::ticket(id))) }
        @for (n, step) in v.steps.iter().enumerate() { (step_form(l, id, v, step, n == 0)) }
        @if let Some(people) = &v.candidates { (assignment(l, id, v, people)) }
        @if let Some(class) = &v.class { (class_form(l, id, v, class)) }
    }
}

fn step_form(l: Locale, id: &str, v: &ActionsView, step: &StepView, is_first: bool) -> Markup {
    let words = t(l, &format!("tickets.step.{}.{}", step.from, step.to));
    let typed = v.typed.as_ref().filter(|(to, _)| *to == step.to).map(|(_, text)| text.as_str());
    let fields = html! {
        input type="hidden" name="version" value=(v.version);
        input type="hidden" name="to" value=(step.to);
    };
    html! {
        form.ticket-step method="post" action=(paths::ticket_state(id)) hx-status:409="push:false" {
            (fields)
            @if let Some(label_key) = step.asks_key {
                details open[typed.is_some()] {
                    summary.btn.btn-primary[is_first] { (words) }
                    (lines(l, &ChoiceView {
                        name: "reason", id: &format!("reason-{}", step.to), label_key, value: typed.unwrap_or_default(), help_key: None,
                        error_key: typed.and(error_for(&v.errors, "reason")), required: true,
                    }))
                    button.btn.btn-primary type="submit" { (words) }
                }
            } @else { button.btn.btn-primary[is_first] type="submit" { (words) } }
        }
    }
}

fn assignment(l: Locale, id: &str, v: &ActionsView, people: &[(String, String)]) -> Markup {
    let words = if v.note_is_required { "tickets.hand_over" } else { "tickets.assign" };
    html! {
        details open[has_error(v, &["assignee", "note"])] {
            summary.btn { (ui::icon("user-check")) (t(l, words)) }
            form.stack.ticket-form method="post" action=(paths::ticket_assignment(id)) hx-status:409="push:false" {
            input type="hidden" name="version" value=(v.version);
            (select(l, &ChoiceView { id: "",
                name: "assignee", label_key: "tickets.assign.to", value: &v.assignee, help_key: None,
                error_key: error_for(&v.errors, "assignee"), required: v.note_is_required,
            }, people))
            (lines(l, &ChoiceView { id: "",
                name: "note", label_key: if v.note_is_required { "tickets.hand_over.note" } else { "tickets.assign.note" },
                value: "", help_key: None, error_key: error_for(&v.errors, "note"), required: v.note_is_required,
            }))
            button.btn type="submit" { (t(l, words)) }
            }
        }
    }
}

fn class_form(
    l: Locale,
    id: &str,
    v: &ActionsView,
    (application, kind, priority): &(String, String, String),
) -> Markup {
    let choice = |name, label_key, value, options: &[(String, String)]| {
        let error_key = error_for(&v.errors, name);
        select(l, &ChoiceView { id: "", name, label_key, value, help_key: None, error_key, required: true }, options)
    };
    html! {
        details {
            summary.btn { (ui::icon("pencil")) (t(l, "tickets.class")) }
            form.stack.ticket-form method="post" action=(paths::ticket_class(id)) hx-status:409="push:false" {
            input type="hidden" name="version" value=(v.version);
            (choice("priority", "tickets.column.priority", priority, &v.priorities))
            (choice("kind", "tickets.kind", kind, &v.kinds))
            (choice("application", "tickets.application", application, &v.applications))
            button.btn type="submit" { (t(l, "tickets.class.save")) }
            }
        }
    }
}

fn has_error(v: &ActionsView, fields: &[&str]) -> bool {
    v.errors.iter().any(|(field, _)| fields.contains(&field.as_str()))
}
