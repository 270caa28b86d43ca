//! Wraps items into the partials that answers and pushed frames are made of.
//!
//! Each wrapper names its target by id and its swap; applying one twice leaves the page as applying it once,
//! but for [`before`] and [`toast`], which add.

use maud::{Markup, html};

use crate::dom::{self, DomId};
use crate::presence::Presence;
use crate::text::{Locale, t};
use crate::ui;

pub use crate::ui::Tone;

/// A partial with a target and a swap.
fn partial(id: &DomId, swap: &str, content: Markup) -> Markup {
    html! { hx-partial hx-target=(id.target()) hx-swap=(swap) { (content) } }
}

/// Puts an item where its `data-sort` belongs in a list; morphs and moves it when it is there.
pub fn place(list: &DomId, item: Markup) -> Markup {
    partial(list, "place", item)
}

/// As [`place`], into the one of these lists that the page shows: a page shows one of them at most.
pub fn place_in_one(lists: &[DomId], item: Markup) -> Markup {
    let targets: Vec<String> = lists.iter().map(DomId::target).collect();
    html! { hx-partial hx-target=(targets.join(",")) hx-swap="place" { (item) } }
}

/// Changes an element into the given one; focus, caret and typed text stay.
pub fn morph(id: &DomId, content: Markup) -> Markup {
    partial(id, "outerMorph", content)
}

/// Replaces an element.
pub fn replace(id: &DomId, content: Markup) -> Markup {
    partial(id, "outerHTML", content)
}

/// Changes the words of an element.
pub fn text(id: &DomId, text: &str) -> Markup {
    partial(id, "textContent", html! { (text) })
}

/// Takes an element away.
pub fn remove(id: &DomId) -> Markup {
    partial(id, "delete", html! {})
}

/// Puts content before an element.
pub fn before(id: &DomId, content: Markup) -> Markup {
    partial(id, "beforebegin", content)
}

/// Sets the presence of one person, wherever a dot shows it.
pub fn presence(user_id: &str, p: Presence) -> Markup {
    html! { hx-presence of=(user_id) state=(p.code()) {} }
}

/// Sets the presence of everybody: `all="uuid:available uuid2:break"`; who is not named is offline.
pub fn presence_all(all: &[(String, Presence)]) -> Markup {
    let list: Vec<String> = all.iter().map(|(id, p)| format!("{id}:{}", p.code())).collect();
    html! { hx-presence all=(list.join(" ")) {} }
}

/// Says that a record changed: its cards are fetched anew. Nothing of it is in here.
pub fn record_changed(kind: &str, id: &str) -> Markup {
    html! { hx-record of={ (kind) ":" (id) } {} }
}

/// Adds a toast; scripts take it away after six seconds.
pub fn toast(l: Locale, kind: Tone, text: &str) -> Markup {
    partial(&dom::toasts(), "beforeend", toast_item(l, kind, text))
}

/// As [`toast`], with a link to what it speaks of.
pub fn toast_link(l: Locale, kind: Tone, text: &str, href: &str, words: &str) -> Markup {
    let link = html! { " " a href=(href) { (words) } };
    partial(&dom::toasts(), "beforeend", toast_with(l, kind, text, &link))
}

/// The same for who is not where it leads: who looks at that page is told nothing that it says itself
/// (`assets/js/42-tickets.js`).
pub fn toast_elsewhere(l: Locale, kind: Tone, text: &str, href: &str, words: &str) -> Markup {
    let link = html! { " " a href=(href) data-elsewhere { (words) } };
    partial(&dom::toasts(), "beforeend", toast_with(l, kind, text, &link))
}

/// Says that what is shown of these people is another now: who shows one of them draws the page anew
/// (`assets/js/22-reset.js`). It is found by their UUIDs in the attributes that name people, `data-names` among them.
pub fn person_changed(ids: &[String]) -> Markup {
    html! { hx-person of=(ids.join(" ")) {} }
}

/// Says that what a person sees of a record is another now, since their part in it is: the page that shows it (found by
/// the record's UUID among those that `data-names` holds) is drawn anew, its topics with it.
pub fn seen_anew(record: &str) -> Markup {
    html! { hx-person of=(record) {} }
}

/// Says that a list has changed: who shows it fetches it again (`assets/js/25-lists.js`).
pub fn changed(of: &str) -> Markup {
    html! { hx-changed of=(of) {} }
}

/// One toast: icon, words and a button that closes it.
pub(crate) fn toast_item(l: Locale, kind: Tone, text: &str) -> Markup {
    toast_with(l, kind, text, &html! {})
}

fn toast_with(l: Locale, kind: Tone, text: &str, after: &Markup) -> Markup {
    html! {
        div.notice data-toast data-tone=(kind.code()) {
            (ui::icon(kind.icon()))
            p data-toast-text { (text) (after) }
            button.icon-btn type="button" data-toast-close aria-label=(t(l, "toast.close")) { (ui::icon("x")) }
        }
    }
}
