//! Which accounts are locked after too many wrong passwords. Attempts are kept under a digest of what was typed, so the
//! question is asked the other way round: the digests of an account's e-mail and document, among those that are locked.

use std::collections::HashSet;

use super::queries;
use crate::{app::App, auth::throttle, db::DbResult, features::access::login_digest, ids::UserId};

/// What is locked at the moment.
pub struct Locks<'a> {
    digests: HashSet<String>,
    secret: &'a str,
}

impl<'a> Locks<'a> {
    /// Reads what is locked now: one statement.
    pub async fn read(app: &'a App) -> DbResult<Self> {
        let digests = throttle::list_locked(&app.db, app.clock.now()).await?.into_iter().collect();
        Ok(Self { digests, secret: &app.secret })
    }

    /// Whether signing in with this e-mail or document is locked.
    pub fn hold(&self, email: &str, document: Option<&str>) -> bool {
        let is_locked = |login: &str| self.digests.contains(&login_digest(self.secret, login));
        !self.digests.is_empty() && (is_locked(email) || document.is_some_and(is_locked))
    }

    /// Every account that is locked; at most one statement.
    pub async fn users(&self, app: &App) -> DbResult<Vec<UserId>> {
        if self.digests.is_empty() {
            return Ok(Vec::new());
        }
        let logins = queries::list_logins(&app.db).await?;
        let locked = logins.into_iter().filter(|(_, email, document)| self.hold(email, document.as_deref()));
        Ok(locked.map(|(id, ..)| id).collect())
    }
}
