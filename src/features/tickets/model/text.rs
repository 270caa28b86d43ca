//! What people write: the subject of a ticket, and everything longer.

/// Longest subject, in characters (domain: tickets, section 1).
const TITLE_CHARS: usize = 255;
/// Longest description, comment or reason, in characters.
const WORDS_CHARS: usize = 10_000;

/// Why a text cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// There is none.
    Missing,
    /// More than fits.
    TooLong,
}

impl TextError {
    /// Key of what to tell the person.
    pub fn key(self) -> &'static str {
        match self {
            Self::Missing => "field.required",
            Self::TooLong => "field.too_long",
        }
    }
}

/// A subject: one line, 1 to 255 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title(String);

impl Title {
    /// Takes what was typed; breaks and runs of white space become single spaces.
    ///
    /// # Errors
    /// It is empty or too long.
    pub fn new(typed: &str) -> Result<Self, TextError> {
        measured(typed.split_whitespace().collect::<Vec<_>>().join(" "), TITLE_CHARS).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A description, comment, reason or solution: 1 to 10,000 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    /// Takes what was typed, without what surrounds it; control characters but line breaks and tabs are left out.
    ///
    /// # Errors
    /// It is empty or too long.
    pub fn new(typed: &str) -> Result<Self, TextError> {
        let plain: String =
            typed.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || "\n\t".contains(*c)).collect();
        measured(plain.trim().to_owned(), WORDS_CHARS).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn measured(text: String, most: usize) -> Result<String, TextError> {
    match text.chars().count() {
        0 => Err(TextError::Missing),
        n if n > most => Err(TextError::TooLong),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line_and_a_text_keeps_its_lines() {
        assert_eq!(Title::new("  No  abre\nVicidial ").map(|t| t.0), Ok("No abre Vicidial".to_owned()));
        assert_eq!(Words::new(" uno\r\ndos\u{0} ").map(|w| w.0), Ok("uno\ndos".to_owned()));
        for typed in ["", " \n\t "] {
            assert_eq!((Title::new(typed), Words::new(typed)), (Err(TextError::Missing), Err(TextError::Missing)));
        }
        assert!(Title::new(&"ñ".repeat(255)).is_ok());
        assert_eq!(Title::new(&"ñ".repeat(256)), Err(TextError::TooLong));
        assert_eq!(Words::new(&"a".repeat(10_001)), Err(TextError::TooLong));
    }
}
