//! Kinds of conversations.

/// What a conversation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum Kind {
    /// Two people.
    #[default]
    Direct,
    /// People of one campaign, under a title.
    Group,
    /// A mass message: each recipient sees it alone.
    Broadcast,
    /// About a record: who may see the record may join.
    Record,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::Direct, Kind::Group, Kind::Broadcast, Kind::Record];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Direct => "direct",
            Kind::Group => "group",
            Kind::Broadcast => "broadcast",
            Kind::Record => "record",
        }
    }

    /// The tab of the list that shows it besides the one with all.
    pub fn tab(self) -> Tab {
        match self {
            Kind::Direct => Tab::Direct,
            Kind::Group | Kind::Record => Tab::Group,
            Kind::Broadcast => Tab::Broadcast,
        }
    }

    /// The icon that stands for it; a direct one shows the person instead.
    pub(super) fn icon(self) -> &'static str {
        match self {
            Kind::Direct => "user",
            Kind::Group => "users",
            Kind::Broadcast => "speakerphone",
            Kind::Record => "clipboard-text",
        }
    }
}

impl Kind {
    /// The kind of a stored code.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl TryFrom<String> for Kind {
    type Error = String;

    /// The kind of a stored code.
    fn try_from(code: String) -> Result<Kind, String> {
        Kind::ALL.into_iter().find(|k| k.code() == code).ok_or(code)
    }
}

/// A tab of the list of conversations.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum Tab {
    /// Every conversation.
    #[default]
    All,
    /// Between two people.
    Direct,
    /// Groups, and what is about a record.
    Group,
    /// Mass messages.
    Broadcast,
}

impl Tab {
    /// Every tab, in their order.
    pub const ALL: [Tab; 4] = [Tab::All, Tab::Direct, Tab::Group, Tab::Broadcast];

    /// The value of `kind` in the address; empty for all.
    pub fn code(self) -> &'static str {
        match self {
            Tab::All => "",
            Tab::Direct => "direct",
            Tab::Group => "group",
            Tab::Broadcast => "broadcast",
        }
    }

    /// The tab of an address; what is none shows all.
    pub fn from_code(code: &str) -> Tab {
        Tab::ALL.into_iter().find(|t| t.code() == code).unwrap_or_default()
    }

    /// The kinds that it shows.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Tab::All => &Kind::ALL,
            Tab::Direct => &[Kind::Direct],
            Tab::Group => &[Kind::Group, Kind::Record],
            Tab::Broadcast => &[Kind::Broadcast],
        }
    }

    /// The key of its words.
    pub(super) fn key(self) -> &'static str {
        match self {
            Tab::All => "chat.tab.all",
            Tab::Direct => "chat.tab.direct",
            Tab::Group => "chat.tab.group",
            Tab::Broadcast => "chat.tab.broadcast",
        }
    }
}
