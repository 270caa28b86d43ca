//! The top bar: brand, campaigns, search, connection, state, unread, help, account.

use maud::{Markup, html};

use super::{ShellView, menu};
use crate::chat::unread_badge;
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

/// The bar over everything.
pub(super) fn bar(shell: &ShellView) -> Markup {
    let l = shell.look.locale;
    html! {
        header.top {
            a.brand href=(paths::HOME) { (ui::icon("crea")) span.visually-hidden { (t(l, "shell.brand")) } }
            (campaigns(l, &shell.campaigns))
            (search(l, &shell.query))
            (super::connection(l))
            div.top-end {
                (menu::agent_state(l, &shell.state))
                a.icon-btn.top-unread href=(paths::CHAT) {
                    (ui::icon("mail"))
                    span.visually-hidden { (t(l, "shell.unread")) }
                    (unread_badge(l, &dom::unread_total(), shell.unread_total, false))
                }
                a.icon-btn href=(paths::ALARMS) data-nav=(super::Nav::Alarms.code()) aria-label=(t(l, "alarms.title")) title=(t(l, "alarms.title")) { (ui::icon("bell")) }
                button.icon-btn.top-keys type="button" data-open-dialog="keys" aria-haspopup="dialog" aria-label=(t(l, "keys.title"))
                    title=(t(l, "keys.title")) { (ui::icon("help")) }
                (menu::account(shell))
            }
        }
    }
}

/// The first campaign by name and how many more; all of them in a list.
fn campaigns(l: Locale, names: &[String]) -> Markup {
    html! {
        @if let [one] = names { span.top-campaign title=(one) { span.clip { (one) } } }
        @else if let [first, rest @ ..] = names {
            details.menu.top-campaign data-menu {
                summary.menu-button {
                    span.visually-hidden { (t(l, "shell.campaigns")) ": " }
                    span.clip { (first) } span.num { "+" (rest.len()) } (ui::icon("chevron-down"))
                }
                div.menu-panel {
                    p.menu-title { (t(l, "shell.campaigns")) }
                    ul.menu-list { @for name in names { li { (name) } } }
                }
            }
        }
    }
}

/// Search: a plain form that also answers while typing.
fn search(l: Locale, query: &str) -> Markup {
    let main = dom::main().target();
    html! {
        form.top-search role="search" action=(paths::SEARCH) method="get" {
            label.visually-hidden for="search" { (t(l, "search.label")) }
            (ui::icon("search"))
            input.form-control id="search" type="search" name="q" value=(query) placeholder=(t(l, "search.placeholder"))
                autocomplete="off" maxlength="100" data-search hx-get=(paths::SEARCH) hx-trigger="input changed delay:300ms"
                hx-target=(main) hx-select=(main) hx-swap="outerHTML" hx-push-url="true" hx-sync="this:replace";
            kbd aria-hidden="true" { "/" }
        }
    }
}
