//! What must hold after anything: every tab equals a fresh page of its person, and nobody was told what is not theirs.

use tokio::time::Instant;

use crate::{
    audit::Rights,
    harness::{Campaign, PATIENCE, TestApp},
    oracle::Dots,
    scenario::Scenario,
    tab::{Server, Tab},
    talk::{Person, mark},
};

impl Scenario {
    /// Brings all tabs to the present and compares each with a fresh page.
    pub async fn check(&mut self, app: &TestApp) {
        self.leave_closed_rooms().await;
        let head = mark(app).await;
        for n in 0..self.tabs.len() {
            let servers = self.servers.clone();
            bring(&mut self.tabs[n].1, self.random.pick(&servers), head).await;
        }
        self.settle_guest(app).await;
        self.audit.read(app).await;
        for tab in &mut self.guest_tabs {
            bring(tab, self.random.pick(&self.servers), head).await;
            assert_eq!(tab.difference(Dots::Ignored).await, None, "seed {}: guest on {}", self.random.seed, tab.path);
            assert_eq!(self.audit.complaint(&self.guest_rights, tab), None, "seed {}", self.random.seed);
        }
        let campaign = self.campaign();
        for (who, tab) in &mut self.tabs {
            let path = tab.path.clone();
            if let Some(difference) = tab.difference(Dots::Ignored).await {
                panic!("seed {}: {who} on {path}: {difference}\n{:#?}", self.random.seed, last(&self.done));
            }
            let complaint = self.audit.complaint(&rights(&self.people[*who], &campaign), tab);
            assert_eq!(complaint, None, "seed {}: {who} on {path}", self.random.seed);
        }
        self.check_dots().await;
    }

    /// A room that one was taken out of is no page any more: a fresh one would be refused.
    async fn leave_closed_rooms(&mut self) {
        for (who, tab) in &mut self.tabs {
            let mut closed = self.groups.iter().filter(|g| !g.people.contains(who));
            if closed.any(|g| tab.path == format!("/chat/{}", g.id)) {
                tab.navigate("/chat").await;
            }
        }
    }

    /// The guest's tabs: closed ones load anew, as a browser does.
    async fn settle_guest(&mut self, app: &TestApp) {
        self.audit.read(app).await;
        for n in 0..self.guest_tabs.len() {
            self.guest_tabs[n].drain().await;
            if self.guest_tabs[n].is_connected() {
                continue;
            }
            let (server, path) = (self.random.pick(&self.servers).clone(), self.guest_tabs[n].path.clone());
            let mut old =
                std::mem::replace(&mut self.guest_tabs[n], Tab::open(&server, &self.guest.client, &path).await);
            let complaint = self.audit.complaint(&self.guest_rights, &mut old);
            assert_eq!(complaint, None, "seed {}", self.random.seed);
        }
    }

    /// Dots are gathered for a moment, and other instances' people are asked for every few seconds.
    async fn check_dots(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        for (who, tab) in &mut self.tabs {
            loop {
                tab.drain().await;
                let Some(difference) = tab.difference(Dots::Compared).await else { break };
                let (seed, path) = (self.random.seed, &tab.path);
                assert!(
                    Instant::now() < deadline,
                    "seed {seed}: {who} on {path}: {difference}\n{:#?}",
                    last(&self.done)
                );
            }
        }
    }
}

/// Brings a tab to an event, over as many connections as it takes: an instance may close it meanwhile.
async fn bring(tab: &mut Tab, server: &Server, head: i64) {
    while !tab.is_at(head) || !tab.is_connected() {
        if !tab.is_connected() {
            tab.connect(server).await;
        }
        tab.until("the present, or a close", |tab| tab.closed.is_some() || tab.is_at(head)).await;
    }
}

/// What one of the four may hear.
pub fn rights(who: &Person, campaign: &Campaign) -> Rights {
    Rights { user: who.user.id.0, campaign: campaign.id.0, changes: Vec::new(), role: who.user.role.code() }
}

/// What happened last.
fn last(done: &[String]) -> &[String] {
    &done[done.len().saturating_sub(12)..]
}
