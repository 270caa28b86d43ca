//! How a person wants it to look.

use crate::text::Locale;

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// The stored code: `auto`, `light`, `dark`.
    pub fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of a code.
    pub fn from_code(code: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|t| t.code() == code)
    }
}

/// How much room rows take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum Density {
    /// Rows of 36 px.
    #[default]
    Compact,
    /// Rows of 44 px.
    Comfortable,
}

impl Density {
    /// Every density.
    pub const ALL: [Density; 2] = [Density::Compact, Density::Comfortable];

    /// The stored code: `compact`, `comfortable`.
    pub fn code(self) -> &'static str {
        match self {
            Density::Compact => "compact",
            Density::Comfortable => "comfortable",
        }
    }

    /// The density of a code.
    pub fn from_code(code: &str) -> Option<Density> {
        Density::ALL.into_iter().find(|d| d.code() == code)
    }
}

/// Language, theme and density of one person.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct Look {
    /// The language.
    pub locale: Locale,
    /// Light or dark.
    pub theme: Theme,
    /// How much room rows take.
    pub density: Density,
}
