//! SQL of the mail that waits to be sent.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::Mail;
use crate::{
    db::{Db, DbResult, Tx},
    sql,
};

/// For how long it is known that a mail was sent, and when.
const KEEP: TimeDelta = TimeDelta::days(30);

/// A mail that this instance may try now.
#[derive(Debug, FromRow)]
pub(super) struct Claimed {
    pub id: Uuid,
    to_address: String,
    subject: String,
    body_text: String,
    body_html: String,
    /// Tries, this one included.
    pub attempts: i64,
}

impl Claimed {
    pub fn mail(&self) -> Mail {
        Mail {
            to: self.to_address.clone(),
            subject: self.subject.clone(),
            text: self.body_text.clone(),
            html: self.body_html.clone(),
        }
    }
}

/// Lays a mail in the outbox; it leaves once the transaction is committed, and never if it is not.
pub async fn queue(tx: &mut Tx, mail: &Mail, now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!(
        "insert into mail_outbox (id, to_address, subject, body_text, body_html, state, attempts, due_at, error, \
             created_at, ended_at) \
         values ($1, $2, $3, $4, $5, 'waiting', 0, $6, '', $6, null)",
        Uuid::now_v7(),
        &mail.to,
        &mail.subject,
        &mail.text,
        &mail.html,
        now
    ))
    .await?;
    Ok(())
}

/// Takes the mail that is longest due, until `until`; of several instances one gets it.
pub(super) async fn claim(db: &Db, now: DateTime<Utc>, until: DateTime<Utc>) -> DbResult<Option<Claimed>> {
    loop {
        let next: Option<(Uuid,)> = db
            .opt(sql!(
                "select id from mail_outbox where state = 'waiting' and due_at <= $1 order by due_at, id limit 1",
                now
            ))
            .await?;
        let Some((id,)) = next else { return Ok(None) };
        let mut tx = db.begin().await?;
        let claimed = tx
            .opt(sql!(
                "update mail_outbox set due_at = $1, attempts = attempts + 1 \
                 where id = $2 and state = 'waiting' and due_at <= $3 \
                 returning id, to_address, subject, body_text, body_html, attempts",
                until,
                id,
                now
            ))
            .await?;
        tx.commit().await?;
        // Somebody was faster: there may be another one.
        if claimed.is_some() {
            return Ok(claimed);
        }
    }
}

/// Notes that a mail has left, and forgets what it said.
pub(super) async fn sent(db: &Db, id: Uuid, now: DateTime<Utc>) -> DbResult<()> {
    db.exec(sql!(
        "update mail_outbox set state = 'sent', body_text = '', body_html = '', error = '', ended_at = $1 where id = $2",
        now,
        id
    ))
    .await?;
    Ok(())
}

/// Notes why a mail has not left: it waits until `next`, or is given up and forgotten.
pub(super) async fn failed(
    db: &Db,
    id: Uuid,
    error: &str,
    next: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> DbResult<()> {
    let statement = match next {
        Some(next) => sql!("update mail_outbox set error = $1, due_at = $2 where id = $3", error, next, id),
        None => sql!(
            "update mail_outbox set state = 'failed', body_text = '', body_html = '', error = $1, ended_at = $2 \
             where id = $3",
            error,
            now,
            id
        ),
    };
    db.exec(statement).await?;
    Ok(())
}

/// Deletes mail of a month ago, sent or not; answers how many.
pub async fn prune(db: &Db, now: DateTime<Utc>) -> DbResult<u64> {
    db.exec(sql!("delete from mail_outbox where created_at < $1", now - KEEP)).await
}
