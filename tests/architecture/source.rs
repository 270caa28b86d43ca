//! Rust source as the rules see it: files, and the paths that each of them names. A reader of `use` trees, `mod`
//! lines, aliases and plain paths, which is what imports are made of; no parser of Rust.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::tokens::{Token, is_name, tokens, without_tests};

/// One source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// From the repository's root, with `/`: `src/features/chat/mod.rs`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// A path that a file names, written out: `crate::…` for our own modules, else the foreign crate's name first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Line, from 1.
    pub line: usize,
    /// `["crate", "db", "Db"]`; a glob import ends in `*`.
    pub path: Vec<String>,
    /// Whether it stands in a `use`.
    pub is_use: bool,
}

impl Reference {
    /// Whether the path is, or lies below, `prefix` (`crate::features`).
    pub fn is_under(&self, prefix: &str) -> bool {
        let prefix: Vec<&str> = prefix.split("::").collect();
        self.path.len() >= prefix.len() && prefix.iter().zip(&self.path).all(|(a, b)| a == b)
    }
}

impl Source {
    /// A made-up file, for the rules' own tests.
    pub fn sample(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// `path:line: text of the line`.
    pub fn cite(&self, line: usize) -> String {
        let text = self.text.lines().nth(line - 1).unwrap_or("").trim();
        format!("{}:{line}: {text}", self.path)
    }

    /// The module that the file is: `src/features/chat/mod.rs` → `crate::features::chat`.
    fn module(&self) -> Vec<String> {
        let inner = self.path.split_once("src/").map_or(self.path.as_str(), |(_, inner)| inner);
        let mut module = vec!["crate".to_owned()];
        module.extend(inner.trim_end_matches(".rs").split('/').map(str::to_owned));
        let last = module.last().map(String::as_str);
        if matches!(last, Some("mod" | "lib" | "main")) {
            module.pop();
        }
        module
    }

    /// Every path of two or more names in code that is compiled outside tests, with `self`, `super`, local modules
    /// and imported names written out, so that `use crate::features as f; f::chat::x()` is seen for what it is.
    pub fn references(&self) -> Vec<Reference> {
        let tokens = without_tests(tokens(&self.text));
        let module = self.module();
        let mut found = Vec::new();
        let mut names = BTreeMap::new(); // local name → the path that it stands for
        let mut at = 0;
        while at < tokens.len() {
            let (line, word) = (tokens[at].0, tokens[at].1.as_str());
            let next = |n: usize| tokens.get(at + n).map_or("", |t| t.1.as_str());
            if word == "mod" && next(2) == ";" {
                let mut path = module.clone();
                path.push(next(1).to_owned());
                names.insert(next(1).to_owned(), path);
                at += 3;
            } else if word == "use" && (is_name(next(1)) || next(1) == "::" || next(1) == "{") {
                let mut leaves = Vec::new();
                at = use_tree(&tokens, at + 1, &[], &mut leaves);
                for (line, path, name) in leaves {
                    if let Some(name) = name {
                        names.insert(name, path.clone());
                    }
                    found.push(Reference { line, path, is_use: true });
                }
            } else if is_name(word) {
                let mut path = vec![word.to_owned()];
                at += 1;
                while tokens.get(at).is_some_and(|t| t.1 == "::") && tokens.get(at + 1).is_some_and(|t| is_name(&t.1)) {
                    path.push(tokens[at + 1].1.clone());
                    at += 2;
                }
                if path.len() > 1 {
                    found.push(Reference { line, path, is_use: false });
                }
            } else {
                at += 1;
            }
        }
        for reference in &mut found {
            reference.path = written_out(&reference.path, &module, &names);
        }
        found
    }
}

/// All `.rs` files below `root/dir`, sorted by path.
pub fn read(root: &Path, dir: &str) -> Vec<Source> {
    let mut sources: Vec<Source> = read_all(root, dir).into_iter().filter(|s| s.path.ends_with(".rs")).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// All files of text below `root/dir`.
pub fn read_all(root: &Path, dir: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(root.join(dir)).into_iter().flatten().flatten() {
        let path = format!("{dir}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            sources.extend(read_all(root, &path));
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            sources.push(Source { path, text });
        }
    }
    sources
}

/// `self`, `super`, `$crate` and local names replaced. A name is looked up twice: `use crate::features; use features::chat;`.
fn written_out(path: &[String], module: &[String], names: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut path = path.to_vec();
    for _ in 0..2 {
        if let Some(full) = names.get(&path[0]).filter(|full| full[0] != path[0] || full.len() == 1) {
            path.splice(0..1, full.iter().cloned());
        }
    }
    if path[0] == "self" {
        path.splice(0..1, module.iter().cloned());
    } else if path[0] == "super" {
        let ups = path.iter().take_while(|s| *s == "super").count();
        let base = &module[..module.len().saturating_sub(ups).max(1)];
        path.splice(0..ups, base.iter().cloned());
    }
    path
}

/// Line, path, and the local name that the import makes.
type Leaf = (usize, Vec<String>, Option<String>);

/// Reads one tree of a `use` from `at`; returns the place after it.
fn use_tree(tokens: &[Token], mut at: usize, prefix: &[String], leaves: &mut Vec<Leaf>) -> usize {
    let mut path = prefix.to_vec();
    let mut line = tokens.get(at).map_or(1, |t| t.0);
    while let Some((here, word)) = tokens.get(at) {
        match word.as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|t| t.1 != "}") {
                    at = use_tree(tokens, at, &path, leaves);
                    if tokens.get(at).is_some_and(|t| t.1 == ",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            "as" => {
                leaves.push((line, path, tokens.get(at + 1).map(|t| t.1.clone())));
                return at + 2;
            }
            "," | "}" | ";" => break,
            name => {
                line = *here;
                path.push(name.to_owned());
                at += 1;
            }
        }
    }
    if path.len() > 1 && path.last().is_some_and(|name| name == "self") {
        path.pop();
    }
    let name = path.last().filter(|name| *name != "*").cloned();
    if !path.is_empty() {
        leaves.push((line, path, name));
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(path: &str, text: &str) -> Vec<String> {
        Source::sample(path, text).references().iter().map(|r| format!("{} {}", r.line, r.path.join("::"))).collect()
    }

    #[test]
    fn nested_imports_are_written_out() {
        let text = "use crate::{\n    db::{Db, Tx as T},\n    ids::*,\n    web::{self, hx},\n};\nfn f() { T::new(); hx::kind() }";
        let expected = ["2 crate::db::Db", "2 crate::db::Tx", "3 crate::ids::*", "4 crate::web", "4 crate::web::hx"];
        let found = paths("src/lib.rs", text);
        assert_eq!(found[..5], expected);
        assert_eq!(found[5..], ["6 crate::db::Tx::new", "6 crate::web::hx::kind"]);
    }

    #[test]
    fn relative_paths_and_local_modules_are_written_out() {
        let text = "mod queries;\nuse super::people;\nfn f() { self::queries::a(); queries::b(); people::C::d(); super::super::db::e() }";
        let expected = [
            "2 crate::features::people",
            "3 crate::features::chat::queries::a",
            "3 crate::features::chat::queries::b",
            "3 crate::features::people::C::d",
            "3 crate::db::e",
        ];
        assert_eq!(paths("src/features/chat/mod.rs", text), expected);
    }

    #[test]
    fn comments_strings_characters_and_tests_are_not_code() {
        let text = r####"
// crate::a::b
/* crate::a /* nested */ crate::b */
const A: &str = "crate::c \" crate::d"; const B: &str = r#"crate::e " crate::f"#; const C: char = '"'; const D: char = '\'';
fn life<'a>(x: &'a str) { b"crate::g"; real::path() }
#[cfg(test)]
mod tests { use crate::h; fn f() { { crate::i() } } }
#[cfg(test)] use crate::j;
fn last() { crate::k() }
"####;
        assert_eq!(paths("src/a.rs", text), ["5 real::path", "9 crate::k"]);
    }
}
