//! Whether two documents show the same. What does not count is one closed list, here and nowhere else.

use super::dom::{Element, Node};

/// The regions that pushes keep up to date. A new live region joins by one line.
pub const REGIONS: [&str; 8] =
    ["critical", "ringing", "main", "dock", "unread-total", "unread-rail", "agent-state", "me"];

/// What may differ.
enum Volatile {
    /// The value of an attribute, of the elements that carry the first one.
    Attribute(&'static str, &'static str),
    /// The words inside an element.
    Words(&'static str),
    /// The whole element.
    Whole(&'static str),
    /// All that is inside an element with this attribute.
    Inside(&'static str),
    /// The value of a form's field, by the form's attribute and the field's name.
    Field(&'static str, &'static str),
}

/// The closed list.
const VOLATILE: [Volatile; 10] = [
    // What a screen tells the server once when it is loaded.
    Volatile::Attribute("data-unreceived", "data-unreceived"),
    // The cursor that the region was drawn at.
    Volatile::Attribute("data-seq", "data-seq"),
    // Where reading stood when the panel was drawn: scripts take it once and count on from there.
    Volatile::Attribute("data-conversation", "data-last-number"),
    Volatile::Attribute("data-conversation", "data-last-read"),
    // A fresh id for the next message, in every drawing of the composer.
    Volatile::Field("data-composer", "id"),
    // And for what a form stores once, however often it is sent.
    Volatile::Field("data-once", "id"),
    // "5 minutes ago", and what is late by the clock of the browser.
    Volatile::Words("time"),
    Volatile::Attribute("data-due", "data-over"),
    // Tiles of all instances, each drawn anew every second by its own; a fresh page begins with the one that drew it.
    Volatile::Inside("data-feed"),
    // Never shown where scripts run.
    Volatile::Whole("noscript"),
];

/// Dots follow their own feed, which is gathered for a moment: left out until it is asked for them. One's own dot in
/// lists never counts: `/me.css` hides it there.
const DOT: [&str; 3] = ["data-state", "aria-label", "title"];

/// Whether dots count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dots {
    /// They must be equal.
    Compared,
    /// They may still be on their way.
    Ignored,
}

/// The closed list, for the browser that compares what it made of a recording.
pub fn rules() -> serde_json::Value {
    let rules: Vec<_> = VOLATILE
        .iter()
        .map(|rule| match rule {
            Volatile::Attribute(on, name) => serde_json::json!({ "attribute": name, "of": on }),
            Volatile::Words(name) => serde_json::json!({ "words": name }),
            Volatile::Whole(name) => serde_json::json!({ "whole": name }),
            Volatile::Inside(on) => serde_json::json!({ "inside": on }),
            Volatile::Field(form, field) => serde_json::json!({ "field": field, "of": form }),
        })
        .collect();
    serde_json::json!({ "regions": REGIONS, "volatile": rules, "dot": DOT })
}

/// The first difference between the live regions of two documents; `None` when they show the same.
pub fn difference(live: &Element, fresh: &Element, dots: Dots) -> Option<String> {
    REGIONS.iter().find_map(|region| {
        let (live, fresh) = (lines_of(live, region, dots), lines_of(fresh, region, dots));
        let at = (0..live.len().max(fresh.len())).find(|n| live.get(*n) != fresh.get(*n))?;
        let around =
            |lines: &[String]| lines[at.saturating_sub(3).min(lines.len())..(at + 3).min(lines.len())].join("\n    ");
        Some(format!("#{region}, line {at}\n  live:\n    {}\n  fresh:\n    {}", around(&live), around(&fresh)))
    })
}

fn lines_of(page: &Element, region: &str, dots: Dots) -> Vec<String> {
    let Some(mut region) = page.by_id(region).cloned() else { return vec!["(not there)".to_owned()] };
    let me = page.find(&|e| e.attr("data-me").is_some()).and_then(|e| e.attr("data-me"));
    region.each(&mut |e| {
        if dots == Dots::Ignored || (me.is_some() && e.attr("data-presence") == me) {
            forget_dot(e);
        }
        forget(e);
    });
    let mut lines = Vec::new();
    write(&region, 0, &mut lines);
    lines
}

fn forget_dot(e: &mut Element) {
    if e.attrs.contains_key("data-presence") {
        for name in DOT {
            e.attrs.remove(name);
        }
    }
}

/// Takes out of one element what the list names.
fn forget(e: &mut Element) {
    for rule in &VOLATILE {
        match rule {
            Volatile::Attribute(on, name) => {
                if e.attrs.contains_key(*on) {
                    e.attrs.remove(*name);
                }
            }
            Volatile::Words(name) => {
                if e.name == *name {
                    e.children.clear();
                }
            }
            Volatile::Whole(name) => e.children.retain(|c| c.as_element().is_none_or(|c| c.name != *name)),
            Volatile::Inside(on) => {
                if e.attrs.contains_key(*on) {
                    e.children.clear();
                }
            }
            Volatile::Field(form, field) => {
                if e.attrs.contains_key(*form) {
                    let fields = e.children.iter_mut().filter_map(Node::as_element_mut);
                    for field in fields.filter(|f| f.attr("name") == Some(field)) {
                        field.attrs.remove("value");
                    }
                }
            }
        }
    }
}

/// One line per tag and per run of words.
fn write(e: &Element, depth: usize, lines: &mut Vec<String>) {
    let indent = " ".repeat(depth);
    let attrs: String = e.attrs.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
    lines.push(format!("{indent}<{}{attrs}>", e.name));
    let mut words = String::new();
    for child in &e.children {
        match child {
            Node::Text(text) => words += text,
            Node::Element(inner) => {
                say(&mut words, &indent, lines);
                write(inner, depth + 1, lines);
            }
        }
    }
    say(&mut words, &indent, lines);
}

fn say(words: &mut String, indent: &str, lines: &mut Vec<String>) {
    if !words.is_empty() {
        lines.push(format!("{indent} {:?}", std::mem::take(words)));
    }
}
