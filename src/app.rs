//! The application: what every handler can reach.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tokio::sync::Notify;

use crate::{
    auth::CurrentUser,
    clock::Clock,
    config::Config,
    db::{Db, Room},
    error::AppError,
    live::Live,
    mail::Mailer,
    storage::Storage,
};

/// One instance, as every handler and every open connection holds it: one pointer.
#[derive(Clone)]
pub struct App(Arc<Instance>);

/// Config, database, live engine, files and clock of one instance.
#[derive(Clone)]
pub struct Instance {
    /// Settings.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// Whether it takes more.
    pub room: Room,
    /// The live engine.
    pub live: Live,
    /// What sends mail, if anything does.
    pub mail: Mailer,
    /// Files that people bring.
    pub storage: Storage,
    /// Now.
    pub clock: Clock,
    /// Wakes what sends mass messages: one is due now.
    pub due: Arc<Notify>,
    /// Keys digests of what must not be guessed from the database.
    pub secret: Arc<str>,
}

impl Deref for App {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        &self.0
    }
}

impl App {
    /// An instance to be handed around.
    pub fn new(instance: Instance) -> Self {
        Self(Arc::new(instance))
    }

    /// The same that keeps its files elsewhere.
    #[must_use]
    pub fn with_storage(&self, storage: Storage) -> Self {
        Self::new(Instance { storage, ..Instance::clone(self) })
    }

    /// Something failed, in a request or by itself: what operators are told by `/readyz` is noted.
    pub fn note(&self, error: &AppError) {
        if let AppError::Full(_) = error {
            self.room.refused(self.clock.now());
        }
    }
}

impl FromRequestParts<App> for App {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(app.clone())
    }
}

/// The cursor of a page: the newest event when the request's person was read, which is before the data.
#[derive(Clone, Copy, Debug)]
pub struct Cursor(pub i64);

impl FromRequestParts<App> for Cursor {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        match parts.extensions.get::<CurrentUser>() {
            Some(user) => Ok(Self(user.cursor)),
            None => Ok(Self(app.live.cursor().await?)),
        }
    }
}
