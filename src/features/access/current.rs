//! Proving with the current password who sits at an open screen: throttled, so that a screen somebody left is no place to
//! guess it.

use tokio::time::sleep;
use uuid::Uuid;

use super::sign_in;
use crate::{
    app::App,
    auth::{
        password,
        throttle::{self, Verdict},
    },
    error::{AppError, AppResult, TextKey},
    features::people::Account,
};

/// Whether this is the person's password; the attempt counts before it is looked at. 429 after too many wrong ones.
pub async fn is_right(app: &App, account: &Account, typed: &str, ip: &str) -> AppResult<bool> {
    let key = sign_in::digest(&app.secret, &format!("current {}", account.id));
    match throttle::attempt(&app.db, Uuid::now_v7(), &key, ip, app.clock.now()).await? {
        Verdict::Check => {}
        Verdict::Slow => sleep(sign_in::SLOW).await,
        Verdict::Locked => {
            let retry_after_s = throttle::WINDOW.num_seconds();
            return Err(AppError::TooMany { retry_after_s, text: TextKey("password.too_many") });
        }
    }
    let typed: String = typed.chars().take(sign_in::MAX_CHARS).collect();
    if !password::verify(&typed, Some(account.password_hash.clone())).await? {
        return Ok(false);
    }
    throttle::succeeded(&app.db, &key, ip).await?;
    Ok(true)
}
