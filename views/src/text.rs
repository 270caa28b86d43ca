//! Words for people: every text comes from `i18n/{es,en}/*.toml`, compiled into one sorted table.
//!
//! Keys are flat (`chat.composer.send`); plurals end in `.one` and `.other`; placeholders are `{name}`.

use serde::{Deserialize, Serialize};

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// What a key shows that has no text; the tests keep it from happening.
const MISSING: &str = "⟦?⟧";

/// The language of a page or fragment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Spanish as spoken in offices of Bogota and Mexico.
    #[default]
    Es,
    /// English.
    En,
}

impl Locale {
    /// Every language, in the order in which fragments are rendered.
    pub const ALL: [Locale; 2] = [Locale::Es, Locale::En];

    /// The language tag: `es` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Locale::Es => "es",
            Locale::En => "en",
        }
    }

    /// The language of a tag that [`Locale::code`] gives.
    pub fn from_code(code: &str) -> Option<Locale> {
        Locale::ALL.into_iter().find(|l| l.code() == code)
    }
}

/// The text of a key.
pub fn t(l: Locale, key: &str) -> &'static str {
    let Ok(at) = TEXTS.binary_search_by(|row| row.0.cmp(key)) else {
        return MISSING;
    };
    let (_, es, en) = TEXTS[at];
    let text = match l {
        Locale::Es => es,
        Locale::En => en,
    };
    if text.is_empty() { MISSING } else { text }
}

/// The text of a key with its placeholders filled in one pass: what a value holds is never read as a placeholder.
pub fn fill(l: Locale, key: &str, args: &[(&str, &str)]) -> String {
    let mut rest = t(l, key);
    let mut out = String::with_capacity(rest.len() + 16);
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let close = rest.find('}').map_or(rest.len(), |at| at + 1);
        let name = rest[1..close].trim_end_matches('}');
        match args.iter().find(|(n, _)| *n == name) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&rest[..close]),
        }
        rest = &rest[close..];
    }
    out.push_str(rest);
    out
}

/// The text of `key.one` or `key.other`, with `{n}` filled.
pub fn plural(l: Locale, key: &str, n: i64) -> String {
    let form = if n == 1 { "one" } else { "other" };
    fill(l, &format!("{key}.{form}"), &[("n", &n.to_string())])
}

/// Whether the table has the key.
pub fn exists(key: &str) -> bool {
    TEXTS.binary_search_by(|row| row.0.cmp(key)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_placeholder_stays_as_it_is() {
        let text = fill(Locale::Es, "chat.row.open", &[("name", "{name}{x}")]);
        assert!(text.contains("{name}{x}"), "{text}");
    }

    #[test]
    fn an_unknown_key_shows_a_mark() {
        assert_eq!(t(Locale::En, "no.such.key"), MISSING);
        assert!(!exists("no.such.key"));
    }
}
