//! Rules of messages: what a body may be, how they group.

use chrono::{DateTime, Duration, NaiveDate, Utc};

/// Longest message, in characters (domain: chat, section 3.2).
pub const MAX_CHARS: usize = 4_000;
/// Messages that one person may send in [`RATE_WINDOW`] (domain: chat, section 3.4).
pub const RATE: i64 = 20;
/// The window of [`RATE`].
pub const RATE_WINDOW: Duration = Duration::minutes(1);
/// How long a message may be edited.
const EDITABLE: Duration = Duration::minutes(5);
/// Silence after which the sender's name is said again.
const GROUP: Duration = Duration::minutes(5);
/// Characters of the last line in a list of conversations.
const LINE_CHARS: usize = 120;

/// What a message says, ready to be stored: trimmed, `\n` line ends, 1 to 4,000 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body(String);

/// Why a body is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// Nothing but white space.
    Empty,
    /// More than `MAX_CHARS`.
    TooLong,
}

impl Body {
    /// Cleans what was typed. Browsers send `\r\n`; control characters other than line ends and tabs are dropped.
    ///
    /// # Errors
    /// `BodyError` when nothing is left, or too much.
    pub fn new(typed: &str) -> Result<Self, BodyError> {
        let text = typed.replace("\r\n", "\n").replace('\r', "\n");
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let text = text.trim();
        if text.is_empty() {
            return Err(BodyError::Empty);
        }
        if text.chars().count() > MAX_CHARS {
            return Err(BodyError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// As [`Body::new`], where files come with the message: then it may say nothing.
    ///
    /// # Errors
    /// `BodyError::TooLong`.
    pub fn beside_files(typed: &str) -> Result<Self, BodyError> {
        match Self::new(typed) {
            Err(BodyError::Empty) => Ok(Self(String::new())),
            other => other,
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its beginning on one line, for lists.
    pub fn line(&self) -> String {
        line(&self.0)
    }
}

/// The beginning of a text on one line, for lists.
pub fn line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LINE_CHARS { line } else { line.chars().take(LINE_CHARS - 1).chain(['…']).collect() }
}

/// The longest title of a group, in characters.
pub const TITLE_CHARS: usize = 80;
/// Most people of a group; one more is refused.
pub const GROUP_PEOPLE: usize = 200;

/// What happened to a conversation, told among its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It was made; the argument is its title.
    Created,
    /// It has another title: the argument.
    Renamed,
    /// Somebody joined; their name.
    Added,
    /// Somebody was taken out; their name.
    Removed,
    /// The sender left.
    Left,
}

impl Notice {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Renamed => "renamed",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Left => "left",
        }
    }
}

/// The name of a group on one line, 1 to 80 characters; `None` for anything else.
pub fn title(typed: &str) -> Option<String> {
    let visible: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let title = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    (1..=TITLE_CHARS).contains(&title.chars().count()).then_some(title)
}

/// Until when the sender may edit a message of `sent` (domain: chat, section 3.5).
pub fn editable_until(sent: DateTime<Utc>) -> DateTime<Utc> {
    sent + EDITABLE
}

/// Why a message that is there may not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeError {
    /// Somebody else sent it.
    NotYours,
    /// It is older than [`EDITABLE`].
    TooLate,
    /// It was deleted.
    Gone,
}

/// Whether one may change what a message says: one's own, and for a while.
///
/// # Errors
/// `ChangeError` says why not.
pub fn may_edit(is_mine: bool, is_deleted: bool, sent: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), ChangeError> {
    match (is_mine, is_deleted) {
        (false, _) => Err(ChangeError::NotYours),
        (true, true) => Err(ChangeError::Gone),
        (true, false) if now > editable_until(sent) => Err(ChangeError::TooLate),
        (true, false) => Ok(()),
    }
}

/// Whether one may delete a message: one's own, at any time.
///
/// # Errors
/// `ChangeError::NotYours`.
pub fn may_delete(is_mine: bool) -> Result<(), ChangeError> {
    if is_mine { Ok(()) } else { Err(ChangeError::NotYours) }
}

/// The message before a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous<Id> {
    /// Who sent it.
    pub sender: Id,
    /// When.
    pub at: DateTime<Utc>,
    /// On which local day.
    pub day: NaiveDate,
}

/// Whether a new message starts a group, and the day whose separator stands above it. Decided once, under the
/// conversation's lock, and stored: every screen agrees.
pub fn starts<Id: PartialEq>(
    previous: Option<&Previous<Id>>,
    sender: &Id,
    at: DateTime<Utc>,
    day: NaiveDate,
) -> (bool, Option<NaiveDate>) {
    let Some(previous) = previous else { return (true, Some(day)) };
    if previous.day != day {
        return (true, Some(day));
    }
    (previous.sender != *sender || at - previous.at > GROUP, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_cleaned_and_bounded() {
        assert_eq!(Body::new("  hola\r\n¿cómo va?\u{7}  ").map(|b| b.0), Ok("hola\n¿cómo va?".to_owned()));
        assert_eq!(Body::new(" \r\n\t "), Err(BodyError::Empty));
        assert!(Body::new(&"ñ".repeat(MAX_CHARS)).is_ok(), "characters are counted, not bytes");
        assert_eq!(Body::new(&"a".repeat(MAX_CHARS + 1)), Err(BodyError::TooLong));
    }

    #[test]
    fn only_ones_own_may_be_changed_and_edited_for_five_minutes() {
        let sent = DateTime::UNIX_EPOCH;
        let cases = [
            (true, false, 0, Ok(()), "at once"),
            (true, false, 300, Ok(()), "at the last moment"),
            (true, false, 301, Err(ChangeError::TooLate), "five minutes are over"),
            (true, true, 0, Err(ChangeError::Gone), "deleted"),
            (false, false, 0, Err(ChangeError::NotYours), "another's"),
            (false, true, 301, Err(ChangeError::NotYours), "another's, whatever else it is"),
        ];
        for (is_mine, is_deleted, after_s, expected, why) in cases {
            assert_eq!(may_edit(is_mine, is_deleted, sent, sent + Duration::seconds(after_s)), expected, "{why}");
        }
        assert_eq!((may_delete(true), may_delete(false)), (Ok(()), Err(ChangeError::NotYours)));
    }

    #[test]
    fn the_last_line_is_one_line() {
        let body = Body::new("uno\n\ndos   tres").expect("valid");
        assert_eq!(body.line(), "uno dos tres");
        let long = Body::new(&"palabra ".repeat(40)).expect("valid").line();
        assert_eq!(long.chars().count(), LINE_CHARS);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn a_title_is_one_line_of_one_to_eighty_characters() {
        let longest = "ñ".repeat(TITLE_CHARS);
        let cases = [
            ("  Turno   de\nla noche ", Some("Turno de la noche".to_owned()), "white space is one blank"),
            (" \t ", None, "nothing is left"),
            (&longest, Some(longest.clone()), "characters, not bytes"),
            (&"a".repeat(TITLE_CHARS + 1), None, "too long"),
        ];
        for (typed, expected, why) in cases {
            assert_eq!(title(typed), expected, "{why}");
        }
    }

    #[test]
    fn groups_break_at_another_sender_a_new_day_and_five_minutes() {
        let at: DateTime<Utc> = "2026-11-22T15:00:00Z".parse().expect("instant");
        let day: NaiveDate = "2026-11-22".parse().expect("day");
        let last = Previous { sender: 1, at, day };
        let later = |minutes| at + Duration::minutes(minutes);
        let next_day = day.succ_opt().expect("day");
        let cases = [
            (None, 1, later(0), day, (true, Some(day)), "the first message"),
            (Some(&last), 1, later(5), day, (false, None), "five minutes still belong together"),
            (Some(&last), 1, later(6), day, (true, None), "more than five do not"),
            (Some(&last), 2, later(0), day, (true, None), "another sender"),
            (Some(&last), 1, later(1), next_day, (true, Some(next_day)), "past midnight"),
        ];
        for (previous, sender, at, day, expected, why) in cases {
            assert_eq!(starts(previous, &sender, at, day), expected, "{why}");
        }
    }
}
