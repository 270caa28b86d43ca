//! The second factor: switching it on, its recovery codes, switching it off.

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, fill, plural, t};
use crate::time::TimeView;
use crate::ui::{self, FieldView, Tone, error_for, field};

/// A square picture of dark modules, as a path for SVG: no image, no style, nothing to be refused by the policy.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct QrView {
    /// Modules along a side, the quiet zone included.
    pub side: usize,
    /// `M4 4h1v1h-1z…`.
    pub path: String,
}

/// What an enrolment under way shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Enrolment {
    /// The secret for cameras.
    pub qr: QrView,
    /// The secret for typing.
    pub key: String,
}

/// What the page of the second factor shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TwoFactorView {
    /// Since when there is one.
    pub since: Option<TimeView>,
    /// Recovery codes that are left.
    pub codes_left: i64,
    /// The enrolment under way.
    pub enrolment: Option<Enrolment>,
    /// Whether the person's role must have one.
    pub is_required: bool,
    /// Whether there is nothing else for this person until it is done.
    pub is_forced: bool,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
}

/// Recovery codes, shown once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CodesView {
    /// As people type them.
    pub codes: Vec<String>,
    /// Where to go on.
    pub next: String,
}

/// The page of the second factor. Alone on the screen while it is forced, a page like others otherwise.
pub fn panel(l: Locale, v: &TwoFactorView) -> Markup {
    frame(
        v.is_forced,
        html! {
            h1 { (t(l, "factor.title")) }
            @if v.is_forced { (ui::notice(Tone::Warning, t(l, "factor.forced"))) }
            @if v.since.is_some() { (manage(l, v)) }
            @else if let Some(enrolment) = &v.enrolment { (enrol(l, v, enrolment)) }
            @else { (begin(l, v)) }
            @if !v.is_forced { p { a href=(paths::SECURITY) { (t(l, "factor.back")) } } }
            @else {
                form method="post" action=(paths::SIGN_OUT) {
                    button.btn type="submit" { (t(l, "account.sign_out")) }
                }
            }
        },
    )
}

/// The page that shows recovery codes, which is drawn once.
pub fn codes(l: Locale, is_forced: bool, v: &CodesView) -> Markup {
    frame(
        is_forced,
        html! {
            h1 { (t(l, "factor.codes")) }
            (ui::notice(Tone::Success, t(l, "factor.codes.intro")))
            ol.recovery-codes { @for code in &v.codes { li { code { (code) } } } }
            p.field-help { (t(l, "factor.codes.help")) }
            div.actions { a.btn.btn-primary href=(v.next) { (t(l, "factor.codes.button")) } }
        },
    )
}

fn frame(is_forced: bool, content: Markup) -> Markup {
    if is_forced {
        return html! { section.gate.gate-wide { (content) } };
    }
    html! { section.account.two-factor { (content) } }
}

/// What it is, and the form that begins.
fn begin(l: Locale, v: &TwoFactorView) -> Markup {
    html! {
        p.lead { (t(l, "factor.intro")) }
        form.stack method="post" action=(paths::TWO_FACTOR) {
            (current(l, v))
            div.actions { (ui::submit(t(l, "factor.begin"))) }
        }
    }
}

/// The password of who sits there.
fn current(l: Locale, v: &TwoFactorView) -> Markup {
    let f = FieldView {
        name: "current",
        label_key: "password.current",
        kind: "password",
        error_key: error_for(&v.errors, "current"),
        autocomplete: "current-password",
        required: true,
        ..FieldView::default()
    };
    field(l, &f)
}

/// Picture, key, and the code that proves that they arrived.
fn enrol(l: Locale, v: &TwoFactorView, enrolment: &Enrolment) -> Markup {
    let qr = &enrolment.qr;
    html! {
        p { (t(l, "factor.scan")) }
        svg.qr viewBox=(format!("0 0 {0} {0}", qr.side)) role="img" aria-label=(t(l, "factor.qr")) shape-rendering="crispEdges" {
            rect width=(qr.side) height=(qr.side) fill="#fff" {}
            path d=(qr.path) fill="#000" {}
        }
        p.field-help { (t(l, "factor.key")) }
        p { code.factor-key { (enrolment.key) } }
        form.stack method="post" action=(paths::RECOVERY_CODES) {
            (code(l, v, "factor.code", Some("factor.code.help")))
            div.actions { (ui::submit(t(l, "factor.confirm"))) }
        }
        form.stack method="post" action=(paths::TWO_FACTOR) {
            (current(l, v))
            div.actions { button.btn.btn-sm type="submit" { (t(l, "factor.anew")) } }
        }
    }
}

/// What one may do with a factor that is on.
fn manage(l: Locale, v: &TwoFactorView) -> Markup {
    let since = v.since.clone().unwrap_or_default();
    html! {
        div.account-line {
            span.tag data-tone="success" { (ui::icon("check")) (t(l, "factor.on")) }
            span.quiet { (fill(l, "factor.since", &[("when", &since.long)])) " · " (plural(l, "factor.left", v.codes_left)) }
        }
        section aria-labelledby="factor-codes" {
            h2 id="factor-codes" { (t(l, "factor.codes")) }
            form.stack method="post" action=(paths::RECOVERY_CODES) {
                p.field-help { (t(l, "factor.renew.help")) }
                (code(l, v, "factor.code", None))
                div.actions { button.btn type="submit" { (t(l, "factor.renew")) } }
            }
        }
        section aria-labelledby="factor-off" {
            h2 id="factor-off" { (t(l, "factor.disable")) }
            @if v.is_required { p.field-help { (t(l, "factor.required")) } }
            @else {
                form.stack method="post" action=(paths::DISABLE_FACTOR) {
                    (current(l, v))
                    (field(l, &FieldView { name: "last_code", label_key: "factor.code", kind: "text",
                        error_key: error_for(&v.errors, "last_code"), autocomplete: "one-time-code", required: true,
                        ..FieldView::default() }))
                    div.actions { button.btn type="submit" { (t(l, "factor.disable")) } }
                }
            }
        }
    }
}

fn code(l: Locale, v: &TwoFactorView, label_key: &str, help_key: Option<&str>) -> Markup {
    let error_key = error_for(&v.errors, "code");
    let f = FieldView {
        name: "code",
        label_key,
        kind: "text",
        help_key,
        error_key,
        autocomplete: "one-time-code",
        required: true,
        ..FieldView::default()
    };
    field(l, &f)
}
