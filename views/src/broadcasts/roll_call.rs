//! The roll-call of one mass message: how many got, read and confirmed it, and who has not.

use maud::{Markup, html};

use super::card::{CardView, ends};
use super::importance_mark;
use crate::chat::body_piece;
use crate::presence::PersonView;
use crate::text::{Locale, fill, plural, t};
use crate::time::{TimeView, time};
use crate::{dom, paths, ui};

/// The views of the list, by the word in their address.
pub const TABS: [&str; 5] = ["pending", "confirmed", "read", "received", "unreached"];

/// How far a mass message got.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// People it was sent to.
    pub recipients: i64,
    /// On whose screen it was.
    pub received: i64,
    /// Who opened it.
    pub read: i64,
    /// Who confirmed it.
    pub confirmed: i64,
    /// Whether it asks to be confirmed.
    pub asks: bool,
}

impl Figures {
    /// What all of them are to do in the end.
    fn done(&self) -> i64 {
        if self.asks { self.confirmed } else { self.read }
    }

    fn of_tab(&self, tab: &str) -> i64 {
        match tab {
            "pending" => self.recipients - self.done(),
            "confirmed" => self.confirmed,
            "read" => self.read,
            "received" => self.received,
            "unreached" => self.recipients - self.received,
            _ => self.recipients,
        }
    }
}

/// A recipient.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReceiptRow {
    /// Who.
    pub person: PersonView,
    /// When it was on a screen of theirs.
    pub received: Option<TimeView>,
    /// Whether they opened it, and when if that is known.
    pub read: Option<Option<TimeView>>,
    /// When they confirmed it.
    pub confirmed: Option<TimeView>,
}

/// What the page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RollCallView {
    /// The message.
    pub card: CardView,
    /// Code: `scheduled`, `sending`, `sent`, `cancelled`.
    pub state: String,
    /// When it was or will be sent.
    pub at: TimeView,
    /// How far it got.
    pub figures: Figures,
    /// The open tab, of [`TABS`]; empty: all.
    pub tab: String,
    /// The people of the tab, by name.
    pub rows: Vec<ReceiptRow>,
    /// Where the list goes on.
    pub more: Option<String>,
    /// When who is missing was last reminded.
    pub reminded: Option<TimeView>,
    /// Key of why the last reminder was refused.
    pub error_key: Option<String>,
}

/// The page.
pub fn panel(l: Locale, v: &RollCallView) -> Markup {
    html! {
        header.page-head {
            a.icon-btn href=(paths::BROADCASTS) aria-label=(t(l, "broadcasts.back")) { (ui::icon("arrow-left")) }
            h1 { (t(l, "broadcasts.roll_call")) }
        }
        div.roll-call {
            (ui::live_list(l, &dom::roll_call(), &v.card.id, html! {
                (message(l, v))
                @match v.state.as_str() {
                    "sent" => (sent(l, v)),
                    "cancelled" => (ui::notice(ui::Tone::Info, t(l, "broadcasts.cancelled.text"))),
                    "sending" => (ui::notice(ui::Tone::Info, t(l, "broadcasts.sending"))),
                    _ => (waiting(l, v)),
                }
            }))
        }
    }
}

fn message(l: Locale, v: &RollCallView) -> Markup {
    html! {
        article.mass-card data-importance=(v.card.importance) {
            header.mass-head {
                (importance_mark(l, &v.card.importance))
                p.mass-who data-names=(v.card.sender.id) { strong { (v.card.sender.name) } " · " time datetime=(v.at.iso) title=(v.at.long) { (v.at.long) } }
                (ends(l, &v.card))
            }
            p.mass-text dir="auto" { @for piece in &v.card.body { (body_piece(piece)) } }
        }
    }
}

fn waiting(l: Locale, v: &RollCallView) -> Markup {
    html! {
        (ui::notice(ui::Tone::Info, &fill(l, "broadcasts.waiting", &[("at", &v.at.long)])))
        form.actions method="post" action=(paths::broadcast_cancel(&v.card.id)) {
            button.btn type="submit" { (ui::icon("x")) (t(l, "broadcasts.cancel")) }
        }
    }
}

fn sent(l: Locale, v: &RollCallView) -> Markup {
    let url = paths::broadcast(&v.card.id);
    let missing = v.figures.of_tab("pending");
    html! {
        (bar(l, &v.figures))
        div.actions.roll-call-actions {
            @if missing > 0 && !v.card.is_over {
                form method="post" action=(paths::broadcast_remind(&v.card.id)) {
                    button.btn.btn-primary type="submit" { (ui::icon("bell")) (plural(l, "broadcasts.remind", missing)) }
                }
            }
            a.btn href=(paths::broadcast_export(&v.card.id)) download hx-boost="false" { (ui::icon("download")) (t(l, "broadcasts.export")) }
            @if let Some(at) = &v.reminded { span.quiet { (t(l, "broadcasts.reminded")) " " (time(at)) } }
        }
        @if let Some(key) = &v.error_key { p.field-error role="alert" { (t(l, key)) } }
        nav.tabs aria-label=(t(l, "broadcasts.roll_call")) {
            (tab_link(l, v, "", &url))
            @for tab in TABS.into_iter().filter(|tab| *tab != "confirmed" || v.figures.asks) {
                (tab_link(l, v, tab, &format!("{url}?tab={tab}")))
            }
        }
        ul.rows.roll-call-rows { @for row in &v.rows { (receipt(l, row)) } }
        @if v.rows.is_empty() { p.quiet { (t(l, "broadcasts.nobody")) } }
        @if let Some(url) = &v.more { p.conv-more { a.btn.btn-sm href=(url) { (t(l, "broadcasts.people.more")) } } }
    }
}

fn tab_link(l: Locale, v: &RollCallView, tab: &str, url: &str) -> Markup {
    let key = match tab {
        "" => "all",
        "pending" if !v.figures.asks => "unread",
        other => other,
    };
    html! {
        a href=(url) aria-current=[(v.tab == tab).then_some("page")] {
            (t(l, &format!("broadcasts.tab.{key}"))) " " span.num { (v.figures.of_tab(tab)) }
        }
    }
}

/// A recipient: who, whether they are there, and how far they got.
fn receipt(l: Locale, row: &ReceiptRow) -> Markup {
    let (icon, key, at) = match row {
        ReceiptRow { confirmed: Some(at), .. } => ("circle-check", "confirmed", Some(at)),
        ReceiptRow { read: Some(at), .. } => ("check", "read", at.as_ref()),
        ReceiptRow { received: Some(at), .. } => ("check", "received", Some(at)),
        _ => ("clock", "unreached", None),
    };
    html! {
        li {
            (ui::avatar_with_dot(l, &row.person))
            div.row-main { strong.clip { (row.person.name) } span.quiet.clip { (row.person.role_word(l)) } }
            span.receipt data-receipt=(key) {
                (ui::icon(icon)) (t(l, &format!("broadcasts.receipt.{key}")))
                @if let Some(at) = at { " " (time(at)) }
            }
        }
    }
}

/// Three lengths on one line, and the same in words.
pub(super) fn bar(l: Locale, f: &Figures) -> Markup {
    let width = |n: i64| if f.recipients > 0 { n * 1000 / f.recipients } else { 0 };
    let figure = |key: &str, n: i64| {
        html! { span.roll-figure.num data-receipt=(key) { (plural(l, &format!("broadcasts.figure.{key}"), n)) } }
    };
    html! {
        div.roll-bar {
            svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                rect.bar-received width=(width(f.received)) height="8" {}
                rect.bar-read width=(width(f.read)) height="8" {}
                @if f.asks { rect.bar-confirmed width=(width(f.confirmed)) height="8" {} }
            }
            p.roll-figures {
                (figure("received", f.received))
                (figure("read", f.read))
                @if f.asks { (figure("confirmed", f.confirmed)) }
                span.quiet { (plural(l, "broadcasts.recipients", f.recipients)) }
            }
        }
    }
}
