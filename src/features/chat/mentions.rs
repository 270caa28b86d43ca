//! Finds the people whom a text names: `@` and the whole name, of somebody who is there.

use std::ops::Range;

/// A place of a text that names somebody: who, with others of that very name, and where, the `@` included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<Id> {
    /// Everybody of that name.
    pub who: Vec<Id>,
    /// Bytes of the text.
    pub at: Range<usize>,
}

/// The places of `text` that name one of `people`. The longest name wins; upper and lower case do not matter; what
/// goes on as a word, as in an e-mail address or "@Ana Ruizola", names nobody.
pub fn find<Id: Copy>(text: &str, people: &[(Id, &str)]) -> Vec<Named<Id>> {
    let mut found = Vec::new();
    let mut end = 0;
    for (start, _) in text.match_indices('@') {
        let follows_word = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
        if start < end || follows_word {
            continue;
        }
        let rest = &text[start + 1..];
        let lengths = people.iter().filter_map(|(id, name)| Some((*id, length_of(name, rest)?)));
        let lengths: Vec<(Id, usize)> = lengths.collect();
        let Some(longest) = lengths.iter().map(|(_, length)| *length).max() else { continue };
        end = start + 1 + longest;
        let who = lengths.iter().filter(|(_, length)| *length == longest).map(|(id, _)| *id).collect();
        found.push(Named { who, at: start..end });
    }
    found
}

/// Bytes of `text` that are `name` as a whole word at its beginning.
fn length_of(name: &str, text: &str) -> Option<usize> {
    let mut rest = text.chars();
    for letter in name.chars() {
        if !rest.next().is_some_and(|c| c == letter || c.to_lowercase().eq(letter.to_lowercase())) {
            return None;
        }
    }
    let is_whole = !rest.clone().next().is_some_and(char::is_alphanumeric);
    (is_whole && !name.is_empty()).then(|| text.len() - rest.as_str().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_of_people_who_are_there_are_found() {
        let people = [(1, "Ana Ruiz"), (2, "Ana Ruiz Díaz"), (3, "Íñigo Peña"), (4, "Ana Ruiz"), (5, "")];
        type Case<'a> = (&'a str, &'a [(&'a [i32], &'a str)], &'a str);
        let cases: [Case<'_>; 10] = [
            ("hola @Ana Ruiz, venga", &[(&[1, 4], "@Ana Ruiz")], "all who have the name"),
            ("@Ana Ruiz Díaz", &[(&[2], "@Ana Ruiz Díaz")], "the longest"),
            ("@ana ruiz díaz y @ÍÑIGO PEÑA.", &[(&[2], "@ana ruiz díaz"), (&[3], "@ÍÑIGO PEÑA")], "in any case"),
            ("(@Íñigo Peña)", &[(&[3], "@Íñigo Peña")], "in brackets"),
            ("ana@Ana Ruiz", &[], "an address names nobody"),
            ("@Ana", &[], "half a name"),
            ("@Ana Ruizola", &[], "a longer word"),
            ("@Luis Mora", &[], "not there"),
            ("@@Ana Ruiz", &[(&[1, 4], "@Ana Ruiz")], "the second sign"),
            ("@ @", &[], "no name"),
        ];
        for (text, expected, why) in cases {
            let found = find(text, &people);
            let found: Vec<(Vec<i32>, &str)> = found.into_iter().map(|n| (n.who, &text[n.at])).collect();
            let expected: Vec<(Vec<i32>, &str)> = expected.iter().map(|(who, at)| (who.to_vec(), *at)).collect();
            assert_eq!(found, expected, "{why}");
        }
    }
}
