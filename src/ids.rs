//! Typed ids: a newtype over UUIDv7 for each table, so that a user cannot be taken for a campaign.

/// Defines an id type with the conversions that SQL, URLs, JSON and views need.
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new one; later ones sort after earlier ones.
            #[allow(clippy::new_without_default, reason = "a random value is no default")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
        impl From<$name> for $crate::db::Arg {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }
        impl From<Option<$name>> for $crate::db::Arg {
            fn from(id: Option<$name>) -> Self {
                id.map(|id| id.0).into()
            }
        }
    };
}

id_type!(
    /// A person with an account (`app_user`).
    UserId
);
id_type!(
    /// A canned answer of tickets.
    MacroId
);
id_type!(
    /// A campaign.
    CampaignId
);
id_type!(
    /// An employee, with an account or without.
    EmployeeId
);
id_type!(
    /// A conversation of any kind.
    ConversationId
);
id_type!(
    /// A message; the client chooses it.
    MessageId
);
id_type!(
    /// A file that somebody brought.
    FileId
);
id_type!(
    /// A ticket; what people say is its number.
    TicketId
);
id_type!(
    /// A row of a ticket's timeline; the client chooses that of a comment.
    TicketEntryId
);
id_type!(
    /// A filter of the list of tickets that somebody keeps; the browser chooses it.
    TicketViewId
);
id_type!(
    /// An alarm.
    AlarmId
);
id_type!(
    /// A session's public name, safe to show; not its token.
    SessionId
);
