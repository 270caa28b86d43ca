//! The oracle at work: four people write, read, walk about, lose their connections and find them again, at random.
//! Afterwards every tab shows what a fresh page of the same person shows.

use std::{collections::HashMap, time::Duration};

use chrono::TimeDelta;
use crea::{
    auth::{Module, Role},
    live::outbox,
};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    audit::{Audit, Rights},
    checks::rights,
    desk::Ticket,
    harness::{Campaign, TestApp, one_db, with_redis},
    line::Line,
    machine::Machine,
    oracle::record,
    random::Random,
    rooms::Group,
    tab::{Server, Tab},
    talk::{Person, person},
};

const STEPS: usize = 160;
/// A page draws the last fifty messages; what is longer grows beyond a fresh page while it is watched.
pub const MESSAGES: i64 = 45;

pub struct Scenario {
    pub random: Random,
    pub machines: Vec<Machine>,
    pub people: Vec<Person>,
    pub tabs: Vec<(usize, Tab)>,
    /// Conversations by their two people, with the number of messages.
    talks: HashMap<(usize, usize), (Uuid, i64)>,
    pub groups: Vec<Group>,
    pub tickets: Vec<Ticket>,
    campaign: Campaign,
    pub done: Vec<String>,
    /// Messages that may still be changed: by whom, where, when they were sent.
    recent: Vec<Sent>,
    /// Messages that an instance said it has.
    pub acknowledged: Vec<Uuid>,
    /// The line to Redis, if there is one.
    pub redis: Option<Line>,
    /// Whether the clock jumped ahead and has not come back.
    pub is_ahead: bool,
    /// Mass messages sent.
    pub mass: usize,
    /// Somebody whose membership, role and account come and go; nobody else writes to them.
    pub guest: Person,
    pub guest_rights: Rights,
    pub guest_tabs: Vec<Tab>,
    pub audit: Audit,
}

/// A message and who sent it.
#[derive(Clone, Copy)]
struct Sent {
    by: usize,
    pair: (usize, usize),
    talk: Uuid,
    id: Uuid,
    at: chrono::DateTime<chrono::Utc>,
}

impl Scenario {
    async fn new(app: &TestApp, machines: Vec<Machine>, redis: Option<Line>, random: Random) -> Self {
        println!("CREA_TEST_SEED={}", random.seed);
        let campaign = app.campaign(Module::Telefonica).await;
        let mut people = Vec::new();
        for (name, role) in [
            ("ana", Role::Asesor),
            ("luis", Role::Supervisor),
            ("eva", Role::Supervisor),
            ("raul", Role::Administrador),
        ] {
            people.push(person(app, name, role, &campaign).await);
        }
        let guest = person(app, "leo", Role::Asesor, &campaign).await;
        let look = [("locale", "en"), ("theme", "dark"), ("density", "compact")];
        assert_eq!(people[1].client.post("/account/look", &look).await.status, 303);
        let mut made = Self {
            random,
            machines,
            people,
            tabs: Vec::new(),
            talks: HashMap::new(),
            groups: Vec::new(),
            tickets: Vec::new(),
            guest_rights: rights(&guest, &campaign),
            campaign,
            done: Vec::new(),
            recent: Vec::new(),
            acknowledged: Vec::new(),
            redis,
            is_ahead: false,
            mass: 0,
            guest,
            guest_tabs: Vec::new(),
            audit: Audit::after(app.live.cursor().await.unwrap()),
        };
        for path in ["/", "/chat"] {
            let server = made.server();
            made.guest_tabs.push(Tab::open(&server, &made.guest.client, path).await);
        }
        for n in 0..8 {
            let server = made.server();
            let who = n % 4;
            made.tabs.push((who, Tab::open(&server, &made.people[who].client, "/").await));
        }
        made
    }

    async fn step(&mut self, app: &TestApp) {
        let roll = self.random.below(100);
        match roll {
            0..11 => self.write(app).await,
            11..14 => self.change_staff(app).await,
            14..18 => self.suffer(app).await,
            18..28 => self.change_group(app).await,
            28..34 => self.burst(app).await,
            34..44 => self.change_ticket(app).await,
            44..50 => self.read().await,
            50..58 => self.disconnect(),
            58..68 => self.reconnect().await,
            68..80 => self.navigate().await,
            80..86 => self.choose().await,
            86..88 => self.prune(app).await,
            88..95 => self.change(app).await,
            _ => {
                let n = self.random.below(self.tabs.len());
                self.tabs[n].1.drain().await;
            }
        }
    }

    pub fn note(&mut self, what: String) {
        self.done.push(what);
    }

    /// Any of the instances.
    pub fn server(&mut self) -> Server {
        let n = self.random.below(self.machines.len());
        self.machines[n].server.clone()
    }

    /// Somebody who speaks through any of the instances.
    pub fn speaker(&mut self, who: usize) -> Person {
        let server = self.server();
        Person { client: self.people[who].client.on(&server.app), ..self.people[who].clone() }
    }

    /// Two different people, and their conversation, made when there is none; `None` when it is long enough.
    pub async fn talk(&mut self) -> Option<(usize, Uuid)> {
        let from = self.random.below(4);
        let to = (from + 1 + self.random.below(3)) % 4;
        let pair = (from.min(to), from.max(to));
        if !self.talks.contains_key(&pair) {
            let id = self.speaker(from).talk_to(&self.people[to]).await;
            self.talks.insert(pair, (id, 0));
        }
        let (id, count) = self.talks.get_mut(&pair)?;
        if *count >= MESSAGES {
            return None;
        }
        *count += 1;
        Some((from, *id))
    }

    async fn write(&mut self, app: &TestApp) {
        let Some((from, talk)) = self.talk().await else { return };
        // Now and then in the same millisecond as the one before; never more than a person may write in a minute.
        app.clock.advance(TimeDelta::milliseconds(*self.random.pick(&[0, 9_000, 9_000, 400_000])));
        self.pace(app);
        self.note(format!("{from} writes in {talk}"));
        let body = format!("mensaje {} <b>&amp;</b>\nhttps://example.org/{}", self.done.len(), self.random.below(100));
        let id = match self.recent.iter().rev().find(|sent| sent.talk == talk).copied() {
            Some(sent) if self.random.below(4) == 0 => self.speaker(from).answer(talk, sent.id, &body).await,
            _ => self.speaker(from).write(talk, &body).await,
        };
        let pair = self.talks.iter().find(|(_, (id, _))| *id == talk).map(|(pair, _)| *pair).unwrap_or_default();
        self.acknowledged.push(id);
        self.recent.push(Sent { by: from, pair, talk, id, at: app.now() });
    }

    /// Somebody edits, deletes or reacts to something that was said.
    async fn change(&mut self, app: &TestApp) {
        if self.recent.is_empty() {
            return;
        }
        self.pace(app);
        let n = self.random.below(self.recent.len());
        let sent = self.recent[n];
        let is_new = app.now() - sent.at <= TimeDelta::minutes(5);
        match self.random.below(5) {
            0 => {
                self.note(format!("{} deletes {}", sent.by, sent.id));
                self.speaker(sent.by).delete(sent.talk, sent.id).await;
                self.recent.remove(n);
            }
            1 | 2 if is_new => {
                self.note(format!("{} edits {}", sent.by, sent.id));
                let body = format!("cambiado {}", self.done.len());
                self.speaker(sent.by).edit(sent.talk, sent.id, &body).await;
            }
            _ => {
                let who = *self.random.pick(&[sent.pair.0, sent.pair.1]);
                let kind = *self.random.pick(&["like", "love", "done"]);
                self.note(format!("{who} reacts to {} with {kind}", sent.id));
                self.speaker(who).react(sent.talk, sent.id, kind).await;
            }
        }
    }

    /// Several at once.
    async fn burst(&mut self, app: &TestApp) {
        self.pace(app);
        let mut writing = Vec::new();
        for n in 0..4 {
            let Some((from, talk)) = self.talk().await else { continue };
            let speaker = self.speaker(from);
            self.note(format!("{from} writes in {talk} at once with others"));
            writing.push(tokio::spawn(async move { speaker.write(talk, &format!("a la vez {n}")).await }));
        }
        for message in writing {
            self.acknowledged.push(message.await.unwrap());
        }
    }

    /// Twenty messages a minute are allowed: none of these people comes near it.
    pub fn pace(&mut self, app: &TestApp) {
        if self.done.len().is_multiple_of(5) {
            app.clock.advance(TimeDelta::seconds(61));
        }
    }

    async fn read(&mut self) {
        let mut known: Vec<_> = self.talks.iter().map(|(pair, talk)| (*pair, *talk)).collect();
        known.sort_unstable();
        if known.is_empty() {
            return;
        }
        let ((one, other), (talk, count)) = *self.random.pick(&known);
        let reader = *self.random.pick(&[one, other]);
        let up_to = 1 + i64::try_from(self.random.below(usize::try_from(count.max(1)).unwrap())).unwrap();
        self.note(format!("{reader} reads {talk} up to {up_to}"));
        self.speaker(reader).read(talk, up_to).await;
    }

    fn disconnect(&mut self) {
        let n = self.random.below(self.tabs.len());
        self.note(format!("tab {n} loses its connection"));
        self.tabs[n].1.disconnect();
    }

    async fn reconnect(&mut self) {
        let n = self.random.below(self.tabs.len());
        let server = self.server();
        self.note(format!("tab {n} connects"));
        self.tabs[n].1.connect(&server).await;
    }

    async fn navigate(&mut self) {
        let n = self.random.below(self.tabs.len());
        let who = self.tabs[n].0;
        let mut paths = vec!["/".to_owned(), "/chat".to_owned()];
        let mut own: Vec<_> = self.talks.iter().filter(|((a, b), _)| *a == who || *b == who).collect();
        own.sort_unstable();
        paths.extend(own.iter().map(|(_, (talk, _))| format!("/chat/{talk}")));
        paths.extend(["group", "direct", "broadcast"].map(|kind| format!("/chat?kind={kind}")));
        paths.extend(self.groups.iter().filter(|g| g.people.contains(&who)).map(|g| format!("/chat/{}", g.id)));
        paths.extend(self.ticket_pages(who));
        if who == 3 {
            paths.push("/live-status".to_owned());
        }
        let path = paths[self.random.below(paths.len())].clone();
        self.note(format!("tab {n} goes to {path}"));
        self.tabs[n].1.navigate(&path).await;
    }

    async fn choose(&mut self) {
        let who = self.random.below(4);
        let (state, reason) =
            *self.random.pick(&[("available", ""), ("on_call", ""), ("break", "lunch"), ("break", "rest")]);
        self.note(format!("{who} is now {state} {reason}"));
        self.speaker(who).choose(state, reason).await;
    }

    /// Everything kept so far is forgotten: who is behind must be told so.
    async fn prune(&mut self, app: &TestApp) {
        self.note("the outbox is pruned".to_owned());
        self.audit.read(app).await;
        outbox::prune(&app.db, app.now() + TimeDelta::hours(25)).await.unwrap();
    }

    /// The campaign in which all work.
    pub fn campaign(&self) -> Campaign {
        self.campaign.clone()
    }
}

/// One scenario, or as many as fit into `CREA_TEST_MINUTES`, each with a seed of its own.
async fn run(test: &str, app: &TestApp, machines: Vec<Machine>, redis: Option<Line>) {
    let minutes = std::env::var("CREA_TEST_MINUTES").ok().and_then(|minutes| minutes.parse().ok()).unwrap_or(0);
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    let (mut random, mut machines) = (Random::new(), machines);
    loop {
        println!("CREA_TEST_SEED={}", random.seed);
        let mut scenario = Scenario::new(app, machines, redis.clone(), random).await;
        for n in 1..=STEPS {
            scenario.step(app).await;
            if n % (STEPS / 2) == 0 {
                scenario.check(app).await;
            }
        }
        (machines, random) = (scenario.machines, scenario.random.again());
        if Instant::now() >= end {
            return record::keep(test, scenario.tabs.into_iter().flat_map(|(_, tab)| tab.recordings).collect());
        }
    }
}

with_redis!(after_anything_every_tab_on_two_instances_equals_a_fresh_page, |app| {
    let line = Line::to(app.config.redis_url.as_deref().unwrap()).await;
    let mut machines = Vec::new();
    for _ in 0..2 {
        machines.push(Machine::start(&app, Some(line.url())).await);
    }
    run("two-instances", &app, machines, Some(line)).await;
});

one_db!(after_anything_every_tab_equals_a_fresh_page, |app| {
    let machines = vec![Machine::start(&app, None).await];
    run("one-instance", &app, machines, None).await;
});
