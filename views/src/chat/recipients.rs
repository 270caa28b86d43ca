//! The choice of a person to write to.

use maud::{Markup, html};

use crate::presence::PersonView;
use crate::text::{Locale, fill, t};
use crate::{dom, paths, ui};

/// A person one may write to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Recipient {
    /// The person.
    pub person: PersonView,
    /// Names of their campaigns, in one line.
    pub campaigns: String,
}

/// What the choice shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RecipientsView {
    /// What was typed.
    pub query: String,
    /// The people that match.
    pub people: Vec<Recipient>,
    /// Whether there are more than shown.
    pub more: bool,
}

/// The panel with its search box.
pub(super) fn panel(l: Locale, v: &RecipientsView) -> Markup {
    let list = dom::recipients();
    html! {
        div.pick {
            header.talk-head {
                a.icon-btn.talk-back href=(paths::CHAT) aria-label=(t(l, "chat.back")) { (ui::icon("arrow-left")) }
                h1 { (t(l, "chat.new")) }
            }
            form.search-form action=(paths::CHAT_NEW) method="get" {
                label.visually-hidden for="recipient" { (t(l, "chat.recipient")) }
                input.form-control id="recipient" type="search" name="q" value=(v.query) maxlength="100" autocomplete="off"
                    placeholder=(t(l, "chat.recipient")) hx-get=(paths::CHAT_NEW) hx-trigger="input changed delay:300ms"
                    hx-target=(list.target()) hx-swap="outerHTML" hx-sync="this:replace";
                (ui::submit(t(l, "search.button")))
            }
            (recipients(l, v))
        }
    }
}

/// The people that match, as the answer to typing.
pub fn recipients(l: Locale, v: &RecipientsView) -> Markup {
    html! {
        div.results id=(dom::recipients().id()) aria-live="polite" {
            @if v.people.is_empty() {
                @if v.query.is_empty() { (ui::empty("users", t(l, "chat.recipients.none"), None)) }
                @else { (ui::empty("user-search", &fill(l, "search.none", &[("query", &v.query)]), Some((paths::CHAT_NEW, t(l, "search.clear"))))) }
            }
            ul.rows { @for r in &v.people { (recipient_item(l, r)) } }
            @if v.more { p.quiet { (t(l, "search.more")) } }
        }
    }
}

/// A person with the button that opens the conversation.
pub fn recipient_item(l: Locale, r: &Recipient) -> Markup {
    let write = fill(l, "chat.write_to", &[("name", &r.person.name)]);
    html! {
        li {
            (ui::avatar_with_dot(l, &r.person))
            div.row-main {
                strong.clip { (r.person.name) }
                span.quiet.clip { (r.person.role_word(l)) @if !r.campaigns.is_empty() { " · " (r.campaigns) } }
            }
            form method="post" action=(paths::direct()) {
                input type="hidden" name="user_id" value=(r.person.id);
                button.btn.btn-sm type="submit" aria-label=(write) { (ui::icon("message")) (t(l, "chat.write")) }
            }
        }
    }
}
