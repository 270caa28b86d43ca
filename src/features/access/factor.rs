//! Proving the second factor: throttled like a password, each code good for once.

use tokio::time::sleep;
use uuid::Uuid;

use super::{queries, sign_in};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::{
        secret::{self, Purpose},
        throttle::{self, Verdict},
        totp,
    },
    error::AppResult,
    ids::UserId,
};

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person has the factor.
    Right,
    /// Wrong, used, or there is no factor.
    Wrong,
    /// Too many attempts: not even looked at.
    Locked,
}

impl Outcome {
    /// What to tell the person, unless it is right.
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::Right => None,
            Self::Wrong => Some("factor.wrong"),
            Self::Locked => Some("factor.locked"),
        }
    }
}

/// What counts as a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// The app's code alone.
    App,
    /// The app's code or a recovery code.
    AppOrRecovery,
}

/// Tries a code of a person; the attempt counts before it is looked at.
pub async fn prove(app: &App, user: UserId, typed: &str, accept: Accept, ip: &str) -> AppResult<Outcome> {
    let key = sign_in::digest(&app.secret, &format!("code {user}"));
    match throttle::attempt(&app.db, Uuid::now_v7(), &key, ip, app.clock.now()).await? {
        Verdict::Check => {}
        Verdict::Slow => sleep(sign_in::SLOW).await,
        Verdict::Locked => {
            tracing::warn!("second factor locked");
            return Ok(Outcome::Locked);
        }
    }
    let is_right = take_code(app, user, typed).await?
        || (accept == Accept::AppOrRecovery && take_recovery_code(app, user, typed, ip).await?);
    if !is_right {
        return Ok(Outcome::Wrong);
    }
    throttle::succeeded(&app.db, &key, ip).await?;
    Ok(Outcome::Right)
}

/// The secret behind a sealed one of this person.
pub fn unsealed(app: &App, user: UserId, sealed: &str) -> anyhow::Result<Vec<u8>> {
    secret::open(&app.secret, Purpose::Totp, user.0, sealed)
}

/// The digest under which a recovery code is kept: keyed, since fifty bits alone could be searched through.
pub fn recovery_hash(app: &App, user: UserId, folded: &str) -> String {
    sign_in::digest(&app.secret, &format!("recovery {user} {folded}"))
}

async fn take_code(app: &App, user: UserId, typed: &str) -> AppResult<bool> {
    let Some(factor) = queries::factor(&app.db, user).await?.filter(|f| f.confirmed_at.is_some()) else {
        return Ok(false);
    };
    let Some(step) = totp::matching_step(&unsealed(app, user, &factor.sealed)?, typed, app.clock.now())? else {
        return Ok(false);
    };
    let mut tx = app.db.begin().await?;
    let taken = queries::use_step(&mut tx, user, step).await?;
    tx.commit().await?;
    Ok(taken == 1)
}

async fn take_recovery_code(app: &App, user: UserId, typed: &str, ip: &str) -> AppResult<bool> {
    let Some(folded) = totp::folded_recovery_code(typed) else { return Ok(false) };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if queries::use_recovery_code(&mut tx, user, &recovery_hash(app, user, &folded), now).await? == 0 {
        return Ok(false);
    }
    audit::record(&mut tx, Entry::new(Some(user), ip, "totp.recovery", "app_user", user.0), now).await?;
    tx.commit().await?;
    Ok(true)
}
