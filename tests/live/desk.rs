//! What happens to tickets in the random scenario.

use crea::{
    features::tickets::{Application, add_to_pool},
    sql,
};
use uuid::Uuid;

use crate::{
    harness::TestApp,
    scenario::{MESSAGES, Scenario},
};

/// Tickets at once.
const TICKETS: usize = 5;
/// From, to, and whether a reason is asked for: what staff may do.
const STEPS: [(&str, &str, bool); 9] = [
    ("AB", "EP", false),
    ("AB", "RS", true),
    ("EP", "PE", true),
    ("EP", "RS", true),
    ("PE", "EP", false),
    ("PE", "CE", true),
    ("RS", "CE", false),
    ("RS", "AB", true),
    ("CE", "AB", true),
];

/// A ticket as the scenario knows it.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    /// Its id.
    pub id: Uuid,
    /// Who opened it, as a number of people.
    pub by: usize,
}

/// How it stands in the database.
struct Now {
    status: String,
    version: i64,
    entries: i64,
    assignee: Option<Uuid>,
}

impl Scenario {
    /// Somebody opens a ticket, writes to it, takes it further, gives it away or says how urgent it is.
    pub async fn change_ticket(&mut self, app: &TestApp) {
        self.pace(app);
        if self.tickets.is_empty() || (self.tickets.len() < TICKETS && self.random.below(5) == 0) {
            return self.open_ticket(app).await;
        }
        let ticket = *self.random.pick(&self.tickets.clone());
        let now = self.now_of(app, ticket.id).await;
        if now.entries >= MESSAGES {
            return;
        }
        match self.random.below(8) {
            0..3 => self.say_in(ticket, &now).await,
            3..6 => self.take_further(ticket, &now).await,
            6 => self.give(ticket, &now).await,
            _ => self.classify(ticket, &now).await,
        }
    }

    /// The pages of tickets that this person may read.
    pub fn ticket_pages(&self, who: usize) -> Vec<String> {
        let lists = [
            "",
            "?filtro=mios",
            "?filtro=sin-asignar",
            "?filtro=cerrados",
            "?sort=priority&priority=CR",
            "/board",
            "/figures",
        ];
        let own = self.tickets.iter().filter(|ticket| who > 0 || ticket.by == 0);
        let lists = lists.iter().map(|list| format!("/tickets{list}"));
        lists.chain(own.map(|ticket| format!("/tickets/{}", ticket.id))).collect()
    }

    /// Half of the tickets are the agent's, who reads no other one.
    async fn open_ticket(&mut self, app: &TestApp) {
        if self.tickets.is_empty() {
            let mut tx = app.db.begin().await.unwrap();
            for who in [1, 2] {
                add_to_pool(&mut tx, Application::Cartera, self.people[who].user.id, 1, None).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        let (by, id) = (self.random.below(2) * (1 + self.random.below(3)), Uuid::now_v7());
        let (key, campaign) = (id.to_string(), self.campaign().id.to_string());
        let (title, priority) = (format!("No abre <b>{}</b>", self.done.len()), self.priority());
        let form = [
            ("key", &*key),
            ("title", &title),
            ("description", "Desde las ocho"),
            ("application", "CARTERA"),
            ("kind", "IN"),
            ("priority", priority),
            ("campaign", &campaign),
        ];
        self.note(format!("{by} opens ticket {id}"));
        assert_eq!(self.speaker(by).client.post("/tickets", &form).await.status, 303);
        self.tickets.push(Ticket { id, by });
        self.audit.tickets.insert(id, self.people[by].user.id.0);
    }

    async fn say_in(&mut self, ticket: Ticket, now: &Now) {
        if now.status == "CE" {
            return;
        }
        let by = if self.random.below(2) == 0 { ticket.by } else { 1 + self.random.below(3) };
        let note = if by > 0 && self.random.below(3) == 0 { "1" } else { "" };
        self.note(format!("{by} writes to ticket {} (note: {note})", ticket.id));
        let (id, body) = (Uuid::now_v7().to_string(), format!("visto {}\n<i>bien</i>", self.done.len()));
        self.act(by, ticket, "comments", &[("id", &id), ("body", &body), ("note", note)]).await;
    }

    async fn take_further(&mut self, ticket: Ticket, now: &Now) {
        let steps: Vec<_> = STEPS.iter().filter(|(from, ..)| *from == now.status).collect();
        let (_, to, asks) = **self.random.pick(&steps);
        let by = 1 + self.random.below(3);
        self.note(format!("{by} takes ticket {} to {to}", ticket.id));
        let (version, reason) = (now.version.to_string(), if asks { "porque sí" } else { "" });
        self.act(by, ticket, "state", &[("to", to), ("version", &version), ("reason", reason)]).await;
    }

    async fn give(&mut self, ticket: Ticket, now: &Now) {
        let (by, to) = (1 + self.random.below(3), self.random.below(3));
        let to = if to == 0 { String::new() } else { self.people[to].id() };
        if now.status == "CE" || now.assignee.map(|id| id.to_string()).unwrap_or_default() == to {
            return;
        }
        self.note(format!("{by} gives ticket {} to {to}", ticket.id));
        let version = now.version.to_string();
        self.act(by, ticket, "assignment", &[("assignee", &to), ("version", &version), ("note", "va")]).await;
    }

    async fn classify(&mut self, ticket: Ticket, now: &Now) {
        if now.status == "CE" {
            return;
        }
        let (by, priority) = (1 + self.random.below(3), self.priority());
        self.note(format!("{by} makes ticket {} {priority}", ticket.id));
        let version = now.version.to_string();
        let form = [("application", "CARTERA"), ("kind", "RQ"), ("priority", priority), ("version", &version)];
        self.act(by, ticket, "class", &form).await;
    }

    async fn act(&mut self, by: usize, ticket: Ticket, what: &str, form: &[(&str, &str)]) {
        let answer = self.speaker(by).client.post(&format!("/tickets/{}/{what}", ticket.id), form).await;
        assert_eq!(answer.status, 303, "seed {}: {:?}: {}", self.random.seed, self.done.last(), answer.text);
    }

    fn priority(&mut self) -> &'static str {
        ["BA", "ME", "AL", "CR"][self.random.below(4)]
    }

    async fn now_of(&self, app: &TestApp, id: Uuid) -> Now {
        let (status, version, entries, assignee) = app
            .db
            .one(sql!("select status, version, last_entry, assignee_id from ticket where id = $1", id))
            .await
            .unwrap();
        Now { status, version, entries, assignee }
    }
}
