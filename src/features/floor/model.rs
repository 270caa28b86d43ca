//! Agent states and how they follow each other.

/// What a person says of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// `available`, `on_call`, `break` or `away`.
    pub state: &'static str,
    /// Why, for a break.
    pub reason: Option<&'static str>,
}

/// Reasons of a break.
pub const REASONS: [&str; 6] = ["lunch", "rest", "training", "bathroom", "meeting", "other"];

/// Why a state is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateError {
    /// Not a state that a person chooses; `away` comes by itself.
    Unknown,
    /// A break without one of the known reasons.
    NoReason,
}

impl State {
    /// The state of a form.
    ///
    /// # Errors
    /// `StateError` for what cannot be chosen.
    pub fn chosen(state: &str, reason: &str) -> Result<Self, StateError> {
        match state {
            "available" => Ok(Self { state: "available", reason: None }),
            "on_call" => Ok(Self { state: "on_call", reason: None }),
            "break" => {
                let reason = REASONS.into_iter().find(|r| *r == reason).ok_or(StateError::NoReason)?;
                Ok(Self { state: "break", reason: Some(reason) })
            }
            _ => Err(StateError::Unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_says_why_and_nobody_chooses_to_be_away() {
        let cases = [
            ("available", "lunch", Ok(("available", None))),
            ("on_call", "", Ok(("on_call", None))),
            ("break", "lunch", Ok(("break", Some("lunch")))),
            ("break", "", Err(StateError::NoReason)),
            ("break", "nap", Err(StateError::NoReason)),
            ("away", "", Err(StateError::Unknown)),
            ("offline", "", Err(StateError::Unknown)),
        ];
        for (state, reason, expected) in cases {
            assert_eq!(State::chosen(state, reason).map(|s| (s.state, s.reason)), expected, "{state} {reason}");
        }
    }
}
