//! The address of a list: a path with the filters that are set, so that every link keeps them.

use std::fmt::Write as _;

/// A path and its query. Empty values are left out of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// A path without a query.
    pub fn new(path: &str) -> Self {
        Self { path: path.to_owned(), pairs: Vec::new() }
    }

    /// The same with `name` set; an empty value takes it away.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.pairs.retain(|(n, _)| n != name);
        if !value.is_empty() {
            other.pairs.push((name.to_owned(), value.to_owned()));
        }
        other
    }

    /// The same with `name` set once for each value.
    #[must_use]
    pub fn with_each<'v>(&self, name: &str, values: impl IntoIterator<Item = &'v str>) -> Self {
        let mut other = self.with(name, "");
        other.pairs.extend(values.into_iter().map(|value| (name.to_owned(), value.to_owned())));
        other
    }

    /// The same at another path, of the first page: what is filtered, elsewhere.
    #[must_use]
    pub fn at(&self, path: &str) -> Self {
        let kept = self.pairs.iter().filter(|(name, _)| name != "page" && name != "size" && name != "after");
        Self { path: path.to_owned(), pairs: kept.cloned().collect() }
    }

    /// The path alone, where a form sends to.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is set.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// As a link has it: `/people?q=ana+ruiz&page=2`.
    pub fn href(&self) -> String {
        let mut href = self.path.clone();
        for (n, (name, value)) in self.pairs.iter().enumerate() {
            href.push(if n == 0 { '?' } else { '&' });
            encode(&mut href, name);
            href.push('=');
            encode(&mut href, value);
        }
        href
    }
}

/// Form encoding: what is not a plain letter or digit becomes `%XX`, a space `+`.
fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => out.push(char::from(b)),
            b => {
                let _ = write!(out, "%{b:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_link_keeps_the_other_filters_and_hides_nothing_in_them() {
        let list = Address::new("/people").with("q", "Peña & co").with("role", "asesor").with("page", "2");
        assert_eq!(list.href(), "/people?q=Pe%C3%B1a+%26+co&role=asesor&page=2");
        assert_eq!(list.with("role", "").with("page", "3").href(), "/people?q=Pe%C3%B1a+%26+co&page=3");
        assert_eq!(Address::new("/people").href(), "/people");
        assert_eq!(list.with_each("role", ["a", "b"]).with("q", "").href(), "/people?page=2&role=a&role=b");
        assert_eq!(list.with("size", "50").at("/export").href(), "/export?q=Pe%C3%B1a+%26+co&role=asesor");
    }
}
