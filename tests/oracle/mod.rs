//! The oracle: a client that applies frames as the browser does. After any scenario its document equals a fresh one.

mod cases;
pub mod compare;
pub mod dom;
pub mod record;
pub mod swap;
mod tests;

use std::collections::HashMap;

use dom::{Element, Node};

pub use compare::{Dots, difference};

/// Attributes that name people by their UUIDs, as `assets/js/22-reset.js` knows them.
const NAMING: [&str; 7] =
    ["data-me", "data-names", "data-person", "data-presence", "data-sender", "data-reactors", "data-mentions"];

/// A page as a browser holds it.
#[derive(Clone, Debug)]
pub struct Document {
    root: Element,
    /// What the open socket said of people: it has the last word over what a row or page was drawn with.
    feed: HashMap<String, String>,
    /// Whether the feed names everybody who is there.
    is_whole: bool,
}

/// What `<hx-live …>` says in one frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The cursor after this frame.
    pub seq: Option<String>,
    /// The page whose topics are heard from here on.
    pub shown: Option<i64>,
    /// The page must be fetched again.
    pub reset: bool,
    /// Milliseconds until the next connection.
    pub retry: Option<u64>,
    /// Whether events may be late.
    pub delayed: Option<bool>,
    /// Keys of lists that changed.
    pub changed: Vec<String>,
    /// People of whom something else is shown now.
    pub people: Vec<String>,
    /// Mass messages that reached the screen.
    pub received: Vec<String>,
    /// Mass messages to ring for.
    pub rings: Vec<String>,
}

impl Document {
    /// A page as it was answered.
    pub fn new(html: &str) -> Self {
        Self { root: dom::parse_page(html), feed: HashMap::new(), is_whole: false }
    }

    /// The document element.
    pub fn root(&self) -> &Element {
        &self.root
    }

    /// The element with this id.
    pub fn by_id(&self, id: &str) -> Option<&Element> {
        self.root.by_id(id)
    }

    /// Applies one frame in order and answers what it says of the connection. Presence is set after all swaps.
    pub fn apply(&mut self, frame: &str) -> Said {
        let mut said = Said::default();
        let mut presence = Vec::new();
        // Partials are templates to htmx: their content is read as it stands.
        let frame = frame.replace("<hx-partial", "<template data-partial").replace("</hx-partial>", "</template>");
        for node in dom::parse_fragment(&frame) {
            let Node::Element(element) = node else { continue };
            match element.name.as_str() {
                "hx-live" => said.read(&element),
                // Each viewer's screen fetches cards of its own: what is compared are their places.
                "hx-record" => {}
                "hx-presence" => presence.push(element),
                "hx-changed" => said.changed.extend(element.attr("of").map(str::to_owned)),
                "hx-person" => {
                    said.people.extend(element.attr("of").iter().flat_map(|of| of.split(' ')).map(str::to_owned))
                }
                "hx-received" => said.received.extend(element.attr("of").map(str::to_owned)),
                "hx-ring" => said.rings.extend(element.attr("of").map(str::to_owned)),
                // Who is typing shows for some seconds in a line that a fresh page has empty: no push ends it, time does.
                "hx-typing" => {}
                // Who looks at a ticket now: the same.
                "hx-looking" => {}
                "template" if element.attr("data-partial").is_some() => {
                    let of = |name| element.attr(name).unwrap_or_else(|| panic!("a partial without {name}: {frame}"));
                    swap::swap(&mut self.root, of("hx-target"), of("hx-swap"), element.children.clone());
                }
                other => panic!("<{other}> in a frame goes nowhere: {frame}"),
            }
        }
        for change in presence {
            self.hear_of(&change);
        }
        self.mark_dots();
        said
    }

    fn hear_of(&mut self, change: &Element) {
        let text = |name: &str| change.attr(name).map(str::to_owned);
        if let Some(all) = change.attr("all") {
            let pairs = all.split(' ').filter_map(|pair| pair.split_once(':'));
            self.feed = pairs.map(|(of, state)| (of.to_owned(), state.to_owned())).collect();
            self.is_whole = true;
        } else if let (Some(of), Some(state)) = (text("of"), text("state")) {
            self.feed.insert(of, state);
        }
    }

    fn mark_dots(&mut self) {
        let feed = self.feed.clone();
        let other = self.is_whole.then_some("offline");
        self.mark(|of| feed.get(of).map(String::as_str).or(other));
    }

    fn mark<'a>(&mut self, state_of: impl Fn(&str) -> Option<&'a str>) {
        let body = self.root.find(&|e| e.name == "body").and_then(|e| e.attr("data-presence-labels")).unwrap_or("{}");
        let words: HashMap<String, String> = serde_json::from_str(body).expect("labels are JSON");
        self.root.each(&mut |e| {
            let Some(state) = e.attr("data-presence").and_then(&state_of).map(str::to_owned) else { return };
            if e.attr("data-state") == Some(&state) {
                return;
            }
            let label = words.get(&state).unwrap_or(&state).clone();
            for (name, value) in [("data-state", &state), ("aria-label", &label), ("title", &label)] {
                e.attrs.insert(name.to_owned(), value.clone());
            }
        });
    }

    /// Fetches a list again: those of these keys are morphed from a fresh page.
    pub fn refetch(&mut self, keys: &[String], html: &str) {
        let fresh = dom::parse_page(html);
        for id in self.lists_of(keys) {
            let Some(part) = fresh.by_id(&id) else { continue };
            swap::swap(&mut self.root, &format!("#{id}"), "outerMorph", vec![Node::Element(part.clone())]);
        }
        self.mark_dots();
    }

    /// Ids of the lists that one of these keys concerns.
    pub fn lists_of(&mut self, keys: &[String]) -> Vec<String> {
        let mut ids = Vec::new();
        self.root.each(&mut |e| {
            let of = e.attr("data-list").unwrap_or_default();
            if of.split(' ').any(|of| keys.iter().any(|key| key == of)) {
                ids.extend(e.id().map(str::to_owned));
            }
        });
        ids
    }

    /// Whether one of these people is on the page.
    pub fn shows_any(&self, people: &[String]) -> bool {
        let names = |e: &Element, attr: &str| {
            e.attr(attr).is_some_and(|ids| ids.split(' ').any(|id| people.iter().any(|person| person == id)))
        };
        self.root.find(&|e| NAMING.iter().any(|attr| names(e, attr))).is_some()
    }

    /// The socket is gone: what it said of people is of yesterday.
    pub fn lose_feed(&mut self) {
        self.feed.clear();
        self.is_whole = false;
    }

    /// Follows a link: `#main` comes from the answer, all else stays.
    pub fn navigate(&mut self, html: &str) {
        let fresh = dom::parse_page(html);
        let main = fresh.by_id("main").expect("a page has #main").clone();
        swap::swap(&mut self.root, "#main", "outerHTML", vec![Node::Element(main)]);
        self.mark_dots();
    }

    /// Draws the live regions anew after a reset. Counters are passed by when a region is morphed, so they are
    /// replaced after it.
    pub fn refresh(&mut self, html: &str) {
        let mut fresh = dom::parse_page(html);
        for id in ["main", "dock", "agent-state", "critical", "ringing", "me"] {
            let Some(part) = fresh.by_id(id) else { continue };
            swap::swap(&mut self.root, &format!("#{id}"), "outerMorph", vec![Node::Element(part.clone())]);
        }
        let mut counters = Vec::new();
        fresh.each(&mut |e| {
            if e.attr("data-count").is_some() && e.id().is_some() {
                counters.push(e.clone());
            }
        });
        for counter in counters {
            let target = format!("#{}", counter.id().unwrap_or_default());
            swap::swap(&mut self.root, &target, "outerHTML", vec![Node::Element(counter)]);
        }
        self.mark_dots();
    }
}

impl Said {
    fn read(&mut self, tag: &Element) {
        let text = |name: &str| tag.attr(name).map(str::to_owned);
        self.seq = text("seq").or(self.seq.take());
        self.shown = text("shown").and_then(|n| n.parse().ok()).or(self.shown);
        self.reset |= tag.attr("reset").is_some();
        self.retry = text("retry").and_then(|n| n.parse().ok()).or(self.retry);
        self.delayed = text("delayed").map(|d| d == "1").or(self.delayed);
    }
}
