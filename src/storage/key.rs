//! Names of objects.

use std::fmt;

/// A name as `chat/CONVERSATION/FILE`: parts of lower-case letters, digits, `-`, `_` and `.`, so that it is a safe path on
/// any disk and needs no escaping in any object store. Nothing that a person typed may be part of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the key of an object")]
pub struct KeyError;

impl Key {
    /// A key of parts that the code wrote or that are ids. A character that may not stand in one becomes `_`, so that a
    /// mistake makes an odd name and never a way out of the folder.
    pub fn of(parts: &[&str]) -> Self {
        let clean = |part: &&str| {
            let text: String = part.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
            if is_part(&text) { text } else { format!("_{}", text.replace('.', "_")) }
        };
        Self(parts.iter().map(clean).collect::<Vec<_>>().join("/"))
    }

    /// Takes up a key from the database.
    ///
    /// # Errors
    /// It is none that [`Key::of`] makes.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let is_key = !text.is_empty() && text.split('/').all(is_part);
        if is_key { Ok(Self(text.to_owned())) } else { Err(KeyError) }
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.')
}

/// No dot in front: neither `..`, nor a hidden file, nor one of our own temporary ones.
fn is_part(part: &str) -> bool {
    !part.is_empty() && !part.starts_with('.') && part.chars().all(is_plain)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
