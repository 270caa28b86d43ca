//! Folding: lower case without accents, the form in which text for people is searched and sorted.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// `"  Ñandú GÓMEZ "` → `"nandu gomez"`: trimmed, single spaces, lower case, no combining marks.
pub fn fold(text: &str) -> String {
    let plain: String = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A `like` pattern (escape `\`) for folded text that starts with `prefix`.
pub fn like_prefix(prefix: &str) -> String {
    let mut pattern = fold(prefix).replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::{fold, like_prefix};

    #[test]
    fn accents_case_and_spaces_do_not_matter() {
        for text in ["José Peña", "jose  pena ", "JOSÉ PEÑA", "Jose\u{301} Pen\u{303}a"] {
            assert_eq!(fold(text), "jose pena");
        }
    }

    #[test]
    fn wildcards_that_a_person_typed_are_letters() {
        assert_eq!(like_prefix("50%_Á"), r"50\%\_a%");
    }
}
