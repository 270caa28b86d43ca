//! The person behind a request.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use chrono::{DateTime, Utc};
use views::layout::Look;

use super::{Capability, Module, Role, Scope};
use crate::{
    error::AppError,
    ids::{CampaignId, SessionId, UserId},
};

/// An active campaign of the person.
#[derive(Clone, Debug)]
pub struct CampaignRef {
    /// Its id.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// The module that it grants.
    pub module: Module,
}

/// A signed-in, active person; read once per request by the session middleware.
#[derive(Clone, Debug)]
pub struct CurrentUser(Arc<Person>);

/// What is known of the person behind a request.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// First and last name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// As typed by the administrator.
    pub email: String,
    /// The one role.
    pub role: Role,
    /// Which photo; 0: none.
    pub photo_version: i64,
    /// Passes every check.
    pub is_superuser: bool,
    /// The password was given by somebody else and must be changed first.
    pub must_change_password: bool,
    /// The role needs a second factor, and the person has none yet.
    pub must_enrol: bool,
    /// Language, theme, density.
    pub look: Look,
    /// Active campaigns, by name.
    pub campaigns: Vec<CampaignRef>,
    /// This session's public id.
    pub session: SessionId,
    /// When it ends.
    pub session_expires_at: DateTime<Utc>,
    /// When it was last noted as seen.
    pub session_seen_at: DateTime<Utc>,
    /// The newest event when the person was read: before all else that the request reads.
    pub cursor: i64,
}

impl CurrentUser {
    pub(super) fn new(person: Person) -> Self {
        Self(Arc::new(person))
    }

    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// How far a capability of this person reaches.
    pub fn scope(&self, capability: Capability) -> Scope {
        capability.scope_for(self)
    }

    /// Whether the person has the capability at all.
    pub fn can(&self, capability: Capability) -> bool {
        self.scope(capability) > Scope::None
    }
}

impl std::ops::Deref for CurrentUser {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parts.extensions.get::<Self>().cloned().ok_or(AppError::Unauthenticated)
    }
}
