//! The swaps that frames use, as htmx and `assets/js/10-place.js` make them.

use std::cmp::Ordering;

use super::dom::{Element, Node};

/// Puts `content` where `target` says: `#id`, or the one of `#id,#id` that is there. A missing target is harmless.
///
/// # Panics
/// A swap that the browser's scripts do not know, or a target that is not an id: the page would stop there.
pub fn swap(page: &mut Element, target: &str, style: &str, content: Vec<Node>) {
    let ids: Vec<&str> = target.split(',').map(|id| id.strip_prefix('#').expect("a target is an id")).collect();
    let id = ids.iter().find(|id| page.by_id(id).is_some()).unwrap_or(&ids[0]);
    match style {
        "place" => place_all(page, id, content),
        "outerMorph" => morph(page, id, content),
        "outerHTML" => replace(page, id, content),
        "textContent" => {
            if let Some(found) = page.by_id_mut(id) {
                let words = Element { children: content, ..Element::default() }.text();
                found.children = vec![Node::Text(words)];
            }
        }
        "innerHTML" => {
            if let Some(found) = page.by_id_mut(id) {
                found.children = content;
            }
        }
        "delete" => replace(page, id, Vec::new()),
        "beforebegin" => beside(page, id, 0, content),
        "afterend" => beside(page, id, 1, content),
        "afterbegin" => {
            if let Some(found) = page.by_id_mut(id) {
                found.children.splice(0..0, content);
            }
        }
        "beforeend" => {
            if let Some(found) = page.by_id_mut(id) {
                found.children.extend(content);
            }
        }
        other => panic!("unknown swap {other}"),
    }
}

fn replace(page: &mut Element, id: &str, content: Vec<Node>) {
    if let Some((parent, at)) = page.parent_of(id) {
        parent.children.splice(at..=at, content);
    }
}

/// Puts `content` before (0) or after (1) an element.
fn beside(page: &mut Element, id: &str, after: usize, content: Vec<Node>) {
    if let Some((parent, at)) = page.parent_of(id) {
        parent.children.splice(at + after..at + after, content);
    }
}

fn morph(page: &mut Element, id: &str, content: Vec<Node>) {
    let Some((parent, at)) = page.parent_of(id) else { return };
    let Node::Element(old) = parent.children[at].clone() else { return };
    let heir = content.iter().position(|node| node.as_element().and_then(Element::id) == Some(id));
    let heir = heir.or_else(|| content.iter().position(|node| node.as_element().is_some()));
    let made = content.into_iter().enumerate().map(|(n, node)| match node {
        Node::Element(fresh) if heir == Some(n) => Node::Element(morphed(&old, fresh)),
        beside => beside,
    });
    parent.children.splice(at..=at, made);
}

/// What a morph makes of `old`: the new element, but for subtrees that say they are skipped and for what a person
/// opened.
fn morphed(old: &Element, mut fresh: Element) -> Element {
    if old.attr("hx-morph-skip").is_some() {
        return old.clone();
    }
    fresh.each(&mut |e| {
        let Some(id) = e.id() else { return };
        let Some(before) = old.by_id(id) else { return };
        if before.attr("hx-morph-skip").is_some() {
            *e = before.clone();
        } else if matches!(e.name.as_str(), "details" | "dialog") {
            match before.attr("open") {
                Some(_) => e.attrs.insert("open".to_owned(), String::new()),
                None => e.attrs.remove("open"),
            };
        }
    });
    fresh
}

fn place_all(page: &mut Element, list: &str, content: Vec<Node>) {
    if page.by_id(list).is_none() {
        return;
    }
    for node in content {
        if let Node::Element(fresh) = node {
            place(page, list, fresh);
        }
    }
    let Some(list) = page.by_id_mut(list) else { return };
    let most = list.attr("data-max").and_then(|max| max.parse::<usize>().ok()).unwrap_or(usize::MAX);
    while list.elements().count() > most {
        let last = list.children.iter().rposition(|c| c.as_element().is_some()).expect("an element");
        list.children.remove(last);
    }
}

fn place(page: &mut Element, list: &str, fresh: Element) {
    let known = fresh.id().map(str::to_owned);
    let before = known.as_deref().and_then(|id| page.parent_of(id));
    let (row, sits_at) = match before {
        // Known in this list: morphed, and moved only when it no longer sits right.
        Some((parent, at)) if parent.id() == Some(list) => {
            let Node::Element(old) = parent.children.remove(at) else { unreachable!("found by id") };
            (morphed(&old, fresh), Some(at))
        }
        // Known elsewhere: taken away there.
        Some((parent, at)) => {
            parent.children.remove(at);
            (fresh, None)
        }
        None => (fresh, None),
    };
    let Some(list) = page.by_id_mut(list) else { return };
    let at = sits_at.filter(|at| sits(list, *at, &row)).unwrap_or_else(|| {
        list.children
            .iter()
            .position(|c| c.as_element().is_some_and(|other| natural(key(other), key(&row)) == Ordering::Greater))
            .unwrap_or(list.children.len())
    });
    list.children.insert(at, Node::Element(row));
}

/// Whether a row put back at its former place stands between neighbours that sort before and after it.
fn sits(list: &Element, at: usize, row: &Element) -> bool {
    let above = list.children[..at].iter().rev().find_map(Node::as_element);
    let below = list.children[at..].iter().find_map(Node::as_element);
    above.is_none_or(|above| natural(key(above), key(row)) != Ordering::Greater)
        && below.is_none_or(|below| natural(key(row), key(below)) != Ordering::Greater)
}

fn key(row: &Element) -> &str {
    row.attr("data-sort").unwrap_or_default()
}

/// Runs of digits compare as numbers, the rest letter by letter.
pub fn natural(one: &str, other: &str) -> Ordering {
    let (mut a, mut b) = (one.as_bytes(), other.as_bytes());
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (left, right) = (number(&mut a), number(&mut b));
            left.len().cmp(&right.len()).then_with(|| left.cmp(right))
        } else {
            let order = x.cmp(y);
            (a, b) = (&a[1..], &b[1..]);
            order
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// Cuts the digits off the front, without leading zeros.
fn number<'a>(text: &mut &'a [u8]) -> &'a [u8] {
    let end = text.iter().position(|c| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    let zeros = digits.iter().position(|c| *c != b'0').unwrap_or(digits.len());
    &digits[zeros..]
}
