//! Writing a mass message: what, how important, for whom, when. A plain form; htmx keeps the number of people up to date.

use maud::{Markup, html};

use super::{IMPORTANCE, icon_of};
use crate::presence::PersonView;
use crate::text::{Locale, fill, plural, t};
use crate::ui::{self, FieldView, error_for, field};
use crate::{dom, paths};

/// The longest message, in characters.
const MAX_CHARS: i64 = 4000;

/// Something to tick.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choice {
    /// What is sent: an id or a code.
    pub value: String,
    /// What is read.
    pub words: String,
    /// Whether it is ticked.
    pub is_chosen: bool,
}

/// A person to tick.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PickView {
    /// The person.
    pub person: PersonView,
    /// Names of their campaigns, in one line.
    pub campaigns: String,
    /// Whether they are ticked.
    pub is_chosen: bool,
}

/// Whom it would reach.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PreviewView {
    /// How many people.
    pub count: i64,
    /// The first of them, by name.
    pub names: Vec<String>,
}

/// What the form holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ComposeView {
    /// Makes a repeated form store once.
    pub key: String,
    /// What it says.
    pub body: String,
    /// Code of the importance.
    pub importance: String,
    /// Whether recipients are asked to confirm.
    pub asks: bool,
    /// Whether the sender may write to everyone at once.
    pub may_everyone: bool,
    /// Whether everyone is chosen.
    pub everyone: bool,
    /// Campaigns within reach.
    pub campaigns: Vec<Choice>,
    /// Roles within reach.
    pub roles: Vec<Choice>,
    /// People chosen one by one, and those that match what was typed.
    pub people: Vec<PickView>,
    /// What was typed to find people.
    pub query: String,
    /// Whether more people match.
    pub more: bool,
    /// When to send, local, as the input gives it; empty: now.
    pub due: String,
    /// When it ends, local; empty: never.
    pub expires: String,
    /// Pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// Whom it would reach.
    pub preview: PreviewView,
}

/// The form.
pub fn panel(l: Locale, v: &ComposeView) -> Markup {
    let error = |name| error_for(&v.errors, name);
    html! {
        header.page-head {
            a.icon-btn href=(paths::BROADCASTS) aria-label=(t(l, "broadcasts.back")) { (ui::icon("arrow-left")) }
            h1 { (t(l, "broadcasts.new")) }
        }
        form.stack.mass-form method="post" action=(paths::BROADCASTS_REVIEW) hx-push-url="false" {
            input type="hidden" name="key" value=(v.key);
            @if let Some(key) = error("form") { div role="alert" { (ui::notice(ui::Tone::Danger, t(l, key))) } }
            (message(l, v))
            fieldset.radios {
                legend.form-label { (t(l, "broadcasts.importance")) }
                div.choices {
                    @for code in IMPORTANCE {
                        label.choice {
                            input type="radio" name="importance" value=(code) checked[v.importance == code];
                            span { (ui::icon(icon_of(code))) (t(l, &format!("importance.{code}"))) }
                        }
                    }
                }
                label.check { input type="checkbox" name="asks" value="1" checked[v.asks]; span { (t(l, "broadcasts.asks")) } }
                p.field-help { (t(l, "broadcasts.importance.help")) }
            }
            (audience(l, v))
            (preview(l, &v.preview))
            div.pair {
                (field(l, &moment("due", "broadcasts.due", "broadcasts.due.help", &v.due, error("due"))))
                (field(l, &moment("expires", "broadcasts.expires", "broadcasts.expires.help", &v.expires, error("expires"))))
            }
            div.actions { button.btn.btn-primary type="submit" name="step" value="review" { (t(l, "broadcasts.review")) } }
        }
    }
}

fn message(l: Locale, v: &ComposeView) -> Markup {
    let error = error_for(&v.errors, "body");
    html! {
        div.field {
            label.form-label for="f-body" { (t(l, "broadcasts.body")) }
            textarea.form-control.is-invalid[error.is_some()] id="f-body" name="body" rows="5" maxlength=(MAX_CHARS) required
                dir="auto" aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "f-body-error")] { (v.body) }
            @if let Some(key) = error { p.field-error id="f-body-error" { (t(l, key)) } }
        }
    }
}

fn moment<'a>(
    name: &'a str,
    label_key: &'a str,
    help: &'a str,
    value: &'a str,
    error: Option<&'a str>,
) -> FieldView<'a> {
    FieldView {
        name,
        label_key,
        kind: "datetime-local",
        value,
        help_key: Some(help),
        error_key: error,
        ..FieldView::default()
    }
}

/// Campaigns, roles, people. What changes here changes the number below.
fn audience(l: Locale, v: &ComposeView) -> Markup {
    let error = error_for(&v.errors, "audience");
    let shown = dom::broadcast_preview();
    html! {
        fieldset.radios.mass-audience hx-post=(paths::BROADCASTS_PREVIEW) hx-trigger="change delay:150ms" hx-include="closest form"
            hx-target=(shown.target()) hx-swap="outerHTML" hx-sync="this:replace" aria-describedby=[error.map(|_| "audience-error")] {
            legend.form-label { (t(l, "broadcasts.audience")) }
            @if let Some(key) = error { p.field-error id="audience-error" { (t(l, key)) } }
            @if v.may_everyone {
                label.check { input type="checkbox" name="everyone" value="1" checked[v.everyone]; span { (t(l, "broadcasts.everyone")) } }
            }
            (ticks(l, "broadcasts.campaigns", "campaign", &v.campaigns))
            (ticks(l, "broadcasts.roles", "role", &v.roles))
            (people(l, v))
        }
    }
}

fn ticks(l: Locale, label_key: &str, name: &str, choices: &[Choice]) -> Markup {
    html! {
        div.mass-ticks role="group" aria-label=(t(l, label_key)) {
            span.mass-ticks-name { (t(l, label_key)) }
            @for choice in choices {
                label.check { input type="checkbox" name=(name) value=(choice.value) checked[choice.is_chosen]; span { (choice.words) } }
            }
            @if choices.is_empty() { span.quiet { (t(l, "broadcasts.campaigns.none")) } }
        }
    }
}

/// People one by one: those that are chosen, those that match, and the box to find more.
pub fn people(l: Locale, v: &ComposeView) -> Markup {
    let here = dom::broadcast_people();
    html! {
        div.mass-people id=(here.id()) role="group" aria-label=(t(l, "broadcasts.people")) {
            label.mass-ticks-name for="mass-q" { (t(l, "broadcasts.people")) }
            div.mass-find {
                input.form-control id="mass-q" type="search" name="q" value=(v.query) maxlength="100" autocomplete="off"
                    placeholder=(t(l, "search.placeholder")) hx-post=(paths::BROADCASTS_PEOPLE) hx-trigger="input changed delay:300ms"
                    hx-include="closest form" hx-target=(here.target()) hx-swap="outerMorph" hx-sync="this:replace";
                button.btn type="submit" name="step" value="search" formnovalidate { (t(l, "search.button")) }
            }
            @if !v.people.is_empty() {
                ul.mass-picks {
                    @for pick in &v.people {
                        li {
                            label.check {
                                input type="checkbox" name="person" value=(pick.person.id) checked[pick.is_chosen];
                                span { strong { (pick.person.name) } span.quiet { " · " (pick.person.role_word(l)) @if !pick.campaigns.is_empty() { " · " (pick.campaigns) } } }
                            }
                        }
                    }
                }
            }
            @if v.people.is_empty() && !v.query.is_empty() { p.quiet { (fill(l, "search.none", &[("query", &v.query)])) } }
            @if v.more { p.quiet { (t(l, "search.more")) } }
        }
    }
}

/// "Se enviará a N usuarios", with their names.
pub fn preview(l: Locale, v: &PreviewView) -> Markup {
    let more = v.count - i64::try_from(v.names.len()).unwrap_or(0);
    html! {
        div.mass-preview id=(dom::broadcast_preview().id()) aria-live="polite" {
            @if v.count == 0 { p.quiet { (ui::icon("users")) (t(l, "broadcasts.preview.none")) } }
            @else {
                details {
                    summary { (ui::icon("users")) (plural(l, "broadcasts.preview", v.count)) }
                    p.quiet {
                        (v.names.join(", "))
                        @if more > 0 { " " (plural(l, "broadcasts.preview.more", more)) }
                    }
                }
            }
        }
    }
}
