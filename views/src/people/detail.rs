//! One user: data, state with its actions, sessions, what happened.

use maud::{Markup, html};

use super::form::{UserForm, fields};
use super::{AccountState, state_tag};
use crate::admin::{AdminTab, tabs};
use crate::paths;
use crate::presence::PersonView;
use crate::text::{Locale, exists, fill, t};
use crate::time::{TimeView, day_or_time, time};
use crate::ui::{self, Tone};

/// A user's page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UserPage {
    /// Who, with the dot.
    pub person: PersonView,
    /// Where the account stands.
    pub state: AccountState,
    /// Whether the invitation's link is no longer valid.
    pub is_expired: bool,
    /// When they last signed in.
    pub signed_in: Option<TimeView>,
    /// Whether signing in asks for a second factor.
    pub has_factor: bool,
    /// The form with the data.
    pub form: UserForm,
    /// What the reader may do here.
    pub may: UserMay,
    /// What somebody else stored meanwhile: label, theirs, ours.
    pub conflict: Vec<(String, String, String)>,
    /// Key of what was just done.
    pub done_key: Option<&'static str>,
    /// A link that is shown once.
    pub link: Option<LinkView>,
    /// Open sessions.
    pub sessions: Vec<OpenSession>,
    /// What happened, the newest first.
    pub history: Vec<HistoryItem>,
}

/// What the reader may do with a user. The server checks again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct UserMay {
    /// Change anything at all: superusers are for superusers.
    pub change: bool,
    /// Take role and account away: not from oneself.
    pub take_away: bool,
}

/// A link that is shown once, since mail could not carry it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LinkView {
    /// The link.
    pub url: String,
    /// Key of the sentence that says what it is for.
    pub text_key: &'static str,
}

/// An open session.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OpenSession {
    /// Its public id.
    pub id: String,
    /// Address of the client.
    pub ip: String,
    /// The browser, in words.
    pub agent: String,
    /// When it was last used.
    pub seen: TimeView,
}

/// Something that happened to an account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HistoryItem {
    /// When.
    pub at: TimeView,
    /// Who did it; empty for a command on the machine.
    pub actor: String,
    /// Its code: `user.disable`.
    pub action: String,
    /// Field, former and new value.
    pub changes: Vec<(String, String, String)>,
}

/// The page.
pub fn panel(l: Locale, v: &UserPage) -> Markup {
    html! {
        (tabs(l, AdminTab::People))
        header.page-head {
            a.icon-btn href=(paths::PEOPLE) aria-label=(t(l, "people.back")) { (ui::icon("arrow-left")) }
            (ui::avatar_with_dot(l, &v.person))
            h1 { (v.person.name) }
            (state_tag(l, v.state))
            @if v.is_expired { span.quiet { (t(l, "people.invitation.expired")) } }
        }
        @if let Some(key) = v.done_key { (ui::notice(Tone::Success, t(l, key))) }
        @if let Some(link) = &v.link { (link_once(l, link)) }
        @if !v.may.change { (ui::notice(Tone::Info, t(l, "people.error.superuser"))) }
        div.record {
            div.record-main {
                section aria-labelledby="user-data" { h2 id="user-data" { (t(l, "people.data")) } (form(l, v)) }
                section aria-labelledby="user-history" { h2 id="user-history" { (t(l, "people.history")) } (history(l, &v.history)) }
            }
            div.record-side {
                section aria-labelledby="user-access" { h2 id="user-access" { (t(l, "people.access")) } (access(l, v)) }
                section aria-labelledby="user-sessions" { h2 id="user-sessions" { (t(l, "people.sessions")) } (sessions(l, v)) }
            }
        }
    }
}

/// A link that is shown once: it opens an account, so nobody can look it up later.
pub(super) fn link_once(l: Locale, link: &LinkView) -> Markup {
    html! {
        section.link-once aria-label=(t(l, "people.link")) {
            p { (ui::icon("key")) strong { (t(l, link.text_key)) } }
            div.search-form {
                label.visually-hidden for="link-once" { (t(l, "people.link")) }
                input.form-control id="link-once" type="text" readonly value=(link.url);
                button.btn type="button" data-copy="link-once" data-copied=(t(l, "people.link.copied")) { (ui::icon("copy")) span { (t(l, "people.link.copy")) } }
            }
            p.field-help { (t(l, "people.link.once")) }
        }
    }
}

fn form(l: Locale, v: &UserPage) -> Markup {
    html! {
        @if !v.conflict.is_empty() { (ui::conflict(l, &v.conflict, &paths::user(&v.person.id))) }
        @if v.form.errors.iter().any(|(field, _)| field.is_empty()) {
            @for (_, key) in v.form.errors.iter().filter(|(field, _)| field.is_empty()) { (ui::notice(Tone::Danger, t(l, key))) }
        }
        form.stack method="post" action=(paths::user(&v.person.id)) hx-status:409="push:false" {
            fieldset.plain disabled[!v.may.change] { (fields(l, &v.form)) }
            @if v.may.change { div.actions { (ui::submit(t(l, "people.save"))) } }
        }
    }
}

/// The state and what can be done about it. What takes something away is asked twice, without a script too.
fn access(l: Locale, v: &UserPage) -> Markup {
    let id = &v.person.id;
    html! {
        dl.facts {
            dt { (t(l, "people.signed_in")) }
            dd { @match &v.signed_in { Some(at) => (day_or_time(at)), None => (t(l, "people.never")) } }
            dt { (t(l, "factor.title")) }
            dd { (t(l, if v.has_factor { "people.factor.on" } else { "people.factor.off" })) }
        }
        @if v.may.change {
            div.record-actions {
                @if v.state == AccountState::Locked { (plain(&paths::user_lock(id), "lock-open", t(l, "people.unlock"))) }
                @if v.may.take_away && matches!(v.state, AccountState::Active | AccountState::Locked) {
                    (asked(&paths::user_reset(id), ("key", t(l, "people.reset")), t(l, "people.reset.ask"), t(l, "people.reset"), &[]))
                    (asked(&paths::user_state(id), ("ban", t(l, "people.disable")), t(l, "people.disable.ask"), t(l, "people.disable"), &[("active", "0")]))
                }
                @if v.has_factor && v.may.take_away {
                    (asked(&paths::reset_factor(id), ("lock-open", t(l, "people.factor")), t(l, "people.factor.ask"), t(l, "people.factor"), &[]))
                }
                @if v.state == AccountState::Invited {
                    (plain(&paths::user_invitation(id), "mail", t(l, "people.invite.again")))
                    (asked(&paths::user_invitation(id), ("ban", t(l, "people.invite.revoke")), t(l, "people.invite.revoke.ask"), t(l, "people.invite.revoke"), &[("revoke", "1")]))
                }
                @if v.state == AccountState::Inactive {
                    form method="post" action=(paths::user_state(id)) {
                        input type="hidden" name="active" value="1";
                        button.btn type="submit" { (ui::icon("circle-check")) (t(l, "people.enable")) }
                    }
                }
            }
        }
    }
}

fn plain(action: &str, icon: &str, words: &str) -> Markup {
    html! { form method="post" action=(action) hx-push-url="false" { button.btn type="submit" { (ui::icon(icon)) (words) } } }
}

/// A button behind a sentence that says what it does.
fn asked(action: &str, (icon, words): (&str, &str), ask: &str, go: &str, fields: &[(&str, &str)]) -> Markup {
    html! {
        details.ask {
            summary.btn { (ui::icon(icon)) (words) }
            form method="post" action=(action) hx-push-url="false" {
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                p { (ask) }
                button.btn.btn-danger type="submit" { (go) }
            }
        }
    }
}

fn sessions(l: Locale, v: &UserPage) -> Markup {
    let end = |session: &str, words: &str| {
        html! {
            form method="post" action=(paths::user_sessions(&v.person.id)) {
                input type="hidden" name="session" value=(session);
                button.btn.btn-sm type="submit" { (words) }
            }
        }
    };
    html! {
        @if v.sessions.is_empty() { p.quiet { (t(l, "people.sessions.none")) } }
        ul.rows {
            @for row in &v.sessions {
                li {
                    (ui::icon("device-laptop"))
                    div.row-main {
                        strong.clip { (row.agent) }
                        span.quiet { span.num { (row.ip) } " · " (t(l, "account.session.seen")) " " (time(&row.seen)) }
                    }
                    @if v.may.change { (end(&row.id, t(l, "account.session.end"))) }
                }
            }
        }
        @if v.may.change && v.sessions.len() > 1 { div.record-actions { (end("", t(l, "people.sessions.end"))) } }
    }
}

fn history(l: Locale, items: &[HistoryItem]) -> Markup {
    html! {
        @if items.is_empty() { p.quiet { (t(l, "people.history.none")) } }
        ol.timeline {
            @for item in items {
                @let key = format!("people.action.{}", item.action);
                li {
                    p {
                        strong { @if exists(&key) { (t(l, &key)) } @else { (item.action) } }
                        " " span.quiet {
                            @if item.actor.is_empty() { (t(l, "people.by_command")) } @else { (fill(l, "people.by", &[("name", &item.actor)])) }
                            " · " (day_or_time(&item.at))
                        }
                    }
                    @for (field, before, after) in &item.changes {
                        p.change { span.quiet { (field) ": " } @if !before.is_empty() { del { (before) } " → " } ins { @if after.is_empty() { "–" } @else { (after) } } }
                    }
                }
            }
        }
    }
}
