//! Money: integer minor units with their currency. Never floats.

use std::fmt;

/// Currencies of the business. Both have two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    /// Colombian peso.
    Cop,
    /// Mexican peso.
    Mxn,
}

impl Currency {
    /// ISO 4217.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cop => "COP",
            Self::Mxn => "MXN",
        }
    }

    /// The currency of an ISO code, upper case.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Cop, Self::Mxn].into_iter().find(|c| c.code() == code)
    }
}

/// An amount in minor units (centavos).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// Centavos; negative for what is owed back.
    pub minor: i64,
    /// What they are centavos of.
    pub currency: Currency,
}

impl Money {
    /// Reads an amount as people of the currency's country write it: `$ 1.234.567,50` in COP, `1,234,567.50` in MXN.
    /// Signs between groups may be left out, but must not stand elsewhere: a mistaken point is no thousand.
    pub fn parse(typed: &str, currency: Currency) -> Option<Self> {
        let (group, point) = match currency {
            Currency::Cop => ('.', ','),
            Currency::Mxn => (',', '.'),
        };
        let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '$').collect();
        let (whole, cents) = plain.split_once(point).unwrap_or((&plain, ""));
        let groups: Vec<&str> = whole.split(group).collect();
        let (first, rest) = groups.split_first()?;
        let is_grouped = rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|g| g.len() == 3));
        let digits = groups.concat();
        let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !is_grouped || digits.is_empty() || !is_plain(&digits) || !is_plain(cents) || cents.len() > 2 {
            return None;
        }
        let minor = format!("{digits}{cents:0<2}").parse().ok()?;
        Some(Self { minor, currency })
    }
}

impl fmt::Display for Money {
    /// `$ 1.234.567` and `$ 1.234,50` in COP (decimals only when there are some), `$1,234.56` in MXN.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, cents) = (self.minor.unsigned_abs() / 100, self.minor.unsigned_abs() % 100);
        match self.currency {
            Currency::Cop if cents == 0 => write!(f, "{sign}$ {}", grouped(whole, '.')),
            Currency::Cop => write!(f, "{sign}$ {},{cents:02}", grouped(whole, '.')),
            Currency::Mxn => write!(f, "{sign}${}.{cents:02}", grouped(whole, ',')),
        }
    }
}

fn grouped(n: u64, separator: char) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Currency, Money};

    #[test]
    fn amounts_read_as_in_the_country_of_their_currency() {
        let cases = [
            (123_456_700, Currency::Cop, "$ 1.234.567"),
            (123_450, Currency::Cop, "$ 1.234,50"),
            (0, Currency::Cop, "$ 0"),
            (-100_000, Currency::Cop, "-$ 1.000"),
            (123_456, Currency::Mxn, "$1,234.56"),
            (99, Currency::Mxn, "$0.99"),
        ];
        for (minor, currency, text) in cases {
            assert_eq!(Money { minor, currency }.to_string(), text);
            assert_eq!(Money::parse(text, currency), (minor >= 0).then_some(Money { minor, currency }), "{text}");
        }
    }

    #[test]
    fn a_mistaken_sign_is_no_amount() {
        for typed in ["1000", "1000,5", "$1.000,50", " 1 000 "] {
            assert!(Money::parse(typed, Currency::Cop).is_some(), "{typed}");
        }
        for typed in ["", "$", ",50", "1.5", "1.000.00", "1000.000", "1,234,567", "1,005", "-1", "1e3", "mil"] {
            assert_eq!(Money::parse(typed, Currency::Cop), None, "{typed}");
        }
    }
}
