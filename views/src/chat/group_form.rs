//! The form of a new group, and of who joins one: a search whose finds can be ticked.
//!
//! What is ticked stays in the form while one searches on: every answer of the search begins with it.

use maud::{Markup, html};

use crate::presence::PersonView;
use crate::text::{Locale, t};
use crate::ui::{self, FieldView, error_for};
use crate::{dom, paths};

/// A campaign that one may make groups in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Campaign {
    /// UUID.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A person that may be ticked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pick {
    /// The person.
    pub person: PersonView,
    /// Whether they are.
    pub is_chosen: bool,
}

/// What the form holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PickForm {
    /// The group that people join; none: a new one.
    pub group: Option<String>,
    /// Its title.
    pub title: String,
    /// Where a new group may be made.
    pub campaigns: Vec<Campaign>,
    /// The campaign that was chosen.
    pub campaign: String,
    /// What was typed to find people.
    pub query: String,
    /// Who is ticked, then who was found.
    pub picks: Vec<Pick>,
    /// Whether there are more than shown.
    pub more: bool,
    /// What is wrong: field and key.
    pub errors: Vec<(String, String)>,
    /// Makes sending twice do it once.
    pub key: String,
}

impl PickForm {
    /// Where the form is shown and sent.
    fn url(&self) -> String {
        self.group.as_deref().map_or_else(|| paths::GROUP_NEW.to_owned(), paths::group_people)
    }
}

/// The panel of the form.
pub fn pick_panel(l: Locale, f: &PickForm) -> Markup {
    let url = f.url();
    let back = f.group.as_deref().map_or_else(|| paths::CHAT.to_owned(), paths::conversation);
    let title = if f.group.is_some() { t(l, "chat.group.add") } else { t(l, "chat.group.new") };
    html! {
        div.pick {
            header.talk-head {
                a.icon-btn.talk-back href=(back) aria-label=(t(l, "chat.back")) { (ui::icon("arrow-left")) }
                div.who { h1.clip { (title) } @if f.group.is_some() { span.quiet.clip { (f.title) } } }
            }
            form.pick-form method="post" action=(url) data-pick {
                input type="hidden" name="key" value=(f.key);
                @if f.group.is_none() {
                    (ui::field(l, &FieldView {
                        name: "title", label_key: "chat.group.title", kind: "text", value: &f.title,
                        error_key: error_for(&f.errors, "title"), required: true, ..FieldView::default()
                    }))
                    (campaign_field(l, f, &url))
                }
                div.field {
                    label.form-label for="f-q" { (t(l, "chat.group.people_label")) }
                    input.form-control id="f-q" type="search" name="q" value=(f.query) maxlength="100" autocomplete="off"
                        placeholder=(t(l, "chat.group.search")) hx-get=(url) hx-trigger="input changed delay:300ms"
                        hx-include="closest form" hx-target=(dom::picks().target()) hx-swap="outerHTML" hx-sync="this:replace";
                    noscript { button.btn.btn-sm type="submit" formmethod="get" formaction=(url) { (t(l, "search.button")) } }
                    @if let Some(key) = error_for(&f.errors, "people") { p.field-error role="alert" { (t(l, key)) } }
                }
                (pick_list(l, f))
                div.pick-end {
                    (ui::submit(if f.group.is_some() { t(l, "chat.group.add") } else { t(l, "chat.group.create") }))
                    a.btn href=(back) { (t(l, "chat.group.cancel")) }
                }
            }
        }
    }
}

/// The campaign of a new group; with one there is nothing to choose.
fn campaign_field(l: Locale, f: &PickForm, url: &str) -> Markup {
    html! {
        div.field {
            label.form-label for="f-campaign" { (t(l, "chat.group.campaign")) }
            select.form-select id="f-campaign" name="campaign" hx-get=(url) hx-trigger="change" hx-include="closest form"
                hx-target=(dom::picks().target()) hx-swap="outerHTML" {
                @for c in &f.campaigns { option value=(c.id) selected[c.id == f.campaign] { (c.name) } }
            }
            @if let Some(key) = error_for(&f.errors, "campaign") { p.field-error role="alert" { (t(l, key)) } }
        }
    }
}

/// Who is ticked and who was found, as the answer to typing.
pub fn pick_list(l: Locale, f: &PickForm) -> Markup {
    html! {
        div.results id=(dom::picks().id()) aria-live="polite" {
            @if f.picks.is_empty() { (ui::empty("user-search", t(l, "chat.group.none"), None)) }
            ul.rows {
                @for pick in &f.picks {
                    li {
                        label.pick-row {
                            input.form-check-input type="checkbox" name="people" value=(pick.person.id) checked[pick.is_chosen];
                            (ui::avatar_with_dot(l, &pick.person))
                            span.row-main { strong.clip { (pick.person.name) } span.quiet.clip { (pick.person.role_word(l)) } }
                        }
                    }
                }
            }
            @if f.more { p.quiet { (t(l, "search.more")) } }
        }
    }
}
