//! The rail: where one can go. A bottom bar on narrow screens.

use maud::{Markup, html};

use super::Nav;
use crate::chat::unread_badge;
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

/// The rail, with the open page marked; after navigation a script moves the mark. It shows what the person may use.
pub(super) fn rail(l: Locale, open: Nav, unread: i64, can: &[&str]) -> Markup {
    let item = |nav: Nav, href: &str, key: &str, icon: &str, words: &str, badge: Option<Markup>| {
        html! {
            li {
                a href=(href) data-nav=(nav.code()) data-go=(key) aria-current=[(open == nav).then_some("page")] {
                    (ui::icon(icon))
                    span.rail-word { (words) }
                    @if let Some(badge) = badge { (badge) }
                }
            }
        }
    };
    html! {
        nav.rail aria-label=(t(l, "shell.nav")) {
            ul {
                (item(Nav::Home, paths::HOME, "h", "home", t(l, "nav.home"), None))
                (item(Nav::Chat, paths::CHAT, "c", "messages", t(l, "nav.chat"), Some(unread_badge(l, &dom::unread_rail(), unread, false))))
                @if can.contains(&"ChatBroadcast") {
                    (item(Nav::Broadcasts, paths::BROADCASTS, "m", "speakerphone", t(l, "nav.broadcasts"), None))
                }
                (item(Nav::Tickets, paths::TICKETS, "t", "ticket", t(l, "nav.tickets"), None))
                (item(Nav::Search, paths::SEARCH, "b", "user-search", t(l, "nav.search"), None))
                @if can.contains(&"ManagePeople") {
                    (item(Nav::People, paths::PEOPLE, "p", "settings", t(l, "nav.people"), None))
                }
                (item(Nav::Account, paths::ACCOUNT, "u", "user", t(l, "nav.account"), None))
            }
        }
    }
}
