//! What a person may do with a ticket: take it to another state, give it to somebody, say what it is about.

use maud::{Markup, html};

use super::{LinkView, link_form, links, merge_form};
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
    /// Other tickets that the person may read.
    pub links: Vec<LinkView>,
    /// Whether they may link it to another one.
    pub can_link: bool,
    /// Whether they may close it as a duplicate.
    pub can_merge: bool,
    /// Whether the person follows it; `None` when they need not.
    pub follows: Option<bool>,
    /// What was typed and is not stored, by the state that it was for.
    pub typed: Option<(String, String)>,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// What somebody else changed meanwhile: label, theirs, mine.
    pub conflict: Vec<(String, String, String)>,
}

/// What names those who serve an application in frames: whoever may give a ticket of it to somebody sees who they are.
pub fn pool_key(application: &str) -> String {
    format!("pool-{application}")
}

/// One thing that may be done.
enum Act<'a> {
    Step(&'a StepView),
    Assign(&'a [(String, String)]),
    Class(&'a (String, String, String)),
    Words,
    Link,
    Merge,
    Follow(bool),
}

/// How it is offered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The button that people look for.
    First,
    /// A button.
    Plain,
    /// An item of the menu.
    Item,
}

impl Look {
    /// The class of what is pressed.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::First => "btn btn-primary",
            Self::Plain => "btn",
            Self::Item => "menu-item",
        }
    }

    /// Of the forms of a menu one is open at a time.
    pub(super) fn group(self) -> Option<&'static str> {
        (self == Self::Item).then_some("ticket-more")
    }
}

/// Buttons beside the menu.
const BESIDE: usize = 2;

/// What comes next as buttons, the rest in a menu. Each is a plain form and works without scripts.
pub fn actions(l: Locale, id: &str, v: &ActionsView) -> Markup {
    let all = acts(v);
    let is_next = |act: &&Act<'_>| matches!(act, Act::Step(_) | Act::Assign(_));
    let next = all.iter().take(BESIDE).take_while(is_next).count();
    // A menu of one thing is a button that says less.
    let next = if all.len() == next + 1 { all.len() } else { next };
    let (next, rest) = all.split_at(next);
    html! {
        @if !v.conflict.is_empty() { (ui::conflict(l, &v.conflict, &paths::ticket(id))) }
        (links(l, id, v))
        div.ticket-acts {
            @for (n, act) in next.iter().enumerate() {
                (offer(l, id, v, act, if n == 0 && is_next(&act) { Look::First } else { Look::Plain }))
            }
            @if !rest.is_empty() { (more(l, id, v, rest)) }
        }
    }
}

/// Everything that may be done, what usually comes next before the rest: nobody's ticket is given to somebody.
fn acts(v: &ActionsView) -> Vec<Act<'_>> {
    let mut steps = v.steps.iter().map(Act::Step);
    let (soon, later): (Vec<_>, Vec<_>) =
        v.candidates.iter().map(|people| Act::Assign(people)).partition(|_| v.assignee.is_empty());
    let class = v.class.iter().flat_map(|class| [Act::Class(class), Act::Words]);
    let others = [v.can_link.then_some(Act::Link), v.can_merge.then_some(Act::Merge), v.follows.map(Act::Follow)];
    let usual: Vec<_> = steps.next().into_iter().chain(soon).chain(steps).chain(later).collect();
    usual.into_iter().chain(class).chain(others.into_iter().flatten()).collect()
}

/// The menu. Where something that was typed in it was refused it is open, and so is the form.
fn more(l: Locale, id: &str, v: &ActionsView, rest: &[Act<'_>]) -> Markup {
    html! {
        details.menu.ticket-more data-menu open[rest.iter().any(|act| is_refused(v, act))] {
            summary.btn { (ui::icon("dots")) (t(l, "tickets.more")) }
            div.menu-panel { @for act in rest { (offer(l, id, v, act, Look::Item)) } }
        }
    }
}

fn offer(l: Locale, id: &str, v: &ActionsView, act: &Act<'_>, look: Look) -> Markup {
    let is_open = is_refused(v, act);
    match act {
        Act::Step(step) => step_form(l, id, v, step, look),
        Act::Assign(people) => assignment(l, id, v, people, look, is_open),
        Act::Class(class) => class_form(l, id, v, class, look, is_open),
        Act::Words => {
            html! { a class=(look.class()) href=(paths::ticket_words(id)) { (ui::icon("pencil")) (t(l, "tickets.words")) } }
        }
        Act::Link => link_form(l, id, v, look, is_open),
        Act::Merge => merge_form(l, id, v, look, is_open),
        Act::Follow(follows) => follow_form(l, id, *follows, look),
    }
}

/// Whether what was typed for it was not stored.
fn is_refused(v: &ActionsView, act: &Act<'_>) -> bool {
    let is_wrong = |fields: &[&str]| v.errors.iter().any(|(field, _)| fields.contains(&field.as_str()));
    match act {
        Act::Step(step) => v.typed.as_ref().is_some_and(|(to, _)| *to == step.to),
        Act::Assign(_) => is_wrong(&["assignee", "note"]),
        Act::Class(_) => is_wrong(&["priority", "kind", "application"]),
        Act::Link => is_wrong(&["number"]),
        Act::Merge => is_wrong(&["into"]),
        Act::Words | Act::Follow(_) => false,
    }
}

/// The picture of a step in the menu; what is given up is not what is done.
fn step_icon(step: &StepView) -> &'static str {
    if step.to == "CE" && step.from != "RS" { "ban" } else { super::status_look(&step.to).1 }
}

fn step_form(l: Locale, id: &str, v: &ActionsView, step: &StepView, look: Look) -> Markup {
    let words = t(l, &format!("tickets.step.{}.{}", step.from, step.to));
    let typed = v.typed.as_ref().filter(|(to, _)| *to == step.to).map(|(_, text)| text.as_str());
    let offered = html! { @if look == Look::Item { (ui::icon(step_icon(step))) } (words) };
    let fields = html! {
        input type="hidden" name="version" value=(v.version);
        input type="hidden" name="to" value=(step.to);
    };
    html! {
        form.ticket-step method="post" action=(paths::ticket_state(id)) hx-status:409="push:false" {
            (fields)
            @if let Some(label_key) = step.asks_key {
                details name=[look.group()] open[typed.is_some()] {
                    summary class=(look.class()) { (offered) }
                    (lines(l, &ChoiceView {
                        name: "reason", id: &format!("reason-{}", step.to), label_key, value: typed.unwrap_or_default(), help_key: None,
                        error_key: typed.and(error_for(&v.errors, "reason")), required: true,
                    }))
                    button.btn.btn-primary type="submit" { (words) }
                }
            } @else { button class=(look.class()) type="submit" { (offered) } }
        }
    }
}

fn assignment(l: Locale, id: &str, v: &ActionsView, people: &[(String, String)], look: Look, is_open: bool) -> Markup {
    let words = if v.note_is_required { "tickets.hand_over" } else { "tickets.assign" };
    let named: Vec<&str> = people.iter().map(|(id, _)| id.as_str()).collect();
    html! {
        details name=[look.group()] data-names=(named.join(" ")) open[is_open] {
            summary class=(look.class()) { (ui::icon("user-check")) (t(l, words)) }
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
            button.btn.btn-primary type="submit" { (t(l, words)) }
            }
        }
    }
}

fn class_form(
    l: Locale,
    id: &str,
    v: &ActionsView,
    (application, kind, priority): &(String, String, String),
    look: Look,
    is_open: bool,
) -> Markup {
    let choice = |name, label_key, value, options: &[(String, String)]| {
        let error_key = error_for(&v.errors, name);
        select(l, &ChoiceView { id: "", name, label_key, value, help_key: None, error_key, required: true }, options)
    };
    html! {
        details name=[look.group()] open[is_open] {
            summary class=(look.class()) { (ui::icon("clipboard-text")) (t(l, "tickets.class")) }
            form.stack.ticket-form method="post" action=(paths::ticket_class(id)) hx-status:409="push:false" {
            input type="hidden" name="version" value=(v.version);
            (choice("priority", "tickets.column.priority", priority, &v.priorities))
            (choice("kind", "tickets.kind", kind, &v.kinds))
            (choice("application", "tickets.application", application, &v.applications))
            button.btn.btn-primary type="submit" { (t(l, "tickets.class.save")) }
            }
        }
    }
}

fn follow_form(l: Locale, id: &str, follows: bool, look: Look) -> Markup {
    let (path, icon, words) = match follows {
        true => (paths::ticket_unfollow(id), "bell-off", "tickets.unfollow"),
        false => (paths::ticket_followers(id), "bell", "tickets.follow"),
    };
    html! { form.ticket-step method="post" action=(path) { button class=(look.class()) type="submit" { (ui::icon(icon)) (t(l, words)) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(steps: &[&str], v: ActionsView) -> (String, String) {
        let step =
            |to: &&str| StepView { from: "EP".to_owned(), to: (*to).to_owned(), asks_key: Some("tickets.reason") };
        let v = ActionsView { steps: steps.iter().map(step).collect(), ..v };
        let all = actions(Locale::Es, "t", &v).into_string();
        let (next, menu) = all.split_once("<details class=\"menu ticket-more\"").unwrap_or((&all, ""));
        (next.to_owned(), menu.to_owned())
    }

    #[test]
    fn what_comes_next_is_a_button_and_the_rest_is_in_the_menu() {
        let people = Some(vec![("p".to_owned(), "Ana".to_owned())]);
        let has = |candidates, assignee: &str| ActionsView {
            candidates,
            assignee: assignee.to_owned(),
            can_link: true,
            follows: Some(false),
            ..ActionsView::default()
        };
        for (v, next, rest) in [
            (has(people.clone(), "p"), "Esperar a un tercero", "Asignar"),
            (has(people, ""), "Asignar", "Esperar a un tercero"),
        ] {
            let (buttons, menu) = drawn(&["RS", "PE", "CE"], v);
            assert!(buttons.contains("Resolver") && buttons.contains(next), "{buttons}");
            assert!(!buttons.contains(rest) && menu.contains(rest) && menu.contains("Descartar"), "{menu}");
            assert_eq!(buttons.matches("btn-primary\">Resolver</summary>").count(), 1, "{buttons}");
        }
    }

    #[test]
    fn one_thing_more_needs_no_menu_and_nothing_has_none() {
        let follows = ActionsView { follows: Some(true), ..ActionsView::default() };
        let (buttons, menu) = drawn(&["RS", "PE"], follows);
        assert!(buttons.contains("Dejar de seguir") && menu.is_empty());
        assert_eq!(drawn(&[], ActionsView::default()), ("<div class=\"ticket-acts\"></div>".to_owned(), String::new()));
    }

    #[test]
    fn what_was_refused_in_the_menu_is_open_in_it() {
        let refused = |field: &str| ActionsView {
            can_link: true,
            can_merge: true,
            errors: vec![(field.to_owned(), "field.required".to_owned())],
            ..ActionsView::default()
        };
        let (_, menu) = drawn(&["RS", "PE"], refused("into"));
        assert!(menu.starts_with(" data-menu open>"), "{menu}");
        assert_eq!(menu.matches("name=\"ticket-more\" open>").count(), 1, "the one form: {menu}");
        let (_, menu) = drawn(&["RS", "PE"], refused("title"));
        assert!(menu.starts_with(" data-menu>") && !menu.contains(" open>"), "{menu}");
    }
}
