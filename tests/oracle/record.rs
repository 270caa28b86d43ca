//! Recordings: pages and the frames that came after them, with what the oracle made of it. The browser journey
//! `oracle.mjs` plays them to the product's scripts in Chromium.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{
    Document, compare,
    dom::{Element, Node},
};

/// Recordings of one run that are kept: those with the most parts.
const KEPT: usize = 12;

/// A page as it was answered, and the frames after it, up to the next page.
#[derive(Clone, Debug)]
pub struct Recording {
    path: String,
    page: String,
    frames: Vec<String>,
}

impl Recording {
    /// Begins with a page.
    pub fn new(path: &str, page: &str) -> Self {
        Self { path: path.to_owned(), page: page.to_owned(), frames: Vec::new() }
    }

    /// A frame came.
    pub fn add(&mut self, frame: &str) {
        self.frames.push(frame.to_owned());
    }

    fn parts(&self) -> usize {
        self.frames.iter().map(|frame| frame.matches("<hx-partial").count()).sum()
    }

    /// What the oracle makes of it, from nothing but the page and the frames.
    fn told(&self) -> Value {
        let mut document = Document::new(&self.page);
        for frame in &self.frames {
            document.apply(frame);
        }
        let region = |id: &&str| ((*id).to_owned(), document.by_id(id).map_or(Value::Null, tree));
        let after: serde_json::Map<String, Value> = compare::REGIONS.iter().map(region).collect();
        json!({ "path": self.path, "page": self.page, "frames": self.frames, "after": after })
    }
}

/// Writes the recordings of a test into the folder that `CREA_RECORDINGS` names; nothing without it.
pub fn keep(test: &str, mut recordings: Vec<Recording>) {
    let Some(folder) = std::env::var_os("CREA_RECORDINGS").map(PathBuf::from) else { return };
    recordings.retain(|recording| recording.parts() > 0);
    recordings.sort_by_key(|recording| std::cmp::Reverse(recording.parts()));
    let told: Vec<Value> = recordings.iter().take(KEPT).map(Recording::told).collect();
    assert!(!told.is_empty(), "{test} pushed nothing to any page");
    std::fs::create_dir_all(&folder).unwrap();
    let all = json!({ "rules": compare::rules(), "recordings": told });
    std::fs::write(folder.join(format!("{test}.json")), all.to_string()).unwrap();
}

/// `[name, attributes, children]`, words as text.
fn tree(e: &Element) -> Value {
    let mut children: Vec<Value> = Vec::new();
    for child in &e.children {
        match (child, children.last_mut()) {
            (Node::Element(inner), _) => children.push(tree(inner)),
            (Node::Text(text), Some(Value::String(before))) => before.push_str(text),
            (Node::Text(text), _) => children.push(Value::String(text.clone())),
        }
    }
    json!([e.name, e.attrs, children])
}
