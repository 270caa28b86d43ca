//! Rules that hold for the style sheets and icons.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use views::assets;

/// The files of a folder and of those in it, with the given ending.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The folder of this crate.
pub fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The string literals of a Rust source, roughly: good enough for names and keys.
pub fn literals(source: &str) -> BTreeSet<String> {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

#[test]
fn style_sheets_avoid_what_is_slow_in_large_live_lists() {
    for path in files(&here().join("../assets/css"), "css") {
        let css = fs::read_to_string(&path).unwrap();
        for (at, line) in css.lines().enumerate() {
            let place = format!("{}:{}: {line}", path.display(), at + 1);
            assert!(!line.contains("[class*") && !line.contains("[class^"), "{place}");
            let is_selector = line.ends_with('{') || line.ends_with(',');
            if is_selector && !line.contains(':') || line.ends_with(" {") && !line.starts_with('@') {
                assert!(!line.contains(" + ") && !line.contains(" ~ "), "{place}");
            }
            assert!(!line.contains("url(") && !line.contains("@import"), "{place}");
        }
    }
}

#[test]
fn the_sprite_has_the_icons_that_are_used_and_no_others() {
    let sprite = fs::read_to_string(here().join("../assets/icons.svg")).unwrap();
    let drawn: BTreeSet<&str> = sprite.split("<symbol id=\"").skip(1).filter_map(|s| s.split('"').next()).collect();
    let mut words = BTreeSet::new();
    for path in files(&here().join("src"), "rs") {
        words.extend(literals(&fs::read_to_string(path).unwrap()));
    }
    for name in &drawn {
        assert!(words.contains(*name), "{name} is drawn, but never used");
    }
    for (page, markup) in crate::sample::all(Default::default()) {
        for used in markup
            .into_string()
            .split("icons-")
            .skip(1)
            .filter_map(|s| s.split('#').nth(1)?.split('"').next().map(str::to_owned))
        {
            assert!(drawn.contains(used.as_str()), "{page}: no icon {used}");
        }
    }
}

#[test]
fn assets_have_stable_names_and_hashed_addresses() {
    for name in ["app.css", "app.js", "favicon.svg", "favicon-unread.svg", "icons.svg", "vendor.css"] {
        let asset = assets::ASSETS.iter().find(|a| a.name == name).unwrap();
        assert!(asset.url.starts_with("/assets/") && asset.url.len() > name.len() + 9, "{}", asset.url);
        assert!(!asset.bytes.is_empty(), "{name} is empty");
        assert_eq!(assets::url(name), asset.url);
    }
}
