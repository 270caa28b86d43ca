//! A document that can be changed: what html5ever read, as a tree of our own.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html};

/// A node. Comments and the doctype are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Words.
    Text(String),
}

/// An element with all that is inside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attrs: BTreeMap<String, String>,
    /// What is inside, in order.
    pub children: Vec<Node>,
}

/// The document element of a whole page.
pub fn parse_page(html: &str) -> Element {
    read(Html::parse_document(html).root_element())
}

/// The nodes of a fragment. Rows of a table may stand alone, as where htmx reads an answer.
pub fn parse_fragment(html: &str) -> Vec<Node> {
    let whole = Html::parse_fragment(&format!("<template>{html}</template>"));
    let root = read(whole.root_element());
    root.elements().find(|e| e.name == "template").map(|t| t.children.clone()).unwrap_or_default()
}

fn read(from: ElementRef<'_>) -> Element {
    let attrs = from.value().attrs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut made = Element { name: from.value().name().to_owned(), attrs, children: Vec::new() };
    for child in from.children() {
        if child.value().is_fragment() {
            // What is inside a template hangs below a fragment.
            for inner in child.children() {
                made.add(ElementRef::wrap(inner), inner.value().as_text().map(|text| &**text));
            }
        } else {
            made.add(ElementRef::wrap(child), child.value().as_text().map(|text| &**text));
        }
    }
    made
}

impl Element {
    fn add(&mut self, element: Option<ElementRef<'_>>, text: Option<&str>) {
        if let Some(element) = element {
            self.children.push(Node::Element(read(element)));
        } else if let Some(text) = text {
            self.children.push(Node::Text(text.to_owned()));
        }
    }

    /// An attribute's value; empty when it is there without one.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.get(name).map(String::as_str)
    }

    /// Its id.
    pub fn id(&self) -> Option<&str> {
        self.attr("id")
    }

    /// Its child elements.
    pub fn elements(&self) -> impl DoubleEndedIterator<Item = &Element> {
        self.children.iter().filter_map(Node::as_element)
    }

    /// All words inside.
    pub fn text(&self) -> String {
        self.children
            .iter()
            .map(|child| match child {
                Node::Text(text) => text.clone(),
                Node::Element(element) => element.text(),
            })
            .collect()
    }

    /// The first element inside, or this one, that `wanted` accepts. What a template holds is not in the document.
    pub fn find(&self, wanted: &dyn Fn(&Element) -> bool) -> Option<&Element> {
        if wanted(self) {
            return Some(self);
        }
        if self.name == "template" {
            return None;
        }
        self.elements().find_map(|child| child.find(wanted))
    }

    /// The element with this id.
    pub fn by_id(&self, id: &str) -> Option<&Element> {
        self.find(&|e| e.id() == Some(id))
    }

    /// As [`Element::by_id`], to be changed.
    pub fn by_id_mut(&mut self, id: &str) -> Option<&mut Element> {
        if self.id() == Some(id) {
            return Some(self);
        }
        if self.name == "template" {
            return None;
        }
        self.children.iter_mut().filter_map(Node::as_element_mut).find_map(|child| child.by_id_mut(id))
    }

    /// The element that holds the one with this id, and its place among the children there.
    pub fn parent_of(&mut self, id: &str) -> Option<(&mut Element, usize)> {
        if self.name == "template" {
            return None;
        }
        if let Some(at) = self.children.iter().position(|c| c.as_element().and_then(Element::id) == Some(id)) {
            return Some((self, at));
        }
        self.children.iter_mut().filter_map(Node::as_element_mut).find_map(|child| child.parent_of(id))
    }

    /// Calls `change` with this element and every one inside, also in templates: a comparison sees those too.
    pub fn each(&mut self, change: &mut dyn FnMut(&mut Element)) {
        change(self);
        for child in self.children.iter_mut().filter_map(Node::as_element_mut) {
            child.each(change);
        }
    }
}

impl Node {
    /// The element, if it is one.
    pub fn as_element(&self) -> Option<&Element> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) => None,
        }
    }

    /// As [`Node::as_element`], to be changed.
    pub fn as_element_mut(&mut self) -> Option<&mut Element> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) => None,
        }
    }
}
