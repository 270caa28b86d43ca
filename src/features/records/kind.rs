//! Kinds of records, their codes and addresses.

use uuid::Uuid;
use views::paths;

use crate::live::Topic;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A campaign: its members and the administrators see it.
    Campaign,
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Which one.
    pub id: Uuid,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 1] = [Self::Campaign];

    /// As stored and as addresses name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What stands before the id in the address of its page.
    fn folder(self) -> &'static str {
        match self {
            Self::Campaign => paths::CAMPAIGNS,
        }
    }
}

impl Record {
    /// The record of a stored pair; `None` for a kind that this version does not know.
    pub fn stored(kind: Option<&str>, id: Option<Uuid>) -> Option<Self> {
        Some(Self { kind: Kind::from_code(kind?)?, id: id? })
    }

    /// The record whose page an address is: `/campaigns/ID`, nothing after it.
    pub fn of_path(path: &str) -> Option<Self> {
        Kind::ALL.into_iter().find_map(|kind| {
            let id = path.strip_prefix(kind.folder())?.strip_prefix('/')?;
            // Only the form that our pages write: other spellings of a UUID are just text.
            let id = id.parse::<Uuid>().ok().filter(|parsed| parsed.to_string() == id)?;
            Some(Self { kind, id })
        })
    }

    /// The address of its page.
    pub fn path(self) -> String {
        format!("{}/{}", self.kind.folder(), self.id)
    }

    /// Who hears that it changed: nobody beyond those who may see it.
    pub fn topic(self) -> Topic {
        match self.kind {
            Kind::Campaign => Topic::Campaign(self.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_of_a_record_is_one() {
        let id = Uuid::now_v7();
        let record = Record { kind: Kind::Campaign, id };
        assert_eq!(Record::of_path(&record.path()), Some(record));
        let upper = id.to_string().to_uppercase();
        for path in [
            "/campaigns".to_owned(),
            "/campaigns/".to_owned(),
            "/campaigns/7".to_owned(),
            format!("/campaigns/{id}/members"),
            format!("/campaigns/{id}?x=1"),
            format!("/campaigns/{upper}"),
            format!("/chat/{id}"),
        ] {
            assert_eq!(Record::of_path(&path), None, "{path}");
        }
    }
}
