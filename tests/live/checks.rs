//! What must hold after anything: every tab equals a fresh page of its person, and nobody was told what is not theirs.

use crea::sql;
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    audit::{Rights, Standing},
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
        self.settle_guest(app).await;
        self.nothing_is_lost(app).await;
        let head = mark(app).await;
        for n in 0..self.tabs.len() {
            let server = self.server();
            bring(&mut self.tabs[n].1, &server, head).await;
        }
        self.audit.read(app).await;
        for n in 0..self.guest_tabs.len() {
            let server = self.server();
            let tab = &mut self.guest_tabs[n];
            bring(tab, &server, head).await;
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

    /// Every message that was acknowledged is stored, and numbers have no gaps.
    async fn nothing_is_lost(&self, app: &TestApp) {
        let ids: Vec<Uuid> = self.acknowledged.clone();
        let stored: (i64,) =
            app.db.one(sql!("select count(*) from message where id in ").list(ids.clone())).await.unwrap();
        assert_eq!(stored.0, ids.len() as i64, "seed {}: acknowledged and not there", self.random.seed);
        let gaps = sql!(
            "select count(*) from conversation c where c.last_number <> (select count(*) from message m \
             where m.conversation_id = c.id and m.number between 1 and c.last_number)"
        );
        assert_eq!(app.db.one::<(i64,)>(gaps).await.unwrap().0, 0, "seed {}: numbers have gaps", self.random.seed);
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
    let first = Standing { is_member: true, is_active: true, role: who.user.role.code() };
    // The one supervisor who sends mass messages.
    let is_sender = who.user.name.starts_with("Luis");
    Rights { user: who.user.id.0, campaign: campaign.id.0, is_sender, first, changes: Vec::new() }
}

/// What happened last.
fn last(done: &[String]) -> &[String] {
    &done[done.len().saturating_sub(12)..]
}
