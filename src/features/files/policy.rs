//! What each use of files allows: one table, so that nobody has to look for it.

use views::ui::UploadLimits;

use super::kind::{self, Kind};
use crate::{
    error::{AppError, AppResult, FieldErrors},
    ids::FileId,
};

/// What a file is brought for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A message.
    Chat,
    /// A ticket or a comment on one.
    Ticket,
}

impl Purpose {
    /// As stored, and the first part of its objects' keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Ticket => "ticket",
        }
    }
}

/// What one use of files allows.
#[derive(Debug)]
pub struct Policy {
    /// Which use.
    pub purpose: Purpose,
    /// Which files, told by their content.
    pub kinds: &'static [Kind],
    /// Longest file; a longer one is refused while it comes.
    pub file_bytes: u64,
    /// Most files of one message, ticket or comment.
    pub files: usize,
    /// What the person reads when a file is of another kind, too long, or one too many.
    pub texts: Texts,
}

/// Keys of what a person reads when a file is refused: they name the limits.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    /// Of no kind that is allowed.
    pub kind: &'static str,
    /// Longer than allowed.
    pub size: &'static str,
    /// More than allowed.
    pub count: &'static str,
    /// The limits, told before anything is brought.
    pub help: &'static str,
}

/// Files of messages (domain: files, section 1.3).
pub const CHAT: Policy = Policy {
    purpose: Purpose::Chat,
    kinds: &kind::ANY,
    file_bytes: 10 * MB,
    files: 10,
    texts: Texts {
        kind: "chat.error.file_type",
        size: "file.error.size",
        count: "chat.error.file_count",
        help: "file.help.chat",
    },
};

/// Files of tickets and of comments on them (domain: tickets, section 7).
pub const TICKET: Policy = Policy {
    purpose: Purpose::Ticket,
    kinds: &kind::PAPERS,
    file_bytes: 10 * MB,
    files: 5,
    texts: Texts {
        kind: "file.error.ticket_type",
        size: "file.error.size",
        count: "file.error.ticket_count",
        help: "file.help.ticket",
    },
};

const MB: u64 = 1024 * 1024;
/// What a form may have beside its files: text, and the lines between its parts.
const BESIDE_BYTES: usize = 64 * 1024;

impl Policy {
    /// Longest body of a form with files, for its route.
    pub const fn body_bytes(&self) -> usize {
        self.files * self.file_bytes as usize + BESIDE_BYTES
    }

    /// The same for the form and its script.
    pub fn limits(&self) -> UploadLimits {
        UploadLimits {
            files: self.files,
            file_bytes: self.file_bytes,
            count_key: self.texts.count,
            size_key: self.texts.size,
            help_key: self.texts.help,
        }
    }

    /// Reads the files that a form names, as `ID,ID`: each once, in the order in which they were brought.
    ///
    /// # Errors
    /// 400 for what is no id, 422 for more than are allowed.
    pub fn parse(&self, text: &str) -> AppResult<Vec<FileId>> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let mut ids: Vec<FileId> =
            parts.map(str::parse).collect::<Result<_, _>>().map_err(|_| AppError::BadRequest("files".to_owned()))?;
        ids.sort();
        ids.dedup();
        if ids.len() > self.files {
            return Err(AppError::Invalid(FieldErrors::one("files", self.texts.count)));
        }
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_once_each_and_counted() {
        let (one, other) = (FileId::new(), FileId::new());
        assert!(CHAT.parse("").is_ok_and(|ids| ids.is_empty()));
        assert!(CHAT.parse(&format!("{other},{one}, {one},")).is_ok_and(|ids| ids == [one, other]));
        assert!(matches!(CHAT.parse("../../x"), Err(AppError::BadRequest(_))));
        for policy in [&CHAT, &TICKET] {
            let ids = |n| (0..n).map(|_| FileId::new().to_string()).collect::<Vec<_>>().join(",");
            assert!(policy.parse(&ids(policy.files)).is_ok());
            assert!(matches!(policy.parse(&ids(policy.files + 1)), Err(AppError::Invalid(_))));
        }
    }
}
