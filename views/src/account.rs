//! One's own account: who one is, password, look, sessions.

use maud::{Markup, html};

use crate::layout::{self, Density, Look, Theme};
use crate::paths;
use crate::text::{Locale, t};
use crate::time::{TimeView, time};
use crate::ui::{self, FieldView, Tone, error_for, field};

/// A session as the list shows it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SessionRow {
    /// Its id in addresses.
    pub id: String,
    /// The client's address.
    pub ip: String,
    /// The browser, in words.
    pub agent: String,
    /// When it began.
    pub created: TimeView,
    /// When it was last used.
    pub seen: TimeView,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// What the account page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountView {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Code of the role.
    pub role: String,
    /// Names of the campaigns.
    pub campaigns: Vec<String>,
    /// Language, theme, density.
    pub look: Look,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// What is wrong in the password form, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// Whether the password was just changed.
    pub saved: bool,
    /// The sessions that are open.
    pub sessions: Vec<SessionRow>,
}

/// The account page.
pub fn panel(l: Locale, v: &AccountView) -> Markup {
    html! {
        header.page-head { h1 { (t(l, "account.title")) } }
        div.account {
            @if v.must_change { (ui::notice(Tone::Warning, t(l, "account.must_change"))) }
            @if v.saved { (ui::notice(Tone::Success, t(l, "password.changed"))) }
            section aria-labelledby="account-who" {
                h2 id="account-who" { (t(l, "account.who")) }
                dl.facts {
                    dt { (t(l, "account.name")) } dd { (v.name) }
                    dt { (t(l, "account.email")) } dd { (v.email) }
                    dt { (t(l, "account.role")) } dd { (t(l, &format!("role.{}", v.role))) }
                    dt { (t(l, "account.campaigns")) }
                    dd { @if v.campaigns.is_empty() { "–" } @else { (v.campaigns.join(", ")) } }
                }
            }
            section aria-labelledby="account-password" {
                h2 id="account-password" { (t(l, "account.password")) }
                (password(l, v))
            }
            section aria-labelledby="account-look" {
                h2 id="account-look" { (t(l, "account.look")) }
                (look(l, v.look))
            }
            section aria-labelledby="account-sessions" {
                h2 id="account-sessions" { (t(l, "account.sessions")) }
                (sessions(l, &v.sessions))
            }
        }
    }
}

/// The form that changes the password.
fn password(l: Locale, v: &AccountView) -> Markup {
    let secret = |name, label_key, help_key, autocomplete| {
        field(
            l,
            &FieldView {
                name,
                label_key,
                kind: "password",
                help_key,
                error_key: error_for(&v.errors, name),
                autocomplete,
                required: true,
                ..FieldView::default()
            },
        )
    };
    html! {
        form.stack method="post" action=(paths::PASSWORD) {
            // Password managers look for the account that the new password belongs to.
            input type="hidden" name="username" autocomplete="username" value=(v.email);
            (secret("current", "password.current", None, "current-password"))
            (secret("password", "password.new", Some("password.help"), "new-password"))
            (secret("password_again", "password.again", None, "new-password"))
            div.actions { (ui::submit(t(l, "password.button"))) }
        }
    }
}

/// The form that changes language, theme and density.
fn look(l: Locale, look: Look) -> Markup {
    let themes = Theme::ALL.map(|x| (x.code(), t(l, layout::theme_key(x)), x == look.theme));
    let densities = Density::ALL.map(|x| (x.code(), t(l, layout::density_key(x)), x == look.density));
    let locales = Locale::ALL.map(|x| (x.code(), layout::locale_word(x), x == look.locale));
    html! {
        form.stack method="post" action=(paths::LOOK) {
            input type="hidden" name="next" value=(paths::ACCOUNT);
            (radios(t(l, "account.locale"), "locale", &locales))
            (radios(t(l, "account.theme"), "theme", &themes))
            (radios(t(l, "account.density"), "density", &densities))
            div.actions { (ui::submit(t(l, "account.look.button"))) }
        }
    }
}

/// A row of choices of which one holds.
fn radios(title: &str, name: &str, choices: &[(&str, &str, bool)]) -> Markup {
    html! {
        fieldset.radios {
            legend.form-label { (title) }
            div.choices {
                @for (code, word, chosen) in choices {
                    label.choice { input type="radio" name=(name) value=(code) checked[*chosen]; span { (word) } }
                }
            }
        }
    }
}

/// The open sessions, each with the button that ends it.
fn sessions(l: Locale, rows: &[SessionRow]) -> Markup {
    html! {
        ul.rows {
            @for row in rows {
                li {
                    (ui::icon("device-laptop"))
                    div.row-main {
                        strong.clip { (row.agent) }
                        span.quiet {
                            span.num { (row.ip) } " · " (t(l, "account.session.since")) " " (time(&row.created))
                            " · " (t(l, "account.session.seen")) " " (time(&row.seen))
                        }
                    }
                    @if row.current { span.tag data-tone="success" { (ui::icon("check")) (t(l, "account.session.current")) } }
                    @else {
                        form method="post" action=(paths::session(&row.id)) {
                            button.btn.btn-sm type="submit" { (t(l, "account.session.end")) }
                        }
                    }
                }
            }
        }
        @if rows.iter().any(|row| !row.current) {
            form.actions method="post" action=(paths::SESSIONS) {
                button.btn type="submit" { (t(l, "account.sessions.end")) }
            }
        }
    }
}
