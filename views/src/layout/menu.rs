//! The menus of the top bar and the list of keys.

use maud::{Markup, html};

use super::{Density, ShellView, Theme};
use crate::presence::{AgentStateView, BREAKS, Presence};
use crate::text::{Locale, t};
use crate::time::time;
use crate::{dom, paths, ui};

/// One's own state and the menu that changes it. Being away is noticed, not chosen.
pub fn agent_state(l: Locale, state: &AgentStateView) -> Markup {
    let me = dom::agent_state();
    let reason = state.reason.as_deref().filter(|_| state.presence == Presence::Break);
    let word = reason.map_or(state.presence.word(l), |code| break_word(l, code));
    let choice = |presence: Presence| {
        html! {
            button.menu-item type="submit" name="state" value=(presence.code())
                aria-pressed=(if state.presence == presence { "true" } else { "false" }) {
                span.dot data-state=(presence.code()) aria-hidden="true" {}
                (presence.word(l))
                @if state.presence == presence { (ui::icon("check")) }
            }
        }
    };
    html! {
        details.menu.state id=(me.id()) data-menu {
            summary.menu-button title=(state.since.long) {
                span.dot data-state=(state.presence.code()) aria-hidden="true" {}
                span.visually-hidden { (t(l, "state.label")) ": " }
                span.clip { (word) }
                @if !state.since.text.is_empty() { span.state-since.num { (time(&state.since)) } }
                (ui::icon("chevron-down"))
            }
            div.menu-panel {
                form method="post" action=(paths::AGENT_STATE) hx-post=(paths::AGENT_STATE) hx-swap="none" {
                    p.menu-title { (t(l, "state.label")) }
                    (choice(Presence::Available))
                    (choice(Presence::OnCall))
                }
                form method="post" action=(paths::AGENT_STATE) hx-post=(paths::AGENT_STATE) hx-swap="none" {
                    p.menu-title { (t(l, "state.break")) }
                    input type="hidden" name="state" value=(Presence::Break.code());
                    @for code in BREAKS {
                        button.menu-item type="submit" name="reason" value=(code)
                            aria-pressed=(if reason == Some(code) { "true" } else { "false" }) {
                            span.dot data-state=(Presence::Break.code()) aria-hidden="true" {}
                            (break_word(l, code))
                            @if reason == Some(code) { (ui::icon("check")) }
                        }
                    }
                }
            }
        }
    }
}

/// The word for the reason of a pause.
fn break_word(l: Locale, code: &str) -> &'static str {
    t(l, &format!("break.{code}"))
}

/// Who is signed in, look and sign-out.
pub(super) fn account(shell: &ShellView) -> Markup {
    let l = shell.look.locale;
    html! {
        details.menu.top-me id=(dom::me().id()) data-menu {
            summary.menu-button {
                (ui::avatar(&shell.me))
                span.visually-hidden { (t(l, "account.menu")) ": " (shell.me.name) }
            }
            div.menu-panel.menu-end {
                p.menu-who { strong.clip { (shell.me.name) } span.clip { (shell.email) } span { (shell.me.role_word(l)) } }
                a.menu-item href=(paths::ACCOUNT) { (ui::icon("user")) (t(l, "nav.account")) }
                (look_choice(l, "account.theme", "theme", shell, &Theme::ALL.map(|x| (x.code(), t(l, theme_key(x)), shell.look.theme == x))))
                (look_choice(l, "account.locale", "locale", shell, &Locale::ALL.map(|x| (x.code(), locale_word(x), l == x))))
                form.menu-last method="post" action=(paths::SIGN_OUT) hx-boost="false" {
                    button.menu-item type="submit" { (ui::icon("logout")) (t(l, "account.sign_out")) }
                }
            }
        }
    }
}

/// A row of buttons that change one part of the look; what is not chosen goes along unchanged.
fn look_choice(l: Locale, title: &str, name: &str, shell: &ShellView, choices: &[(&str, &str, bool)]) -> Markup {
    let look = shell.look;
    let all = [("locale", look.locale.code()), ("theme", look.theme.code()), ("density", look.density.code())];
    html! {
        form.menu-look method="post" action=(paths::LOOK) {
            p.menu-title { (t(l, title)) }
            @for (other, code) in all { @if other != name { input type="hidden" name=(other) value=(code); } }
            input type="hidden" name="next" value="";
            div.choices {
                @for (code, word, chosen) in choices {
                    button.choice type="submit" name=(name) value=(code) aria-pressed=(if *chosen { "true" } else { "false" }) { (word) }
                }
            }
        }
    }
}

/// The key of a theme's name.
pub(crate) fn theme_key(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "theme.auto",
        Theme::Light => "theme.light",
        Theme::Dark => "theme.dark",
    }
}

/// The key of a density's name.
pub(crate) fn density_key(density: Density) -> &'static str {
    match density {
        Density::Compact => "density.compact",
        Density::Comfortable => "density.comfortable",
    }
}

/// A language by its own name.
pub(crate) fn locale_word(locale: Locale) -> &'static str {
    match locale {
        Locale::Es => "Español",
        Locale::En => "English",
    }
}

/// The keys that work on every page.
pub(super) fn keys(l: Locale) -> Markup {
    let rows: [(&[&str], &str); 17] = [
        (&["/"], "keys.search"),
        (&["g", "h"], "keys.home"),
        (&["g", "c"], "keys.chat"),
        (&["g", "t"], "keys.tickets"),
        (&["g", "b"], "keys.people"),
        (&["g", "u"], "keys.account"),
        (&["g", "n"], "keys.new"),
        (&["↑", "↓"], "keys.walk"),
        (&["j", "k"], "keys.ticket.walk"),
        (&["x"], "keys.ticket.tick"),
        (&["a"], "keys.ticket.assign"),
        (&["s"], "keys.ticket.state"),
        (&["r"], "keys.ticket.reply"),
        (&["Enter"], "keys.send"),
        (&["Shift", "Enter"], "keys.line"),
        (&["?"], "keys.help"),
        (&["Esc"], "keys.close"),
    ];
    html! {
        dialog.sheet id="keys" aria-labelledby="keys-title" {
            form.sheet-head method="dialog" {
                h2 id="keys-title" { (t(l, "keys.title")) }
                button.icon-btn type="submit" aria-label=(t(l, "shell.close")) { (ui::icon("x")) }
            }
            dl.keys {
                @for (keys, what) in rows {
                    div {
                        dt { @for key in keys { kbd { (key) } " " } }
                        dd { (t(l, what)) }
                    }
                }
            }
        }
    }
}
