//! Who serves each application, and what is promised for each priority: for administrators.

use maud::{Markup, html};

use crate::admin::{AdminTab, tabs};
use crate::paths;
use crate::text::{Locale, fill, t};
use crate::ui::{self, Tone, error_for};

/// What is promised for a priority, in hours, as typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PromiseView {
    /// Its code.
    pub priority: String,
    /// Until somebody answers.
    pub respond: String,
    /// Until it is solved.
    pub resolve: String,
}

/// Somebody in a pool, or who is to join it, as typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PoolMemberView {
    /// The account; empty for who is to join.
    pub id: String,
    /// First and last name; e-mail or document of who is to join.
    pub name: String,
    /// Whether they may sign in.
    pub has_account: bool,
    /// How much of it they get.
    pub weight: String,
    /// Most open tickets.
    pub capacity: String,
    /// Whether they get anything.
    pub is_active: bool,
    /// Open tickets that they have.
    pub open: i64,
    /// What the form was drawn from.
    pub drawn: String,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// What somebody else changed meanwhile: label, theirs, mine.
    pub conflict: Vec<(String, String, String)>,
}

/// Who serves an application.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PoolView {
    /// Its code.
    pub application: String,
    /// People, by name.
    pub members: Vec<PoolMemberView>,
    /// Who is to join.
    pub new: PoolMemberView,
}

/// The page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ServiceView {
    /// The most urgent first.
    pub promises: Vec<PromiseView>,
    /// What was promised when the form was drawn.
    pub drawn: String,
    /// What is wrong with it, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// What somebody else promised meanwhile: label, theirs, mine.
    pub conflict: Vec<(String, String, String)>,
    /// One an application.
    pub pools: Vec<PoolView>,
    /// Whether it was just saved.
    pub saved: bool,
}

/// The page.
pub fn service_panel(l: Locale, v: &ServiceView) -> Markup {
    html! {
        (tabs(l, AdminTab::Tickets))
        header.page-head { h1 { (t(l, "ticket_service.title")) } }
        div.service {
            @if v.saved { (ui::notice(Tone::Success, t(l, "ticket_service.saved"))) }
            section.setting aria-labelledby="service-hours" {
                h2 id="service-hours" { (t(l, "ticket_service.hours")) }
                p.field-help { (t(l, "ticket_service.hours.help")) }
                (promises(l, v))
            }
            @for pool in &v.pools { (pool_section(l, pool)) }
        }
    }
}

fn promises(l: Locale, v: &ServiceView) -> Markup {
    html! {
        @if !v.conflict.is_empty() { (ui::conflict(l, &v.conflict, paths::TICKET_SERVICE)) }
        form.service-hours method="post" action=(paths::TICKET_SERVICE_HOURS) hx-status:409="push:false" {
            input type="hidden" name="drawn" value=(v.drawn);
            @for promise in &v.promises {
                fieldset.service-row {
                    legend { (super::priority_tag(l, &promise.priority)) }
                    (number(l, &v.errors, &Input { name: &format!("respond_{}", promise.priority), id: "", label_key: "ticket_service.respond", value: &promise.respond, min: 1, max: 1_000, is_required: true }))
                    (number(l, &v.errors, &Input { name: &format!("resolve_{}", promise.priority), id: "", label_key: "ticket_service.resolve", value: &promise.resolve, min: 1, max: 1_000, is_required: true }))
                }
            }
            div.actions { (ui::submit(t(l, "ticket_service.hours.save"))) }
        }
    }
}

fn pool_section(l: Locale, v: &PoolView) -> Markup {
    let id = format!("service-{}", v.application);
    html! {
        section.setting aria-labelledby=(id) {
            h2 id=(id) { (t(l, &format!("tickets.application.{}", v.application))) }
            @if v.members.is_empty() { p.quiet { (t(l, "ticket_service.nobody")) } }
            @for member in &v.members { (member_form(l, &v.application, member)) }
            (member_form(l, &v.application, &v.new))
        }
    }
}

/// Somebody's part; without an id, the form by which somebody joins.
fn member_form(l: Locale, application: &str, v: &PoolMemberView) -> Markup {
    let is_new = v.id.is_empty();
    let id = format!("{application}-{}", if is_new { "new" } else { &v.id });
    let label = if is_new { t(l, "ticket_service.add").to_owned() } else { v.name.clone() };
    html! {
        @if !v.conflict.is_empty() { (ui::conflict(l, &v.conflict, paths::TICKET_SERVICE)) }
        form.service-row data-off[!v.is_active] method="post" action=(paths::TICKET_SERVICE_POOLS) aria-label=(label)
            hx-status:409="push:false" {
            input type="hidden" name="drawn" value=(v.drawn);
            input type="hidden" name="application" value=(application);
            input type="hidden" name="user" value=(v.id);
            @if is_new {
                (text(l, v, &format!("{id}-person")))
            } @else {
                p.service-who {
                    strong data-names=(v.id) { (v.name) }
                    span.quiet { (fill(l, "ticket_service.open", &[("n", &v.open.to_string())])) }
                    @if !v.has_account { span.tag { (t(l, "ticket_service.no_account")) } }
                }
            }
            (number(l, &v.errors, &Input { name: "weight", id: &format!("{id}-weight"), label_key: "ticket_service.weight", value: &v.weight, min: 1, max: 10, is_required: true }))
            (number(l, &v.errors, &Input { name: "capacity", id: &format!("{id}-capacity"), label_key: "ticket_service.capacity", value: &v.capacity, min: 0, max: 1_000, is_required: false }))
            @if is_new {
                input type="hidden" name="is_active" value="1";
                button.btn type="submit" { (ui::icon("user-plus")) (t(l, "ticket_service.add")) }
            } @else {
                (ui::tick("is_active", "1", v.is_active, t(l, "ticket_service.active")))
                button.btn type="submit" { (t(l, "ticket_service.save")) }
            }
        }
    }
}

fn text(l: Locale, v: &PoolMemberView, id: &str) -> Markup {
    let error_key = error_for(&v.errors, "person");
    labelled(l, id, "ticket_service.person", error_key, |id, told| {
        html! {
            input.form-control.is-invalid[error_key.is_some()] id=(id) name="person" type="text" value=(v.name) required
                autocomplete="off" maxlength="254" aria-describedby=[told] aria-invalid=[error_key.map(|_| "true")];
        }
    })
}

struct Input<'a> {
    name: &'a str,
    /// Empty: the name.
    id: &'a str,
    label_key: &'static str,
    value: &'a str,
    min: i64,
    max: i64,
    is_required: bool,
}

fn number(l: Locale, errors: &[(String, String)], v: &Input<'_>) -> Markup {
    let error_key = error_for(errors, v.name);
    labelled(l, if v.id.is_empty() { v.name } else { v.id }, v.label_key, error_key, |id, told| {
        html! {
            input.form-control.is-invalid[error_key.is_some()] id=(id) name=(v.name) type="number" value=(v.value)
                min=(v.min) max=(v.max) required[v.is_required] autocomplete="off" aria-describedby=[told]
                aria-invalid=[error_key.map(|_| "true")];
        }
    })
}

fn labelled(
    l: Locale,
    id: &str,
    label_key: &str,
    error_key: Option<&str>,
    input: impl Fn(&str, Option<String>) -> Markup,
) -> Markup {
    let (id, error_id) = (format!("f-{id}"), format!("f-{id}-error"));
    html! {
        div.field {
            label.form-label for=(id) { (t(l, label_key)) }
            (input(&id, error_key.map(|_| error_id.clone())))
            @if let Some(key) = error_key { p.field-error id=(error_id) { (t(l, key)) } }
        }
    }
}
