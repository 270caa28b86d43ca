//! What the administrator of the random scenario does to accounts: names and roles change, the guest loses the campaign
//! or the account and gets it back.

use crea::auth::Role;

use crate::{
    audit::Standing,
    colleagues::edit,
    harness::{PASSWORD, TestApp},
    scenario::Scenario,
    tab::{Tab, code_of_close, open_socket},
    talk::Person,
};

/// Names that people take.
const NAMES: [&str; 4] = ["Ruiz", "Mora Díaz", "O'Neill", "Zea & Ávila"];
/// Roles that the guest goes through.
const ROLES: [Role; 4] = [Role::Asesor, Role::Supervisor, Role::Backoffice, Role::Calidad];
/// What an instance closes its tabs with when they, or it, missed something.
const LAG: u16 = 1013;

impl Scenario {
    /// Somebody's account changes.
    pub async fn change_staff(&mut self, app: &TestApp) {
        match self.random.below(6) {
            0 | 1 => self.rename_somebody().await,
            2 | 3 => self.change_role(app).await,
            4 => self.change_membership(app).await,
            _ => self.change_account(app).await,
        }
    }

    /// Anybody gets another name, the administrator too.
    async fn rename_somebody(&mut self) {
        let who = self.random.below(5);
        let person = if who == 4 { self.guest.clone() } else { self.people[who].clone() };
        let name = *self.random.pick(&NAMES);
        self.note(format!("{} is now called {name}", person.user.name));
        let (role, is_member) =
            if who == 4 { (self.standing().role, self.standing().is_member) } else { (person.user.role.code(), true) };
        self.edit(&person, name, role, is_member).await;
    }

    /// The guest gets another role: what the former one let them hear is over at once.
    async fn change_role(&mut self, app: &TestApp) {
        let (role, was) = (self.random.pick(&ROLES).code(), self.standing());
        if role == was.role {
            return;
        }
        self.note(format!("the guest is now {role}"));
        let before = app.live.cursor().await.unwrap();
        let guest = self.guest.clone();
        self.edit(&guest, "Ruiz", role, was.is_member).await;
        self.guest_stands(app, before, Standing { role, ..was }).await;
    }

    /// The guest is taken out of the campaign, or let in again.
    async fn change_membership(&mut self, app: &TestApp) {
        let was = self.standing();
        if !was.is_active {
            return;
        }
        let is_member = !was.is_member;
        self.note(format!("the guest is in the campaign: {is_member}"));
        let removal = if is_member { "" } else { "/removal" };
        let path = format!("/campaigns/{}/members{removal}", self.campaign().id);
        let (before, guest) = (app.live.cursor().await.unwrap(), self.guest.id());
        let answer = self.speaker(3).client.post(&path, &[("user", &guest)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        self.guest_stands(app, before, Standing { is_member, ..was }).await;
    }

    /// The guest's account is closed, or opened again.
    pub async fn change_account(&mut self, app: &TestApp) {
        let was = self.standing();
        let is_active = !was.is_active;
        self.note(format!("the guest's account is open: {is_active}"));
        let (path, before) = (format!("/people/{}/state", self.guest.id()), app.live.cursor().await.unwrap());
        let active = if is_active { "1" } else { "0" };
        let answer = self.speaker(3).client.post(&path, &[("active", active)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        self.guest_stands(app, before, Standing { is_active, ..was }).await;
        if is_active {
            let form = [("login", &*self.guest.user.email), ("password", PASSWORD)];
            assert_eq!(self.guest.client.post("/sign-in", &form).await.status, 303);
            return;
        }
        let (server, cookie) = (self.server(), self.guest.client.cookie());
        let headers = [("cookie", &*cookie), ("sec-fetch-site", "same-origin")];
        let mut refused = open_socket(server.address, "cursor=0", &headers).await.expect("accepted");
        assert_eq!(code_of_close(&mut refused).await, 4403, "seed {}", self.random.seed);
    }

    async fn edit(&mut self, person: &Person, last_name: &str, role: &str, is_member: bool) {
        let (admin, campaign) = (self.speaker(3).client, self.campaign());
        edit(&admin, person, last_name, role, is_member.then_some(&campaign)).await;
    }

    /// How the guest stands now.
    fn standing(&self) -> Standing {
        self.guest_rights.now()
    }

    /// The guest's rights are others since `before`: all their tabs are closed.
    async fn guest_stands(&mut self, app: &TestApp, before: i64, standing: Standing) {
        let after = app.live.cursor().await.unwrap();
        self.guest_rights.changes.push((before, after, standing));
        for tab in self.guest_tabs.iter_mut().filter(|tab| tab.is_connected()) {
            let code = tab.until_closed().await;
            assert!([4403, LAG].contains(&code), "seed {}: {code}", self.random.seed);
        }
    }

    /// The guest comes back with an account that is open; tabs that were closed load anew, as a browser does.
    pub async fn settle_guest(&mut self, app: &TestApp) {
        if !self.standing().is_active {
            self.change_account(app).await;
        }
        self.audit.read(app).await;
        for n in 0..self.guest_tabs.len() {
            self.guest_tabs[n].drain().await;
            if self.guest_tabs[n].is_connected() {
                continue;
            }
            let (server, path) = (self.server(), self.guest_tabs[n].path.clone());
            let mut old =
                std::mem::replace(&mut self.guest_tabs[n], Tab::open(&server, &self.guest.client, &path).await);
            let complaint = self.audit.complaint(&self.guest_rights, &mut old);
            assert_eq!(complaint, None, "seed {}", self.random.seed);
        }
    }
}
