//! A mass message as its recipients see it. All but the answer of one's own is the same for everyone.

use maud::{Markup, html};

use super::importance_mark;
use crate::chat::{Piece, body_piece};
use crate::live;
use crate::presence::PersonView;
use crate::text::{Locale, fill, t};
use crate::time::{TimeView, time};
use crate::{dom, paths, ui};

/// A mass message.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CardView {
    /// UUID of its conversation.
    pub id: String,
    /// Code: `normal`, `important`, `critical`.
    pub importance: String,
    /// Who sent it.
    pub sender: PersonView,
    /// What it says.
    pub body: Vec<Piece>,
    /// When it was sent.
    pub sent: TimeView,
    /// Where it sorts among others: when it was sent, in milliseconds.
    pub sort: String,
    /// From when on it asks for nothing.
    pub expires: Option<TimeView>,
    /// Whether that time has come.
    pub is_over: bool,
    /// Whether it asks to be confirmed.
    pub asks: bool,
    /// When the viewer confirmed it.
    pub confirmed: Option<TimeView>,
    /// Whether the viewer has read it.
    pub is_read: bool,
}

/// The region that every page has: what must be confirmed, and which mass messages have reached this screen for the
/// first time (`data-unreceived`, told to the server once).
pub fn critical(l: Locale, cards: &[CardView], unreceived: &str) -> Markup {
    html! {
        section.critical id=(dom::critical().id()) aria-label=(t(l, "broadcasts.critical.region")) aria-live="assertive"
            data-unreceived=(unreceived) {
            @for card in cards { (critical_card(l, card)) }
        }
    }
}

/// A critical message that waits for its confirmation, on every page.
pub fn critical_card(l: Locale, c: &CardView) -> Markup {
    html! {
        article.mass-card id=(dom::critical_card(&c.id).id()) data-importance=(c.importance) data-sort=(c.sort) data-rings=(c.id) {
            (head(l, c))
            (text(c))
            div.mass-actions {
                (confirm_form(l, &c.id))
                (reply_form(l, &c.id))
                a.mass-open href=(paths::conversation(&c.id)) { (t(l, "broadcasts.open")) }
            }
        }
    }
}

/// The message in its own conversation, with the recipient's answer to it.
pub fn panel(l: Locale, c: &CardView) -> Markup {
    html! {
        div.talk data-conversation=(c.id) data-read-url=(paths::message_read(&c.id)) data-last-read=(i64::from(c.is_read)) {
            header.talk-head {
                a.icon-btn.talk-back href=(paths::CHAT) aria-label=(t(l, "chat.back")) { (ui::icon("arrow-left")) }
                h1 { (t(l, "broadcasts.one")) }
                @if !c.is_read {
                    noscript {
                        form method="post" action=(paths::message_read(&c.id)) {
                            input type="hidden" name="number" value="1";
                            button.btn.btn-sm type="submit" { (t(l, "chat.mark_read")) }
                        }
                    }
                }
            }
            div.scroller data-scroller tabindex="0" role="group" aria-label=(t(l, "broadcasts.one")) {
                ol.mass-alone id=(dom::messages(&c.id).id()) {
                    li data-sender=(c.sender.id) data-sort="1" {
                        article.mass-card data-importance=(c.importance) {
                            (head(l, c))
                            (text(c))
                            div.mass-actions { (confirmation(l, c)) (reply_form(l, &c.id)) }
                        }
                    }
                }
                p.quiet.mass-alone-note { (t(l, "broadcasts.private")) }
            }
        }
    }
}

/// Importance, who, when, until when.
fn head(l: Locale, c: &CardView) -> Markup {
    html! {
        header.mass-head {
            (importance_mark(l, &c.importance))
            p.mass-who data-names=(c.sender.id) {
                strong { (c.sender.name) } " · " (c.sender.role_word(l)) " · " (time(&c.sent))
            }
            (ends(l, c))
        }
    }
}

/// Until when it asks for something, or that it no longer does.
pub fn ends(l: Locale, c: &CardView) -> Markup {
    html! {
        p.mass-ends.quiet id=(dom::broadcast_ends(&c.id).id()) hidden[c.expires.is_none()] {
            @if let Some(at) = &c.expires {
                (ui::icon("clock"))
                @if c.is_over { (t(l, "broadcasts.ended")) } @else { (t(l, "broadcasts.ends")) }
                " " time datetime=(at.iso) title=(at.long) { (at.long) }
            }
        }
    }
}

fn text(c: &CardView) -> Markup {
    html! { p.mass-text dir="auto" data-body { @for piece in &c.body { (body_piece(piece)) } } }
}

/// What the viewer answered, or the button to do so; nothing when nobody asks.
pub fn confirmation(l: Locale, c: &CardView) -> Markup {
    html! {
        div.mass-confirm id=(dom::broadcast_confirm(&c.id).id()) hidden[!c.asks] {
            @if let Some(at) = &c.confirmed {
                p.mass-done { (ui::icon("circle-check")) (t(l, "broadcasts.confirmed")) " " (time(at)) }
            } @else if c.asks { (confirm_form(l, &c.id)) }
        }
    }
}

fn confirm_form(l: Locale, id: &str) -> Markup {
    let url = paths::broadcast_confirm(id);
    html! {
        form method="post" action=(url) hx-post=(url) hx-swap="none" {
            button.btn.btn-primary type="submit" { (ui::icon("check")) (t(l, "broadcasts.confirm")) }
        }
    }
}

fn reply_form(l: Locale, id: &str) -> Markup {
    html! {
        form method="post" action=(paths::broadcast_reply(id)) {
            button.btn type="submit" { (ui::icon("message")) (t(l, "broadcasts.reply")) }
        }
    }
}

/// Says to a script that this mass message is now on the screen, so that the server can count it as delivered.
pub fn received(id: &str) -> Markup {
    html! { hx-received of=(id) {} }
}

/// A reminder: rings, and says in a toast what waits.
pub fn reminder(l: Locale, c: &CardView) -> Markup {
    let words = fill(l, "broadcasts.reminder", &[("name", &c.sender.name)]);
    html! {
        (live::toast_link(l, ui::Tone::Warning, &words, &paths::conversation(&c.id), t(l, "broadcasts.open")))
        hx-ring of=(c.id) {}
    }
}
