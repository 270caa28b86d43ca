//! Other tickets beside one: those that the reader may read, and the forms that link it to one or close it as a duplicate.

use maud::{Markup, html};

use super::actions::Look;
use super::{ActionsView, status_tag};
use crate::paths;
use crate::text::{Locale, fill, t};
use crate::ui::{self, ChoiceView, FieldView, error_for, field, select};

/// Another ticket.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LinkView {
    /// Key of what this one is to it.
    pub key: &'static str,
    /// UUID.
    pub id: String,
    /// `#123`.
    pub number: i64,
    /// Subject.
    pub title: String,
    /// Code of its state.
    pub status: String,
    /// Whether the link cannot be taken away.
    pub is_fixed: bool,
}

/// The links.
pub(super) fn links(l: Locale, id: &str, v: &ActionsView) -> Markup {
    html! {
        @if !v.links.is_empty() {
            ul.ticket-links aria-label=(t(l, "tickets.links")) { @for link in &v.links { (one(l, id, v.can_link, link)) } }
        }
    }
}

fn one(l: Locale, id: &str, can_link: bool, link: &LinkView) -> Markup {
    let number = link.number.to_string();
    let remove = fill(l, "tickets.links.remove", &[("number", &number)]);
    html! {
        li.ticket-linked {
            div {
                span.quiet { (t(l, link.key)) } " "
                a href=(paths::ticket(&link.id)) { span.num { "#" (number) } " " (link.title) }
                " " (status_tag(l, &link.status))
            }
            @if can_link && !link.is_fixed {
                form method="post" action=(paths::ticket_unlink(id)) {
                    input type="hidden" name="other" value=(link.id);
                    button.icon-btn type="submit" aria-label=(remove) title=(remove) { (ui::icon("x")) }
                }
            }
        }
    }
}

/// The form that links it.
pub(super) fn link_form(l: Locale, id: &str, v: &ActionsView, look: Look, is_open: bool) -> Markup {
    let kinds = ["related", "blocks", "blocked", "duplicate"];
    let kinds = kinds.map(|code| (code.to_owned(), t(l, &format!("tickets.links.{code}")).to_owned()));
    html! {
        details name=[look.group()] open[is_open] {
            summary class=(look.class()) { (ui::icon("plus")) (t(l, "tickets.links.add")) }
            form.stack.ticket-form method="post" action=(paths::ticket_links(id)) {
                (select(l, &ChoiceView {
                    id: "link-kind", name: "kind", label_key: "tickets.links.kind", value: "related", help_key: None,
                    error_key: None, required: true,
                }, &kinds))
                (number(l, "number", "tickets.links.number", v))
                button.btn.btn-primary type="submit" { (t(l, "tickets.links.save")) }
            }
        }
    }
}

/// The form that closes it as a duplicate.
pub(super) fn merge_form(l: Locale, id: &str, v: &ActionsView, look: Look, is_open: bool) -> Markup {
    html! {
        details name=[look.group()] open[is_open] {
            summary class=(look.class()) { (ui::icon("copy")) (t(l, "tickets.merge")) }
            form.stack.ticket-form method="post" action=(paths::ticket_merge(id)) hx-status:409="push:false" {
                input type="hidden" name="version" value=(v.version);
                p.quiet { (t(l, "tickets.merge.what")) }
                (number(l, "into", "tickets.merge.into", v))
                button.btn.btn-primary type="submit" { (t(l, "tickets.merge.save")) }
            }
        }
    }
}

fn number(l: Locale, name: &str, label_key: &str, v: &ActionsView) -> Markup {
    field(
        l,
        &FieldView {
            name,
            label_key,
            kind: "text",
            value: "",
            autocomplete: "off",
            error_key: error_for(&v.errors, name),
            required: true,
            ..FieldView::default()
        },
    )
}
