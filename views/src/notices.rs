//! Notices of new messages: the choices of a device, and the toast.

use maud::{Markup, html};

use crate::text::{Locale, t};
use crate::ui;

/// The choices, kept by this browser alone; hidden where no script runs.
pub fn card(l: Locale) -> Markup {
    let choice = |name: &str, key: &str| {
        html! { label.check { input type="checkbox" name=(name) autocomplete="off"; span { (t(l, key)) } } }
    };
    html! {
        section aria-labelledby="account-notices" data-notices hidden {
            h2 id="account-notices" { (t(l, "notices.title")) }
            div.stack {
                p.quiet { (t(l, "notices.help")) }
                (choice("system", "notices.system"))
                p.quiet role="status" {
                    span data-when="denied" hidden { (t(l, "notices.denied")) }
                    span data-when="none" hidden { (t(l, "notices.none")) }
                }
                (choice("sound", "notices.sound"))
                label.notices-volume { span { (t(l, "notices.volume")) } input type="range" name="volume" min="10" max="100" step="10" autocomplete="off"; }
                (choice("calls", "notices.calls"))
                div.actions {
                    button.btn type="button" data-notices-test data-name=(t(l, "notices.test.name")) data-line=(t(l, "notices.test.line")) {
                        (t(l, "notices.test"))
                    }
                }
            }
        }
    }
}

/// The toast of a message, to be filled by a script: who, what, and the way there.
pub(crate) fn toast_template(l: Locale) -> Markup {
    html! {
        template id="notice-template" {
            div.notice data-toast data-tone="info" {
                (ui::icon("message-circle"))
                a.notice-link { strong.clip {} span.clip {} }
                button.icon-btn type="button" data-toast-close aria-label=(t(l, "toast.close")) { (ui::icon("x")) }
            }
        }
    }
}
