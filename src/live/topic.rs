//! Audiences. A closed type: who hears something is written down, never implied.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::Role;

/// Who hears an event. An event has exactly one; nobody is subscribed without authorisation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Topic {
    /// Everybody who is signed in. Must be typed by hand, so that it stands out in review.
    Everyone,
    /// Every screen of one person.
    User(Uuid),
    /// The members of a campaign.
    Campaign(Uuid),
    /// The members of a campaign that have a role; of the nil campaign, whoever has the role.
    Role(Uuid, Role),
    /// The participants of a conversation.
    Conversation(Uuid),
    /// The recipients of a mass message.
    Broadcast(Uuid),
    /// Who looks at a ticket.
    Ticket(Uuid),
    /// Who looks at a client.
    Client(Uuid),
    /// Who looks at a work queue, by its name.
    Tray(String),
    /// A wallboard or dashboard.
    Board(Uuid),
}

/// A topic's text that no variant has.
#[derive(Debug, thiserror::Error)]
#[error("not a topic")]
pub struct BadTopic;

impl Topic {
    /// Whoever has a role, in whatever campaign or none. No page can ask for it.
    pub fn role_anywhere(role: Role) -> Self {
        Self::Role(Uuid::nil(), role)
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Campaign(id) => write!(f, "campaign:{id}"),
            Self::Role(id, role) => write!(f, "role:{id}:{}", role.code()),
            Self::Conversation(id) => write!(f, "conversation:{id}"),
            Self::Broadcast(id) => write!(f, "broadcast:{id}"),
            Self::Ticket(id) => write!(f, "ticket:{id}"),
            Self::Client(id) => write!(f, "client:{id}"),
            Self::Tray(name) => write!(f, "tray:{name}"),
            Self::Board(id) => write!(f, "board:{id}"),
        }
    }
}

impl FromStr for Topic {
    type Err = BadTopic;

    fn from_str(text: &str) -> Result<Self, BadTopic> {
        if text == "everyone" {
            return Ok(Self::Everyone);
        }
        let (kind, rest) = text.split_once(':').ok_or(BadTopic)?;
        let id = |text: &str| text.parse::<Uuid>().map_err(|_| BadTopic);
        Ok(match kind {
            "user" => Self::User(id(rest)?),
            "campaign" => Self::Campaign(id(rest)?),
            "role" => {
                let (campaign, role) = rest.split_once(':').ok_or(BadTopic)?;
                let role = Role::ALL.into_iter().find(|known| known.code() == role).ok_or(BadTopic)?;
                Self::Role(id(campaign)?, role)
            }
            "conversation" => Self::Conversation(id(rest)?),
            "broadcast" => Self::Broadcast(id(rest)?),
            "ticket" => Self::Ticket(id(rest)?),
            "client" => Self::Client(id(rest)?),
            "tray" => Self::Tray(rest.to_owned()),
            "board" => Self::Board(id(rest)?),
            _ => return Err(BadTopic),
        })
    }
}

impl From<Topic> for String {
    fn from(topic: Topic) -> Self {
        topic.to_string()
    }
}

impl TryFrom<String> for Topic {
    type Error = BadTopic;
    fn try_from(text: String) -> Result<Self, BadTopic> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let id = Uuid::now_v7();
        for topic in [
            Topic::Everyone,
            Topic::User(id),
            Topic::Campaign(id),
            Topic::Role(id, Role::Asesor),
            Topic::Conversation(id),
            Topic::Broadcast(id),
            Topic::Ticket(id),
            Topic::Client(id),
            Topic::Tray("pending".into()),
            Topic::Board(id),
        ] {
            assert_eq!(topic.to_string().parse::<Topic>().expect("own text"), topic);
        }
        for text in [
            "",
            "user",
            "user:",
            "user:x",
            "all",
            "everyone:1",
            "role:x",
            "role:0191e9a0-0000-7000-8000-000000000000:jefe",
        ] {
            assert!(text.parse::<Topic>().is_err(), "{text}");
        }
    }
}
