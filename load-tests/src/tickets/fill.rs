//! Tickets written straight into the tables: three months of a large floor.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use crea::db::{self, Arg, Db};
use crea::features::tickets::{fill_index, fill_tally};
use crea::sql;
use uuid::Uuid;

use super::AGENTS;
use crate::floor::Floor;
use crate::people::People;

/// Tickets of one statement: both engines bound its parameters.
const ROWS: usize = 500;
/// The words of subjects and texts: a search for one of them finds a small part.
const WORDS: [&str; 12] = [
    "impresora",
    "diadema",
    "marcador",
    "tipificación",
    "nómina",
    "contraseña",
    "pantalla",
    "teclado",
    "campaña",
    "grabación",
    "reporte",
    "acuerdo",
];
/// Tickets that each agent has in hands for the changes; the others are older.
pub const IN_HANDS: usize = 5;

/// Fills the floor's tables, `count` tickets of everybody, of whom most are closed.
pub async fn tickets(floor: &Floor, count: usize) -> Result<()> {
    let db = db::connect(&floor.url()?).await?;
    let (campaign,): (Uuid,) = db.one(sql!("select id from campaign order by code limit 1")).await?;
    let now = Utc::now();
    for from in (0..count).step_by(ROWS) {
        let some: Vec<Ticket> =
            (from..count.min(from + ROWS)).map(|n| Ticket::of(n, count, &floor.people, now)).collect();
        let mut tx = db.begin().await?;
        let insert = sql!(
            "insert into ticket (id, number, campaign_id, title, description, application, kind, priority, urgency, \
               status, requester_id, assignee_id, created_at, updated_at, first_response_at, resolved_at, closed_at, \
               respond_by, resolve_minutes, minutes_used, clock_since, resolve_by, reopened, last_entry, version) values "
        );
        tx.exec(insert.rows(some.iter().map(|ticket| ticket.row(campaign)))).await?;
        let insert = sql!(
            "insert into ticket_entry (id, ticket_id, number, author_id, kind, body, field, old_value, new_value, \
               reason, created_at) values "
        );
        tx.exec(insert.rows(some.iter().flat_map(Ticket::entries))).await?;
        tx.commit().await?;
    }
    db.exec(sql!("update counter set n = $1 where name = 'tickets'", i64::try_from(count)?)).await?;
    // As the first start of a server that brings search and figures does.
    fill_index(&db).await?;
    fill_tally(&db).await?;
    if let Db::Postgres(pool) = &db {
        // As its own housekeeping does in the background of a database that grew over months.
        sqlx::query("vacuum analyze").execute(pool).await?;
    }
    db.close().await;
    Ok(())
}

/// One of them.
struct Ticket {
    id: Uuid,
    number: i64,
    words: [&'static str; 2],
    priority: (&'static str, i64),
    status: &'static str,
    requester: Uuid,
    assignee: Option<Uuid>,
    opened: DateTime<Utc>,
    changed: DateTime<Utc>,
}

impl Ticket {
    /// Ticket `n` of `count`: the first are new and in the agents' hands, the others older and mostly closed.
    fn of(n: usize, count: usize, people: &People, now: DateTime<Utc>) -> Self {
        let agent = |n: usize| people.agents[n % people.agents.len()].id;
        let is_new = n < AGENTS * IN_HANDS;
        let age = if is_new { TimeDelta::minutes(1) } else { TimeDelta::days(90) * i32::try_from(n).unwrap_or(0) };
        let opened = now - age / i32::try_from(if is_new { 1 } else { count }).unwrap_or(1);
        let status = match n % 40 {
            _ if is_new => "AB",
            0 => "AB",
            1 => "EP",
            2 => "PE",
            3 | 4 => "RS",
            _ => "CE",
        };
        let priority = [("ME", 2), ("BA", 1), ("ME", 2), ("AL", 3), ("ME", 2), ("CR", 4), ("BA", 1)][n % 7];
        Self {
            id: Uuid::now_v7(),
            number: i64::try_from(n + 1).unwrap_or(i64::MAX),
            words: [WORDS[n % WORDS.len()], WORDS[n / WORDS.len() % WORDS.len()]],
            priority,
            status,
            requester: agent(n + 1),
            assignee: (is_new || !n.is_multiple_of(40)).then(|| agent(n)),
            opened,
            changed: opened + TimeDelta::minutes(i64::try_from(n % 50).unwrap_or(0)),
        }
    }

    fn row(&self, campaign: Uuid) -> Vec<Arg> {
        let [first, second] = self.words;
        let is_done = matches!(self.status, "RS" | "CE");
        let runs = matches!(self.status, "AB" | "EP");
        let until = self.opened + TimeDelta::days(30);
        vec![
            self.id.into(),
            self.number.into(),
            campaign.into(),
            format!("Falla de {first} en el puesto {}", self.number).into(),
            format!("Desde la mañana no sirve: {first}, y tampoco {second}. Ya se reinició dos veces.").into(),
            ["CARTERA", "TELEFONICA", "VICIDIAL", "OTRO"][usize::try_from(self.number).unwrap_or(0) % 4].into(),
            if self.number % 3 == 0 { "RQ" } else { "IN" }.into(),
            self.priority.0.into(),
            self.priority.1.into(),
            self.status.into(),
            self.requester.into(),
            self.assignee.into(),
            self.opened.into(),
            self.changed.into(),
            (self.status != "AB").then_some(self.changed).into(),
            is_done.then_some(self.changed).into(),
            (self.status == "CE").then_some(self.changed).into(),
            until.into(),
            1_440.into(),
            0.into(),
            runs.then_some(self.opened).into(),
            runs.then_some(until).into(),
            0.into(),
            2.into(),
            1.into(),
        ]
    }

    fn entries(&self) -> [Vec<Arg>; 2] {
        let entry = |number: i64, author: Uuid, kind: &str, body: String, field: &str| {
            let (id, at) = (Uuid::now_v7(), self.changed);
            let empty = || Arg::from("");
            vec![
                id.into(),
                self.id.into(),
                number.into(),
                author.into(),
                kind.into(),
                body.into(),
                field.into(),
                empty(),
                empty(),
                empty(),
                at.into(),
            ]
        };
        let words = format!("Se revisó {} y se cambió el cable.", self.words[1]);
        [
            entry(1, self.requester, "change", String::new(), "created"),
            entry(2, self.assignee.unwrap_or(self.requester), "comment", words, ""),
        ]
    }
}
