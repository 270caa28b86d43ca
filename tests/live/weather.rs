//! What befalls the random scenario from outside: Redis is lost, an instance stops and another one starts, the clock
//! jumps, somebody's rights change.

use chrono::TimeDelta;
use crea::features::live_status;
use uuid::Uuid;

use crate::{harness::TestApp, scenario::Scenario, tab::Server};

/// Mass messages of one scenario: a person may send six an hour.
const MASS: usize = 5;

/// What an instance closes its tabs with when the outbox was pruned before it had delivered everything: they draw their
/// pages anew.
const LAG: u16 = 1013;

impl Scenario {
    /// One stroke of it.
    pub async fn suffer(&mut self, app: &TestApp) {
        match self.random.below(8) {
            0 | 1 => self.lose_redis(),
            2 => self.replace_instance(app).await,
            3 => self.jump(app),
            4 | 5 => self.change_rights(app).await,
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

    /// An instance stops; its tabs are told to come back elsewhere, and do so when they next connect.
    async fn replace_instance(&mut self, app: &TestApp) {
        if self.servers.len() < 2 {
            return;
        }
        let redis = self.redis.as_ref().map(super::line::Line::url);
        let new = app.instance_with(|config| config.redis_url = redis.or(config.redis_url.take())).await;
        tokio::spawn(live_status::keep(new.app.clone()));
        let new = Server::start(&new).await;
        let n = self.random.below(self.servers.len());
        self.note(format!("instance {n} stops"));
        let old = std::mem::replace(&mut self.servers[n], new);
        old.app.live.stop();
        let tabs = self.tabs.iter_mut().map(|(_, tab)| tab).chain(&mut self.guest_tabs);
        for tab in tabs.filter(|tab| tab.is_connected() && tab.at == Some(old.address)) {
            let code = tab.until_closed().await;
            assert!([1012, LAG].contains(&code), "seed {}: {code}", self.random.seed);
        }
    }

    /// An hour forward, or back to where it was.
    fn jump(&mut self, app: &TestApp) {
        let by = TimeDelta::hours(if self.is_ahead { -1 } else { 1 });
        self.is_ahead = !self.is_ahead;
        self.note(format!("the clock jumps by {by}"));
        app.clock.advance(by);
    }

    /// The guest is taken out of the campaign, or let in again: their tabs are closed and load anew.
    async fn change_rights(&mut self, app: &TestApp) {
        let is_member = self.guest_rights.changes.last().is_none_or(|(_, _, member)| *member);
        let path = format!("/campaigns/{}/members{}", self.campaign().id, if is_member { "/removal" } else { "" });
        self.note(format!("the guest is in the campaign: {}", !is_member));
        let before = app.live.cursor().await.unwrap();
        let guest = self.guest.id();
        let answer = self.speaker(3).client.post(&path, &[("user", &guest)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let after = app.live.cursor().await.unwrap();
        self.guest_rights.changes.push((before, after, !is_member));
        for tab in self.guest_tabs.iter_mut().filter(|tab| tab.is_connected()) {
            let code = tab.until_closed().await;
            assert!([4403, LAG].contains(&code), "seed {}: {code}", self.random.seed);
        }
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
    }
}
