//! What befalls the random scenario from outside: Redis is lost, an instance stops or is killed and another one starts,
//! the clock jumps, more is said at once than any socket takes.

use std::net::SocketAddr;

use chrono::TimeDelta;
use crea::live::Topic;
use uuid::Uuid;

use crate::{harness::TestApp, line::Line, machine::Machine, scenario::Scenario, talk::Person};

/// Mass messages of one scenario: a person may send six an hour.
const MASS: usize = 5;

/// What an instance closes its tabs with when the outbox was pruned before it had delivered everything: they draw their
/// pages anew.
const LAG: u16 = 1013;

/// More events than the queue of a socket holds.
const FLOOD: usize = 600;

impl Scenario {
    /// One stroke of it.
    pub async fn suffer(&mut self, app: &TestApp) {
        match self.random.below(9) {
            0 | 1 => self.lose_redis(),
            2 => self.replace_instance(app).await,
            3 | 4 => self.kill_instance(app).await,
            5 => self.jump(app),
            6 => self.flood(app).await,
            _ => self.tell_the_floor(app).await,
        }
    }

    /// The line to Redis is cut, or mended.
    fn lose_redis(&mut self) {
        let Some(line) = self.redis.clone() else { return };
        let cut = !line.is_cut();
        self.note(format!("Redis is {}", if cut { "lost" } else { "back" }));
        line.set_cut(cut);
    }

    async fn another(&self, app: &TestApp) -> Machine {
        Machine::start(app, self.redis.as_ref().map(Line::url)).await
    }

    /// An instance stops; its tabs are told to come back elsewhere, and do so when they next connect.
    async fn replace_instance(&mut self, app: &TestApp) {
        if self.machines.len() < 2 {
            return;
        }
        let new = self.another(app).await;
        let n = self.random.below(self.machines.len());
        self.note(format!("instance {n} stops"));
        let old = std::mem::replace(&mut self.machines[n], new);
        old.server.app.live.stop();
        self.lose_tabs(old.server.address, 1012).await;
    }

    /// An instance is killed while people write through it. Whoever got no answer sends the same again, elsewhere.
    async fn kill_instance(&mut self, app: &TestApp) {
        self.pace(app);
        let n = self.random.below(self.machines.len());
        self.note(format!("instance {n} is killed"));
        let new = self.another(app).await;
        let old = std::mem::replace(&mut self.machines[n], new);
        let mut writing = Vec::new();
        for _ in 0..4 {
            let Some((from, talk)) = self.talk().await else { continue };
            let (id, body) = (Uuid::now_v7(), format!("al caer {}", writing.len()));
            let writer = self.people[from].clone();
            let through = Person { client: writer.client.on(&old.server.app), ..writer };
            let sending = old.run(async move { through.put(talk, id, &body).await.status == 200 });
            writing.push((from, talk, id, sending));
        }
        for _ in 0..self.random.below(400) {
            tokio::task::yield_now().await;
        }
        let address = old.server.address;
        drop(old);
        self.lose_tabs(address, 1006).await;
        for (n, (from, talk, id, sending)) in writing.into_iter().enumerate() {
            // Told that it was taken, or cut off in the middle: then it may have been or not.
            if !sending.await.unwrap_or(false) {
                let again = self.speaker(from).put(talk, id, &format!("al caer {n}")).await;
                assert_eq!(again.status, 200, "seed {}: {}", self.random.seed, again.text);
            }
            self.acknowledged.push(id);
        }
    }

    /// All tabs of an instance that ends are closed with `expected`, and find pages elsewhere.
    async fn lose_tabs(&mut self, address: SocketAddr, expected: u16) {
        let elsewhere = self.server().app;
        let tabs = self.tabs.iter_mut().map(|(_, tab)| tab).chain(&mut self.guest_tabs);
        for tab in tabs.filter(|tab| !tab.is_connected() || tab.at == Some(address)) {
            // What was on its way may ask for a page again, and who is away asked whoever was there.
            tab.client = tab.client.on(&elsewhere);
            if tab.is_connected() {
                let code = tab.until_closed().await;
                // A connection that ends with words on their way to it may be broken off before its last one is read; a
                // tab whose page is gone leaves by itself (1001).
                assert!([expected, LAG, 1006, 1001].contains(&code), "seed {}: {code}", self.random.seed);
            }
        }
    }

    /// More is said in one commit than a socket takes at once: it is closed and catches up by its cursor.
    async fn flood(&mut self, app: &TestApp) {
        self.note("more is said than any socket takes".to_owned());
        let topic = Topic::Campaign(self.campaign().id.0);
        let mut tx = app.live.begin().await.unwrap();
        for _ in 0..FLOOD {
            tx.append(topic.clone(), |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="delete" {} });
        }
        app.live.commit(tx).await.unwrap();
    }

    /// An hour forward, or back to where it was.
    fn jump(&mut self, app: &TestApp) {
        let by = TimeDelta::hours(if self.is_ahead { -1 } else { 1 });
        self.is_ahead = !self.is_ahead;
        self.note(format!("the clock jumps by {by}"));
        app.clock.advance(by);
    }

    /// A mass message of the supervisor to the agents.
    async fn tell_the_floor(&mut self, app: &TestApp) {
        if self.mass == MASS {
            return;
        }
        self.pace(app);
        self.mass += 1;
        self.note("a mass message goes out".to_owned());
        let (key, campaign) = (Uuid::now_v7().to_string(), self.campaign().id.to_string());
        let body = format!("para el piso {}", self.mass);
        let form =
            [("key", &*key), ("body", &*body), ("importance", "normal"), ("campaign", &*campaign), ("role", "asesor")];
        let answer = self.speaker(1).client.post("/broadcasts", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        crea::features::broadcasts::run_once(app).await.unwrap();
    }
}
