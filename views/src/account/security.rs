//! How one signs in: password, second factor, open sessions, recent sign-ins.

use maud::{Markup, html};

use super::{Tab, page};
use crate::paths;
use crate::text::{Locale, fill, plural, t};
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

/// A sign-in of the last month.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccessRow {
    /// When.
    pub at: TimeView,
    /// The client's address.
    pub ip: String,
    /// The browser, in words.
    pub agent: String,
}

/// What the security page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SecurityView {
    /// E-mail address, for password managers.
    pub email: String,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// What is wrong in the password form, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
    /// Whether the password was just changed.
    pub saved: bool,
    /// Since when there is a second factor.
    pub factor_since: Option<TimeView>,
    /// Recovery codes that are left.
    pub codes_left: i64,
    /// The sessions that are open.
    pub sessions: Vec<SessionRow>,
    /// Recent sign-ins, the newest first.
    pub accesses: Vec<AccessRow>,
}

/// The security page.
pub fn panel(l: Locale, v: &SecurityView) -> Markup {
    if v.must_change {
        return forced(l, v);
    }
    let content = html! {
        @if v.saved { (ui::notice(Tone::Success, t(l, "password.changed"))) }
        section aria-labelledby="account-password" {
            h2 id="account-password" { (t(l, "account.password")) }
            (password(l, v))
        }
        section aria-labelledby="account-factor" {
            h2 id="account-factor" { (t(l, "factor.title")) }
            (factor(l, v))
        }
        (crate::notices::card(l))
        section aria-labelledby="account-sessions" {
            h2 id="account-sessions" { (t(l, "account.sessions")) }
            (sessions(l, &v.sessions))
        }
        section aria-labelledby="account-accesses" {
            h2 id="account-accesses" { (t(l, "account.accesses")) }
            (accesses(l, &v.accesses))
        }
    };
    page(l, Tab::Security, content)
}

/// Alone on the screen: there is nothing else for the person until the password is their own.
fn forced(l: Locale, v: &SecurityView) -> Markup {
    html! {
        section.gate.gate-wide {
            h1 { (t(l, "account.password")) }
            (ui::notice(Tone::Warning, t(l, "account.must_change")))
            (password(l, v))
            form method="post" action=(paths::SIGN_OUT) {
                button.btn type="submit" { (t(l, "account.sign_out")) }
            }
        }
    }
}

/// The form that changes the password.
fn password(l: Locale, v: &SecurityView) -> Markup {
    let secret = |name, label_key, help_key, autocomplete| {
        let error_key = error_for(&v.errors, name);
        let kind = "password";
        let f = FieldView {
            name,
            label_key,
            kind,
            help_key,
            error_key,
            autocomplete,
            required: true,
            ..FieldView::default()
        };
        field(l, &f)
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

/// Whether there is a second factor, and the way to change that.
fn factor(l: Locale, v: &SecurityView) -> Markup {
    html! {
        div.account-line {
            @if let Some(since) = &v.factor_since {
                span.tag data-tone="success" { (ui::icon("check")) (t(l, "factor.on")) }
                span.quiet {
                    (fill(l, "factor.since", &[("when", &since.long)])) " · " (plural(l, "factor.left", v.codes_left))
                }
            } @else {
                span.tag { (t(l, "factor.off")) }
                span.quiet { (t(l, "factor.why")) }
            }
        }
        div.actions {
            a.btn href=(paths::TWO_FACTOR) {
                (t(l, if v.factor_since.is_some() { "factor.manage" } else { "factor.enable" }))
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

/// Recent sign-ins, to recognise, or not.
fn accesses(l: Locale, rows: &[AccessRow]) -> Markup {
    html! {
        p.field-help { (t(l, "account.accesses.help")) }
        table.plain-table {
            thead {
                tr {
                    th scope="col" { (t(l, "account.access.at")) }
                    th scope="col" { (t(l, "account.access.agent")) }
                    th.end scope="col" { (t(l, "account.access.ip")) }
                }
            }
            tbody {
                @for row in rows { tr { td { (row.at.long) } td { (row.agent) } td.end.num { (row.ip) } } }
            }
        }
    }
}
