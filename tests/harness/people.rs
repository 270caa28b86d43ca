//! People and campaigns with defaults.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use crea::{
    app::App,
    auth::{Module, Role, password},
    features::people::{NewUser, insert_user, set_active},
    ids::{CampaignId, UserId},
    sql,
};
use serde_json::json;
use tokio::sync::OnceCell;

/// Everyone's password.
pub const PASSWORD: &str = "correct horse battery";

/// Hashed once for the process: a hash takes as long as all else in a test.
static HASH: OnceCell<String> = OnceCell::const_new();
/// Numbers what must be unique in one database.
static NUMBER: AtomicI64 = AtomicI64::new(1);

/// A campaign in the database.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// What its members may use.
    pub module: Module,
}

/// An account in the database; its password is [`PASSWORD`].
#[derive(Clone, Debug)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// What it signs in with.
    pub email: String,
    /// What it also signs in with, when it has one.
    pub document: Option<String>,
    /// First and last name, as others see them.
    pub name: String,
    /// The one role.
    pub role: Role,
}

/// An account to be made.
#[must_use]
pub struct UserBuilder {
    app: App,
    new: NewUser,
    campaigns: Vec<CampaignId>,
    is_active: bool,
}

impl UserBuilder {
    pub(super) fn new(app: App, first_name: &str) -> Self {
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut letters = first_name.chars();
        let first = letters.next().unwrap().to_uppercase().chain(letters).collect();
        let new = NewUser {
            id: UserId::new(),
            email: format!("{}.{n}@crea.example", first_name.to_lowercase()),
            document: None,
            first_name: first,
            last_name: "Ruiz".to_owned(),
            role: Role::Asesor,
            is_superuser: false,
            password_hash: String::new(),
            must_change_password: false,
        };
        Self { app, new, campaigns: Vec::new(), is_active: true }
    }

    /// Another role than asesor.
    pub fn role(mut self, role: Role) -> Self {
        self.new.role = role;
        self
    }

    /// A member of this campaign too.
    pub fn campaign(mut self, campaign: &Campaign) -> Self {
        self.campaigns.push(campaign.id);
        self
    }

    /// Another last name than Ruiz.
    pub fn last_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.new.last_name);
        self
    }

    /// With this e-mail address.
    pub fn email(mut self, email: &str) -> Self {
        email.clone_into(&mut self.new.email);
        self
    }

    /// With a national id.
    pub fn document(mut self, document: &str) -> Self {
        self.new.document = Some(document.to_owned());
        self
    }

    /// Passes every check.
    pub fn superuser(mut self) -> Self {
        self.new.is_superuser = true;
        self
    }

    /// May not sign in.
    pub fn inactive(mut self) -> Self {
        self.is_active = false;
        self
    }

    /// Must choose a password first.
    pub fn must_change_password(mut self) -> Self {
        self.new.must_change_password = true;
        self
    }

    /// Writes it.
    pub async fn insert(self) -> User {
        let Self { app, mut new, campaigns, is_active } = self;
        new.password_hash = hash().await;
        let now = app.clock.now();
        let mut tx = app.db.begin().await.unwrap();
        insert_user(&mut tx, &new, now).await.unwrap();
        if !is_active {
            set_active(&mut tx, new.id, false, now).await.unwrap();
        }
        tx.commit().await.unwrap();
        for campaign in campaigns {
            join(&app, campaign, new.id, now).await;
        }
        let name = format!("{} {}", new.first_name, new.last_name);
        User { id: new.id, email: new.email, document: new.document, name, role: new.role }
    }
}

/// The hash of [`PASSWORD`].
pub async fn hash() -> String {
    HASH.get_or_init(|| async { password::hash(PASSWORD).await.unwrap() }).await.clone()
}

/// Makes somebody a member.
pub async fn join(app: &App, campaign: CampaignId, user: UserId, now: DateTime<Utc>) {
    let insert =
        sql!("insert into membership (campaign_id, user_id, created_at) values ($1, $2, $3)", campaign, user, now);
    app.db.exec(insert).await.unwrap();
}

pub(super) async fn insert_campaign(app: &App, module: Module) -> Campaign {
    let n = NUMBER.fetch_add(1, Ordering::Relaxed);
    let campaign = Campaign { id: CampaignId::new(), name: format!("Campaña {n}"), module };
    let insert = sql!(
        "insert into campaign (id, code, name, description, module, time_zone, currency, calendar, is_active, \
             created_at, updated_at) values ($1, $2, $3, '', $4, 'America/Bogota', 'COP', $5, true, $6, $6)",
        campaign.id,
        format!("C{n}"),
        &campaign.name,
        module,
        json!({}),
        app.clock.now()
    );
    app.db.exec(insert).await.unwrap();
    campaign
}
