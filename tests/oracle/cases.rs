//! `cases.json`: what frames make of a page. The oracle is held to it here, Chromium with the product's own scripts
//! in `tests/browser/journeys/oracle.mjs`: neither can drift from the other without one of the two failing.

use serde::Deserialize;

use super::{Document, dom, dom::Node};

#[derive(Deserialize)]
struct Case {
    name: String,
    /// What is in `#main` before.
    page: String,
    /// Frames without the word of the connection.
    frames: Vec<String>,
    /// What is in `#main` afterwards.
    after: String,
}

const LABELS: &str = "{\"available\":\"Disponible\",\"offline\":\"Sin conexión\"}";

#[test]
fn frames_make_of_a_page_what_the_cases_say() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    for Case { name, page, frames, after } in cases {
        let html = format!("<!doctype html><body data-presence-labels='{LABELS}'><main id=main>{page}</main></body>");
        let mut document = Document::new(&html);
        for frame in frames {
            document.apply(&format!("<hx-live></hx-live>{frame}"));
        }
        let mut made = document.by_id("main").unwrap().clone();
        let mut wanted = dom::Element { children: dom::parse_fragment(&after), ..made.clone() };
        for root in [&mut made, &mut wanted] {
            root.each(&mut |e| join_words(&mut e.children));
        }
        assert_eq!(made, wanted, "{name}");
    }
}

/// Words that an element between them no longer parts are one run.
fn join_words(nodes: &mut Vec<Node>) {
    nodes.dedup_by(|second, first| match (first, second) {
        (Node::Text(first), Node::Text(second)) => {
            first.push_str(second);
            true
        }
        _ => false,
    });
    nodes.retain(|node| *node != Node::Text(String::new()));
}
