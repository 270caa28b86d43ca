//! The form of a mass message: what was typed and chosen, and what is wrong with it.

use std::str::FromStr as _;

use chrono::{DateTime, NaiveDateTime, Utc};
use uuid::Uuid;

use super::{
    model::{self, Audience, FARTHEST, Importance, Sender},
    queries::NewBroadcast,
};
use crate::{
    error::FieldErrors,
    features::{
        chat::{Body, BodyError},
        people::local_instant,
    },
    ids::{CampaignId, ConversationId, UserId},
};

/// What a browser's `datetime-local` sends; some add seconds.
const MOMENTS: [&str; 2] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];

/// A form as it came. Everything is kept as typed, so that it can be shown again.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Makes a repeated form store once.
    pub key: String,
    /// Which button sent it: `review`, `search`, `edit`, `send`.
    pub step: String,
    /// What it says.
    pub body: String,
    /// How much it matters.
    pub importance: Importance,
    /// Whether "ask to confirm" is ticked.
    pub asks: bool,
    /// Whom it is for, cut to what is within reach.
    pub audience: Audience,
    /// Local time of sending; empty: now.
    pub due: String,
    /// Local time of its end; empty: none.
    pub expires: String,
    /// What was typed to find people.
    pub query: String,
}

impl Draft {
    /// An empty form with a key of its own.
    pub fn empty() -> Self {
        let audience = Audience { roles: vec!["asesor".to_owned()], ..Audience::default() };
        Self { key: Uuid::now_v7().to_string(), audience, ..Self::default() }
    }

    /// Reads the fields of a form; one name may come several times.
    pub fn read(fields: &[(String, String)], sender: Sender) -> Self {
        let all = |name: &'static str| fields.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.clone());
        let one = |name| all(name).next_back().unwrap_or_default();
        let audience = Audience {
            everyone: one("everyone") == "1",
            campaigns: all("campaign").filter_map(|id| CampaignId::from_str(&id).ok()).collect(),
            roles: all("role").collect(),
            people: all("person").filter_map(|id| UserId::from_str(&id).ok()).collect(),
        };
        let key = one("key");
        Self {
            key: key.parse::<Uuid>().map_or_else(|_| Uuid::now_v7().to_string(), |key| key.to_string()),
            step: one("step"),
            body: one("body"),
            importance: Importance::from_code(&one("importance")),
            asks: one("asks") == "1",
            audience: model::within_reach(sender, audience),
            due: one("due").trim().to_owned(),
            expires: one("expires").trim().to_owned(),
            query: one("q").chars().take(100).collect(),
        }
    }

    /// When it is to be sent, if that was typed.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        moment(&self.due)
    }

    /// What it is to become.
    ///
    /// # Errors
    /// All that is wrong with it. Whether anybody would receive it is not asked here.
    pub fn check(&self, sender: Sender, now: DateTime<Utc>) -> Result<NewBroadcast, FieldErrors> {
        let mut errors = FieldErrors::default();
        let body = Body::new(&self.body);
        match body {
            Err(BodyError::Empty) => errors.add("body", "broadcasts.error.empty"),
            Err(BodyError::TooLong) => errors.add("body", "broadcasts.error.too_long"),
            Ok(_) => {}
        }
        if !self.is_for_somebody() {
            errors.add("audience", "broadcasts.error.audience");
        }
        let due = if self.due.is_empty() { Some(now) } else { self.due_at().filter(|at| *at > now) };
        let due = due.filter(|at| *at - now <= FARTHEST);
        if due.is_none() {
            errors.add("due", "broadcasts.error.due");
        }
        let due_at = due.unwrap_or(now);
        let expires = moment(&self.expires).filter(|at| *at > due_at && *at - now <= FARTHEST);
        if !self.expires.is_empty() && expires.is_none() {
            errors.add("expires", "broadcasts.error.expires");
        }
        match body {
            Ok(body) if errors.0.is_empty() => Ok(NewBroadcast {
                id: ConversationId::new(),
                sender: sender.id,
                importance: self.importance,
                asks_confirmation: self.asks || self.importance == Importance::Critical,
                audience: self.audience.clone(),
                body: body.as_str().to_owned(),
                due_at,
                expires_at: model::end_of(self.importance, due_at, expires),
            }),
            _ => Err(errors),
        }
    }

    fn is_for_somebody(&self) -> bool {
        let Audience { everyone, campaigns, roles, people } = &self.audience;
        !people.is_empty() || (!roles.is_empty() && (*everyone || !campaigns.is_empty()))
    }
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let local = MOMENTS.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
    local_instant(local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Role;

    fn read(fields: &[(&str, &str)]) -> Result<NewBroadcast, FieldErrors> {
        let sender = Sender { id: UserId::new(), role: Role::Administrador, is_superuser: false };
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let now = "2026-11-22T15:00:00Z".parse().expect("instant");
        Draft::read(&fields, sender).check(sender, now)
    }

    const WHOM: [(&str, &str); 2] = [("everyone", "1"), ("role", "asesor")];

    #[test]
    fn times_are_those_of_bogota() {
        let form = [WHOM[0], WHOM[1], ("body", "hola"), ("due", "2026-11-22T10:30"), ("expires", "2026-11-22T11:00")];
        let new = read(&form).expect("valid");
        assert_eq!(new.due_at.to_rfc3339(), "2026-11-22T15:30:00+00:00");
        assert_eq!(new.expires_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-22T16:00:00+00:00"));
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let fields =
            |form: &[(&str, &str)]| read(form).map_or_else(|e| e.0.iter().map(|(f, _)| *f).collect(), |_| vec![]);
        assert_eq!(fields(&[]), ["body", "audience"]);
        let past = [WHOM[0], WHOM[1], ("body", "hola"), ("due", "2026-11-22T09:59"), ("expires", "ayer")];
        assert_eq!(fields(&past), ["due", "expires"]);
        let backwards = [WHOM[0], WHOM[1], ("body", "x"), ("due", "2026-11-23T10:00"), ("expires", "2026-11-23T09:00")];
        assert_eq!(fields(&backwards), ["expires"]);
        assert_eq!(fields(&[WHOM[0], ("body", "x")]), ["audience"], "roles are never meant silently");
    }

    #[test]
    fn a_critical_message_always_asks_and_ends() {
        let new = read(&[WHOM[0], WHOM[1], ("body", "x"), ("importance", "critical")]).expect("valid");
        assert!(new.asks_confirmation && new.expires_at.is_some());
        let new = read(&[WHOM[0], WHOM[1], ("body", "x")]).expect("valid");
        assert!(!new.asks_confirmation && new.expires_at.is_none());
    }
}
