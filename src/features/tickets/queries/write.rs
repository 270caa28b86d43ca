//! SQL that opens and changes tickets. Each change is asked for under the ticket's lock and raises its version.

use chrono::{DateTime, Utc};

use super::super::model::{Application, Kind, Priority, SlaClock, Status, Title, Words};
use crate::{
    db::{Db, DbResult, Tx},
    ids::{CampaignId, TicketId, UserId},
    sql,
};

/// A ticket to be opened.
#[derive(Clone, Debug)]
pub struct NewTicket {
    /// Its id.
    pub id: TicketId,
    /// Whose supervisors are its staff.
    pub campaign: CampaignId,
    /// Subject.
    pub title: Title,
    /// What is wrong or wanted.
    pub description: Words,
    /// What it is about.
    pub application: Application,
    /// What is asked for.
    pub kind: Kind,
    /// How much it matters.
    pub priority: Priority,
    /// Who opens it.
    pub requester: UserId,
}

/// What is promised for a priority, in working minutes: until the first answer, until it is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Targets {
    /// Until somebody answers.
    pub respond_minutes: i64,
    /// Until it is solved.
    pub resolve_minutes: i64,
}

/// Reads what is promised for a priority.
pub async fn sla_of(tx: &mut Tx, priority: Priority) -> DbResult<Targets> {
    tx.one(sql!("select respond_minutes, resolve_minutes from ticket_sla where priority = $1", priority.code())).await
}

/// Stores it with the next number, which it answers. The number's row is taken before the counter of events.
pub async fn insert(
    tx: &mut Tx,
    new: &NewTicket,
    respond_by: DateTime<Utc>,
    clock: SlaClock,
    now: DateTime<Utc>,
) -> DbResult<i64> {
    let (number,): (i64,) = tx.one(sql!("update counter set n = n + 1 where name = 'tickets' returning n")).await?;
    tx.exec(sql!(
        "insert into ticket (id, number, campaign_id, title, description, application, kind, priority, urgency, status, \
           requester_id, created_at, updated_at, respond_by, resolve_minutes, minutes_used, clock_since, resolve_by, \
           reopened, last_entry, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'AB', $10, $11, $11, $12, $13, $14, $15, $16, 0, 0, 1)",
        new.id,
        number,
        new.campaign,
        new.title.as_str(),
        new.description.as_str(),
        new.application.code(),
        new.kind.code(),
        new.priority.code(),
        new.priority.urgency(),
        new.requester,
        now,
        respond_by,
        clock.resolve_minutes,
        clock.minutes_used,
        clock.since,
        clock.resolve_by
    ))
    .await?;
    Ok(number)
}

/// Gives it to somebody, or to nobody.
pub async fn assign(tx: &mut Tx, id: TicketId, assignee: Option<UserId>, now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!(
        "update ticket set assignee_id = $2, updated_at = $3, version = version + 1 where id = $1",
        id,
        assignee,
        now
    ))
    .await?;
    Ok(())
}

/// Takes it to another state, its clock with it. The first time that it is resolved and closed is kept; opened again it
/// has neither. A resolved one closes by itself at `closes_at`.
pub async fn move_to(
    tx: &mut Tx,
    id: TicketId,
    to: Status,
    clock: SlaClock,
    closes_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> DbResult<()> {
    tx.exec(sql!(
        "update ticket set status = $2, updated_at = $3, version = version + 1, closes_at = $4, minutes_used = $5, \
           clock_since = $6, resolve_by = $7, reopened = reopened + case when $2 = 'AB' then 1 else 0 end, \
           resolved_at = case when $2 = 'RS' then coalesce(resolved_at, $3) when $2 = 'AB' then null else resolved_at end, \
           closed_at = case when $2 = 'CE' then coalesce(closed_at, $3) when $2 = 'AB' then null else closed_at end \
         where id = $1",
        id,
        to.code(),
        now,
        closes_at,
        clock.minutes_used,
        clock.since,
        clock.resolve_by
    ))
    .await?;
    Ok(())
}

/// Changes what it is about and how much it matters; its clock follows.
pub async fn classify(
    tx: &mut Tx,
    id: TicketId,
    (application, kind, priority): (Application, Kind, Priority),
    (respond_by, clock): (DateTime<Utc>, SlaClock),
    now: DateTime<Utc>,
) -> DbResult<()> {
    tx.exec(sql!(
        "update ticket set application = $2, kind = $3, priority = $4, urgency = $5, respond_by = $6, \
           resolve_minutes = $7, resolve_by = $8, updated_at = $9, version = version + 1 where id = $1",
        id,
        application.code(),
        kind.code(),
        priority.code(),
        priority.urgency(),
        respond_by,
        clock.resolve_minutes,
        clock.resolve_by,
        now
    ))
    .await?;
    Ok(())
}

/// Writes subject and description anew.
pub async fn reword(tx: &mut Tx, id: TicketId, title: &Title, description: &Words, now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!(
        "update ticket set title = $2, description = $3, updated_at = $4, version = version + 1, \
           words_version = words_version + 1 where id = $1",
        id,
        title.as_str(),
        description.as_str(),
        now
    ))
    .await?;
    Ok(())
}

/// Notes the first answer, if there was none before.
pub async fn answered(tx: &mut Tx, id: TicketId, now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!("update ticket set first_response_at = $2 where id = $1 and first_response_at is null", id, now))
        .await?;
    Ok(())
}

/// Whether a resolved ticket is to close by itself: all that an idle instance asks.
pub async fn is_any_accepted(db: &Db, now: DateTime<Utc>) -> DbResult<bool> {
    let (any,): (bool,) = db
        .one(sql!("select exists (select 1 from ticket where closes_at is not null and closes_at <= $1)", now))
        .await?;
    Ok(any)
}

/// Takes the next one that is to close, and its requester; of several instances one gets it.
pub async fn take_accepted(tx: &mut Tx, now: DateTime<Utc>) -> DbResult<Option<(TicketId, UserId)>> {
    tx.opt(sql!(
        "update ticket set closes_at = null where closes_at is not null and id = (select t.id from ticket t \
           where t.closes_at is not null and t.closes_at <= $1 order by t.closes_at, t.id limit 1) \
         returning id, requester_id",
        now
    ))
    .await
}
