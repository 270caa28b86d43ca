//! One's own account: profile, security, appearance, each a page of its own under the same tabs.

mod look;
mod profile;
mod security;
mod two_factor;

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, t};

pub use look::panel as look;
pub use profile::{ProfileView, panel as profile};
pub use security::{AccessRow, SecurityView, SessionRow, panel as security};
pub use two_factor::{CodesView, Enrolment, QrView, TwoFactorView, codes, panel as two_factor};

/// The page that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Profile,
    Security,
    Look,
}

/// Title, tabs and the page under them.
fn page(l: Locale, open: Tab, content: Markup) -> Markup {
    let tabs = [
        (Tab::Profile, paths::ACCOUNT, "account.tab.profile"),
        (Tab::Security, paths::SECURITY, "account.tab.security"),
        (Tab::Look, paths::LOOK, "account.look"),
    ];
    html! {
        header.page-head { h1 { (t(l, "account.title")) } }
        nav.page-tabs aria-label=(t(l, "account.title")) {
            @for (tab, href, key) in tabs { a href=(href) aria-current=[(tab == open).then_some("page")] { (t(l, key)) } }
        }
        div.account { (content) }
    }
}
