//! Texts: both languages have the same keys, what is used is there, and what is there is used.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use views::text::{Locale, exists, plural, t};

use crate::sources::{files, here, literals};

/// Prefixes of keys that are put together at run time, each with the reason.
const BUILT: &[(&str, &str)] = &[
    ("importance.", "the code of a mass message's importance, as stored"),
    ("broadcasts.sheet.", "the columns of the exported roll-call"),
    ("broadcasts.tab.", "the word of a tab of the roll-call"),
    ("broadcasts.receipt.", "how far a recipient got"),
    ("broadcasts.figure.", "how far a recipient got"),
    ("employees.reason.", "the code of why an employee left, as stored"),
    ("employees.sex.", "the code of a sex, as stored"),
    ("employees.state.", "whether an employee works here, as stored"),
    ("employees.title.count.", "the total of a list page, by the key of its title"),
    ("role.", "the code of a person's role, as stored"),
    ("module.", "the code of a campaign's module, as stored"),
    ("presence.", "the code of a presence"),
    ("live_status.figure.", "the name of a figure of the live engine"),
    ("live_status.redis.", "whether Redis is heard"),
    ("message.reaction.", "the code of a reaction, as stored"),
    ("emoji.", "the code of an emoji"),
    ("break.", "the code of a pause's reason"),
    ("people.action.", "the code of an entry of the audit log"),
    ("people.field.", "the name of a field, as the audit log has it"),
    ("people.state.", "the code of where an account stands"),
    ("people.title.count.", "the total of a list page, by the key of its title"),
    ("campaigns.title.count.", "the total of a list page, by the key of its title"),
    ("tickets.application.", "the code of an application, as stored"),
    ("tickets.kind.", "the code of a kind, as stored"),
    ("tickets.priority.", "the code of a priority, as stored"),
    ("tickets.status.", "the code of a state, as stored"),
    ("tickets.step.", "the codes of two states, as stored"),
    ("tickets.column.", "the name of a column of the list"),
    ("tickets.sheet.", "the columns of the exported list"),
    ("tickets.tab.", "the word of a tab of the list"),
    ("tickets.figures.", "the key of a figure"),
    ("tickets.board.said.", "what is said while a card is moved"),
    ("tickets.change.", "the name of a field, as the timeline has it"),
    ("tickets.title.count.", "the total of a list page, by the key of its title"),
    ("holiday.", "the code of a national holiday, as stored"),
    ("audit.action.", "the code of an action, as stored"),
    ("audit.entity.", "the name of a table"),
    ("country.", "the code of a country"),
    ("weekday.", "the number of a day, Monday 1"),
    ("state.", "whether a record is active"),
    ("error.", "the status of an error answer; field errors of forms come from the server"),
];

/// Keys that the server chooses when it refuses or confirms something: it names them in its own words.
const FROM_SERVER: &[&str] = &[
    "broadcasts.error.",
    "import.error.",
    "field.",
    "password.",
    "sign_in.",
    "chat.error.",
    "file.error.",
    "file.help.",
    "setup.",
];

fn texts(l: Locale) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for path in files(&here().join("i18n").join(l.code()), "toml") {
        let parsed: BTreeMap<String, String> = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        all.extend(parsed);
    }
    all
}

/// The sources of this crate and of the server.
fn sources() -> Vec<(String, String)> {
    ["src", "../src"]
        .iter()
        .flat_map(|folder| files(&here().join(folder), "rs"))
        .map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap()))
        .collect()
}

fn is_key(word: &str) -> bool {
    word.split('.').count() > 1
        && word.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
}

/// The placeholders of a text.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let (es, en) = (texts(Locale::Es), texts(Locale::En));
    for key in es.keys().chain(en.keys()) {
        let (Some(a), Some(b)) = (es.get(key), en.get(key)) else { panic!("{key} is in one language only") };
        assert!(!a.is_empty() && !b.is_empty(), "{key} is empty");
        assert_eq!(placeholders(a), placeholders(b), "{key}");
        assert!(exists(key), "{key} is not compiled in");
    }
}

#[test]
fn every_key_that_is_used_exists() {
    let families: BTreeSet<String> =
        texts(Locale::Es).keys().filter_map(|k| k.split('.').next().map(str::to_owned)).collect();
    for (path, source) in sources() {
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        for call in ["t(l, \"", "fill(l, \"", "plural(l, \"", "TextKey(\"", "_key: \"", "_key: Some(\""] {
            for rest in code.split(call).skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                let known = exists(key) || exists(&format!("{key}.one")) && exists(&format!("{key}.other"));
                assert!(known || key.contains('{'), "{path}: no text for {key}");
            }
        }
        for word in literals(code).iter().filter(|w| is_key(w)) {
            let family = word.split('.').next().unwrap_or_default();
            let looks_like_file = [".css", ".js", ".svg", ".toml", ".db"].iter().any(|e| word.ends_with(e));
            if path.contains("/views/src/") && families.contains(family) && !looks_like_file {
                // What the audit log calls an action is no key, but has one.
                let is_action = exists(&format!("audit.action.{word}"));
                assert!(is_action || exists(word) || exists(&format!("{word}.one")), "{path}: no text for {word}");
            }
        }
    }
}

#[test]
fn every_key_that_exists_is_used() {
    let words: BTreeSet<String> = sources().iter().flat_map(|(_, source)| literals(source)).collect();
    for key in texts(Locale::Es).keys() {
        // A count has two forms; a filter may have its own words for "all".
        let stem = [".one", ".other", ".any"].iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key);
        let built = BUILT.iter().any(|(prefix, _)| key.starts_with(prefix))
            || FROM_SERVER.iter().any(|prefix| key.starts_with(prefix));
        assert!(built || words.contains(key.as_str()) || words.contains(stem), "{key} is used nowhere");
    }
}

#[test]
fn one_and_many_differ() {
    assert_eq!(plural(Locale::Es, "chat.unread", 1), "1 mensaje sin leer");
    assert_eq!(plural(Locale::En, "chat.unread", 0), "0 unread messages");
}

#[test]
fn a_page_shows_no_missing_text() {
    for locale in Locale::ALL {
        let look = views::layout::Look { locale, ..Default::default() };
        for (name, page) in crate::sample::all(look) {
            assert!(!page.into_string().contains('⟦'), "{name} in {}", locale.code());
        }
    }
    assert!(t(Locale::Es, "no.such").contains('⟦'), "the mark that is looked for");
}
