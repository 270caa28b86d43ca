//! Finding by what people type: words in any order, each by its beginning, whatever the accents.

use super::Sql;
use crate::fold::{fold, like_prefix};

/// Words that count; who types more has said enough.
const MOST: usize = 5;

impl Sql {
    /// Appends a condition for each word of `text`, beginning with ` and `: see [`Sql::word`].
    #[must_use]
    pub fn and_words(mut self, text: &str, column: &'static str, also: &[&'static str]) -> Self {
        for word in fold(text).split(' ').filter(|word| !word.is_empty()).take(MOST) {
            self = self.push(" and ").word(word, column, also);
        }
        self
    }

    /// Appends `(…)`: the folded `column` has a word that begins so, or one of `also` begins so itself.
    #[must_use]
    pub fn word(self, word: &str, column: &'static str, also: &[&'static str]) -> Self {
        let prefix = like_prefix(word);
        let mut sql = self.push("(").like(column, &prefix).push(" or ").like(column, &format!("% {prefix}"));
        for column in also {
            sql = sql.push(" or ").like(column, &prefix);
        }
        sql.push(")")
    }

    fn like(self, column: &'static str, pattern: &str) -> Self {
        self.push(column).push(" like ").bind(pattern).push(r" escape '\'")
    }
}

#[cfg(test)]
mod tests {
    use crate::sql;

    #[test]
    fn each_word_is_a_condition_of_its_own() {
        let found = sql!("select 1 where true").and_words(" Ana  PEÑA ", "u.name", &["u.code"]);
        let one = |n: usize| {
            let like = |column: &str, n: usize| format!(r"{column} like ${n} escape '\'");
            format!("({} or {} or {})", like("u.name", n), like("u.name", n + 1), like("u.code", n + 2))
        };
        assert_eq!(found.text(), format!("select 1 where true and {} and {}", one(1), one(4)));
    }

    #[test]
    fn nothing_typed_is_no_condition() {
        assert_eq!(sql!("select 1").and_words("  ", "u.name", &[]).text(), "select 1");
    }
}
