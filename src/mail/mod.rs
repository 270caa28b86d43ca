//! Mail: written in the transaction of what it tells about, sent afterwards by SMTP. Knows no feature.
//!
//! A row of `mail_outbox` is claimed by one instance at a time, tried a bounded number of times and emptied at its end.
//! A crash between sending and noting it sends a mail twice, under the same Message-ID: rather that than never.

mod outbox;
mod smtp;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

pub use outbox::{prune, queue};
pub use smtp::{Refusal, Smtp};

use crate::{app::App, config::Config, error::AppResult};

/// Between two looks for mail that is due.
const ROUND: Duration = Duration::from_secs(2);
/// Tries before a mail is given up.
const ATTEMPTS: i64 = 8;
/// For how long a claimed mail is left to whoever claimed it; longer than any try takes.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// The pause after the first failed try; it doubles with each.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(30);
/// Mails of one round, so that a round ends.
const PER_ROUND: usize = 50;

/// A mail to one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// The address alone.
    pub to: String,
    /// One line.
    pub subject: String,
    /// For readers that show plain text.
    pub text: String,
    /// For the others: a whole document without scripts or outside images.
    pub html: String,
}

/// What sends mail, when `SMTP_URL` is set. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Option<Arc<Smtp>>);

impl Mailer {
    /// By the settings; connects to nothing yet.
    ///
    /// # Errors
    /// `SMTP_URL` or `MAIL_FROM` cannot be parsed.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let Some(url) = &config.smtp_url else { return Ok(Self(None)) };
        Ok(Self(Some(Arc::new(Smtp::new(url, config.mail_from.as_deref().unwrap_or_default())?))))
    }

    /// Whether mail can be sent at all. Without it pages show what a mail would have said, or name an administrator.
    pub fn is_configured(&self) -> bool {
        self.0.is_some()
    }
}

/// Sends what is due, until nothing is or `PER_ROUND` were tried; answers how many were sent.
///
/// # Errors
/// The database does not answer. A server that refuses or is away is no error: the mail waits for its next try.
pub async fn run_once(app: &App) -> AppResult<usize> {
    let Some(smtp) = &app.mail.0 else { return Ok(0) };
    let mut sent = 0;
    for _ in 0..PER_ROUND {
        let now = app.clock.now();
        let Some(claimed) = outbox::claim(&app.db, now, now + LEASE).await? else { break };
        match smtp.send(claimed.id, &claimed.mail()).await {
            Ok(()) => {
                outbox::sent(&app.db, claimed.id, app.clock.now()).await?;
                sent += 1;
            }
            Err(refusal) => {
                let next = next_try(claimed.attempts, refusal.is_final, app.clock.now());
                tracing::warn!(mail = %claimed.id, attempts = claimed.attempts, error = refusal.why, "mail was not sent");
                outbox::failed(&app.db, claimed.id, &refusal.why, next, app.clock.now()).await?;
            }
        }
    }
    Ok(sent)
}

/// When a mail is tried again after `attempts` tries; `None` when it is given up.
fn next_try(attempts: i64, is_final: bool, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if is_final || attempts >= ATTEMPTS {
        return None;
    }
    let doubled = i32::try_from(attempts - 1).unwrap_or(0).clamp(0, 16);
    Some(now + FIRST_PAUSE * (1 << doubled))
}

/// Sends mail until it is aborted.
pub async fn run(app: App) {
    let mut ticks = tokio::time::interval(ROUND);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while app.mail.is_configured() {
        ticks.tick().await;
        if let Err(error) = run_once(&app).await {
            app.note(&error);
            tracing::warn!(%error, "cannot look for mail to send");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end() {
        let now = DateTime::UNIX_EPOCH;
        let cases = [
            (1, false, Some(30), "half a minute at first"),
            (2, false, Some(60), "twice that"),
            (7, false, Some(1_920), "half an hour before the last"),
            (8, false, None, "eight tries are enough"),
            (1, true, None, "a server that says never is believed"),
        ];
        for (attempts, is_final, seconds, why) in cases {
            assert_eq!(next_try(attempts, is_final, now), seconds.map(|s| now + TimeDelta::seconds(s)), "{why}");
        }
    }
}
