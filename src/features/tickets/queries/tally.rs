//! Sums of tickets, kept with every change: what the figures are read from.

use std::ops::{AddAssign, Neg};

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    super::model::{Priority, Status},
    TicketRow, Viewer,
};
use crate::{
    db::{Arg, Db, DbResult, Sql, Tx},
    ids::{CampaignId, UserId},
    sql,
};

/// Tickets of one page while the sums are made anew.
const BATCH: i64 = 5_000;
/// Tickets of a person's own that are counted one by one: those that they opened or follow, and neither work on nor
/// steer. More than anybody has.
const MOST_OWN: i64 = 5_000;
/// People with open tickets that one figure is made of.
const MOST_PEOPLE: i64 = 500;

/// Sums over some tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Sums {
    /// How many.
    pub tickets: i64,
    /// Of these, how many were opened again.
    pub reopened: i64,
    /// Of these, how many were answered.
    pub answered: i64,
    /// Minutes until they were, in all.
    pub answer_minutes: i64,
    /// Of these, how many were resolved.
    pub resolved: i64,
    /// Minutes until they were, in all.
    pub resolve_minutes: i64,
    /// Of the resolved, how many within their hours of service.
    pub in_time: i64,
}

impl Sums {
    fn all(&self) -> [i64; 7] {
        let Self { tickets, reopened, answered, answer_minutes, resolved, resolve_minutes, in_time } = *self;
        [tickets, reopened, answered, answer_minutes, resolved, resolve_minutes, in_time]
    }
}

impl From<[i64; 7]> for Sums {
    fn from([tickets, reopened, answered, answer_minutes, resolved, resolve_minutes, in_time]: [i64; 7]) -> Self {
        Self { tickets, reopened, answered, answer_minutes, resolved, resolve_minutes, in_time }
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        let mut all = self.all();
        all.iter_mut().zip(other.all()).for_each(|(sum, n)| *sum += n);
        *self = all.into();
    }
}

impl Neg for Sums {
    type Output = Self;
    fn neg(self) -> Self {
        self.all().map(Neg::neg).into()
    }
}

/// Where a ticket is counted: campaign, who works on it, state, priority.
type Place = (CampaignId, Uuid, Status, Priority);

/// What is counted of a ticket.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Counted {
    campaign_id: CampaignId,
    /// Who works on it.
    pub assignee_id: Option<UserId>,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// How much it matters.
    #[sqlx(try_from = "String")]
    pub priority: Priority,
    created_at: DateTime<Utc>,
    first_response_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    minutes_used: i64,
    resolve_minutes: i64,
    reopened: i64,
}

const COUNTED: &str = "select t.campaign_id, t.assignee_id, t.status, t.priority, t.created_at, t.first_response_at, \
     t.resolved_at, t.minutes_used, t.resolve_minutes, t.reopened from ticket t where ";

impl Counted {
    fn place(&self) -> Place {
        (self.campaign_id, self.assignee_id.map_or(Uuid::nil(), |id| id.0), self.status, self.priority)
    }

    /// What it adds.
    pub fn sums(&self) -> Sums {
        let minutes = |at: Option<DateTime<Utc>>| at.map_or(0, |at| (at - self.created_at).num_minutes());
        let is_in_time = self.resolved_at.is_some() && self.minutes_used <= self.resolve_minutes;
        Sums {
            tickets: 1,
            reopened: i64::from(self.reopened > 0),
            answered: i64::from(self.first_response_at.is_some()),
            answer_minutes: minutes(self.first_response_at),
            resolved: i64::from(self.resolved_at.is_some()),
            resolve_minutes: minutes(self.resolved_at),
            in_time: i64::from(is_in_time),
        }
    }
}

impl From<&TicketRow> for Counted {
    fn from(row: &TicketRow) -> Self {
        Self {
            campaign_id: row.campaign_id,
            assignee_id: row.assignee_id,
            status: row.status,
            priority: row.priority,
            created_at: row.created_at,
            first_response_at: row.first_response_at,
            resolved_at: row.resolved_at,
            minutes_used: row.minutes_used,
            resolve_minutes: row.resolve_minutes,
            reopened: row.reopened,
        }
    }
}

/// Counts a ticket as it is now and no longer as it was; `before` is none for one that was just opened.
pub async fn recount(tx: &mut Tx, before: Option<&TicketRow>, after: &TicketRow) -> DbResult<()> {
    let (was, is) = (before.map(Counted::from), Counted::from(after));
    let mut changes: Vec<(Place, Sums)> = vec![(is.place(), is.sums())];
    if let Some(was) = was {
        match changes.iter_mut().find(|(place, _)| *place == was.place()) {
            Some((_, sums)) => *sums += -was.sums(),
            None => changes.push((was.place(), -was.sums())),
        }
    }
    changes.retain(|(_, sums)| *sums != Sums::default());
    // In one order, so that of two who change different tickets neither waits for the other in a circle.
    changes.sort_unstable_by_key(|(place, _)| *place);
    for (place, sums) in changes {
        add(tx, place, sums).await?;
    }
    Ok(())
}

async fn add(tx: &mut Tx, (campaign, assignee, status, priority): Place, sums: Sums) -> DbResult<()> {
    let mut row: Vec<Arg> = vec![campaign.into(), assignee.into(), status.code().into(), priority.code().into()];
    row.extend(sums.all().map(Arg::from));
    let sql = sql!(
        "insert into ticket_tally (campaign_id, assignee_id, status, priority, tickets, reopened, answered, \
           answer_minutes, resolved, resolve_minutes, in_time) values "
    );
    let sql = sql.rows([row]).push(
        " on conflict (campaign_id, assignee_id, status, priority) do update set \
           tickets = ticket_tally.tickets + excluded.tickets, reopened = ticket_tally.reopened + excluded.reopened, \
           answered = ticket_tally.answered + excluded.answered, \
           answer_minutes = ticket_tally.answer_minutes + excluded.answer_minutes, \
           resolved = ticket_tally.resolved + excluded.resolved, \
           resolve_minutes = ticket_tally.resolve_minutes + excluded.resolve_minutes, \
           in_time = ticket_tally.in_time + excluded.in_time",
    );
    tx.exec(sql).await?;
    Ok(())
}

/// Makes the sums of all tickets, if there are none: after the table came, and for tickets that were put in by hand.
pub async fn fill_tally(db: &Db) -> DbResult<()> {
    let is_to_do = "select exists (select 1 from ticket) and not exists (select 1 from ticket_tally)";
    if !db.one::<(bool,)>(sql!("").push(is_to_do)).await?.0 {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    // Nobody opens one meanwhile, and another instance finds it done.
    tx.exec(sql!("update counter set n = n where name = 'tickets'")).await?;
    if !tx.one::<(bool,)>(sql!("").push(is_to_do)).await?.0 {
        return Ok(());
    }
    let mut sums = std::collections::BTreeMap::<Place, Sums>::new();
    let mut after = 0;
    loop {
        let page = sql!("").push(COUNTED).push("t.number > ").bind(after).push(" and t.number <= ").bind(after + BATCH);
        let rows: Vec<Counted> = tx.all(page).await?;
        for row in &rows {
            *sums.entry(row.place()).or_default() += row.sums();
        }
        after += BATCH;
        let (is_more,): (bool,) = tx.one(sql!("select exists (select 1 from ticket where number > $1)", after)).await?;
        if !is_more {
            break;
        }
    }
    for (place, sums) in sums {
        add(&mut tx, place, sums).await?;
    }
    tx.commit().await
}

/// Sums of what the person steers and works on, by state and priority.
pub async fn sums_for(db: &Db, viewer: Viewer) -> DbResult<Vec<(Status, Priority, Sums)>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(try_from = "String")]
        status: Status,
        #[sqlx(try_from = "String")]
        priority: Priority,
        #[sqlx(flatten)]
        sums: Sums,
    }
    let sql = sql!(
        "select t.status, t.priority, cast(sum(t.tickets) as bigint) as tickets, \
           cast(sum(t.reopened) as bigint) as reopened, cast(sum(t.answered) as bigint) as answered, \
           cast(sum(t.answer_minutes) as bigint) as answer_minutes, cast(sum(t.resolved) as bigint) as resolved, \
           cast(sum(t.resolve_minutes) as bigint) as resolve_minutes, cast(sum(t.in_time) as bigint) as in_time \
         from ticket_tally t where "
    );
    let rows: Vec<Row> = db.all(tallied(sql, viewer).push(" group by t.status, t.priority")).await?;
    Ok(rows.into_iter().map(|row| (row.status, row.priority, row.sums)).collect())
}

/// Open tickets of what the person steers and works on, by who has them, most first.
pub async fn backlog_for(db: &Db, viewer: Viewer) -> DbResult<Vec<(Option<UserId>, i64)>> {
    let sql = sql!("select t.assignee_id, cast(sum(t.tickets) as bigint) as open from ticket_tally t where ");
    let sql = tallied(sql, viewer).push(
        " and t.status in ('AB', 'EP', 'PE') group by t.assignee_id having sum(t.tickets) > 0 \
         order by open desc, t.assignee_id limit ",
    );
    let rows: Vec<(Uuid, i64)> = db.all(sql.bind(MOST_PEOPLE)).await?;
    Ok(rows.into_iter().map(|(id, open)| ((!id.is_nil()).then_some(UserId(id)), open)).collect())
}

/// Tickets of the person's own that those sums leave out: opened or followed by them, of others' campaigns.
pub async fn list_own(db: &Db, viewer: Viewer) -> DbResult<Vec<Counted>> {
    if viewer.is_staff_of_all() {
        return Ok(Vec::new());
    }
    let sql = sql!("").push(COUNTED).push("t.id in (select r.id from ticket r where r.requester_id = ").bind(viewer.id);
    let sql = sql.push(" union select f.ticket_id from ticket_follower f where f.user_id = ").bind(viewer.id);
    let sql = sql.push(") and (t.assignee_id is null or t.assignee_id <> ").bind(viewer.id).push(") and not (");
    db.all(viewer.push_staff(sql).push(") order by t.updated_at desc, t.id desc limit ").bind(MOST_OWN)).await
}

fn tallied(sql: Sql, viewer: Viewer) -> Sql {
    viewer.push_staff(sql.push("(t.assignee_id = ").bind(viewer.id).push(" or ")).push(")")
}
