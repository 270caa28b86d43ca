//! People of the load: made once in a database of their own, with a session each, and kept in a file beside it.
//!
//! They are written straight into the tables. Signing in costs a password hash by design: thousands would take minutes
//! and measure nothing else.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use crea::auth::{Role, password};
use crea::db::{self, Tx};
use crea::features::people::{NewUser, insert_user};
use crea::ids::UserId;
use crea::sql;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tower_sessions::session::Id;
use uuid::Uuid;

/// Who makes each mass message: one may send six an hour.
pub const SENDS_PER_PERSON: usize = 6;
/// Agents of one campaign: a floor's campaigns are of such a size, whatever the size of the floor.
const CAMPAIGN: usize = 100;
/// How long a session lasts; a kept database is made anew when its sessions are over.
const SESSION_HOURS: i64 = 12;

/// Somebody who is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    pub id: Uuid,
    /// `name=value` for the `Cookie` header.
    pub cookie: String,
}

/// A group of agents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Room {
    pub id: Uuid,
    /// Places in [`People::agents`].
    pub members: Vec<usize>,
}

/// Everybody, as the file holds them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct People {
    /// Whose sockets watch.
    pub agents: Vec<Person>,
    /// Administrators, who write to all of them.
    pub senders: Vec<Person>,
    /// Conversations of some of the agents.
    pub rooms: Vec<Room>,
    until: DateTime<Utc>,
}

impl People {
    /// Reads the file; `None` when it is not there, is another's, is too small, or its sessions end within the hour.
    pub fn read(file: &Path, agents: usize) -> Option<Self> {
        let people: Self = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        (people.agents.len() == agents && people.until > Utc::now() + Duration::hours(1)).then_some(people)
    }

    /// Migrates the database, fills it, and writes the file. `rooms` are the sizes of conversations; each takes the next
    /// agents, from the first again when all have one.
    pub async fn make(url: &str, agents: usize, senders: usize, rooms: &[usize], file: &Path) -> Result<Self> {
        let db = db::connect(url).await?;
        db::migrate(&db).await?;
        let mut maker = Maker { tx: db.begin().await?, now: crea::clock::Clock::system().now(), hash: String::new() };
        maker.hash = password::hash("correct horse battery").await?;
        let mut people = Self {
            agents: Vec::with_capacity(agents),
            senders: Vec::new(),
            rooms: Vec::new(),
            until: maker.now + Duration::hours(SESSION_HOURS),
        };
        let mut campaigns = Vec::new();
        for n in 0..agents {
            if n % CAMPAIGN == 0 {
                campaigns.push(maker.campaign(n / CAMPAIGN).await?);
            }
            let person = maker.person(&format!("agent{n}"), Role::Asesor).await?;
            maker.member(campaigns[n / CAMPAIGN], person.id).await?;
            people.agents.push(person);
        }
        for n in 0..senders {
            people.senders.push(maker.person(&format!("sender{n}"), Role::Administrador).await?);
        }
        let mut next = 0;
        for size in rooms {
            // A conversation is of one campaign.
            if next % CAMPAIGN + size > CAMPAIGN {
                next = (next / CAMPAIGN + 1) * CAMPAIGN % agents;
            }
            let members: Vec<usize> = (next..next + size).map(|n| n % agents).collect();
            next = (next + size) % agents;
            let ids: Vec<Uuid> = members.iter().map(|n| people.agents[*n].id).collect();
            let id = maker.room(campaigns[members[0] / CAMPAIGN], &ids).await?;
            people.rooms.push(Room { id, members });
        }
        maker.tx.commit().await?;
        db.close().await;
        std::fs::write(file, serde_json::to_vec(&people)?).with_context(|| format!("writing {}", file.display()))?;
        Ok(people)
    }
}

struct Maker {
    tx: Tx,
    now: DateTime<Utc>,
    hash: String,
}

impl Maker {
    async fn campaign(&mut self, n: usize) -> Result<Uuid> {
        let id = Uuid::now_v7();
        self.tx
            .exec(sql!(
                "insert into campaign (id, code, name, description, module, time_zone, currency, calendar, is_active, \
                 created_at, updated_at) values ($1, $2, $2, '', 'telefonica', 'America/Bogota', 'COP', $3, true, $4, $4)",
                id,
                format!("LOAD{n}"),
                json!({}),
                self.now
            ))
            .await?;
        Ok(id)
    }

    /// An account and a session that is signed in.
    async fn person(&mut self, name: &str, role: Role) -> Result<Person> {
        let user = NewUser {
            id: UserId::new(),
            email: format!("{name}@load.example"),
            document: None,
            first_name: name.to_owned(),
            last_name: "Ruiz".to_owned(),
            role,
            is_superuser: false,
            password_hash: self.hash.clone(),
            must_change_password: false,
        };
        insert_user(&mut self.tx, &user, self.now).await?;
        let token = Id::default();
        self.tx
            .exec(sql!(
                "insert into session (id, id_hash, user_id, data, ip, user_agent, created_at, seen_at, expires_at) \
                 values ($1, $2, $3, $4, '127.0.0.1', 'load', $5, $6, $7)",
                Uuid::now_v7(),
                hex::encode(Sha256::digest(token.to_string().as_bytes())),
                user.id,
                json!({ "user": user.id.0, "ip": "127.0.0.1", "agent": "load" }).to_string(),
                self.now,
                // Ahead, so that no run pays for noting that a session was used.
                self.now + Duration::hours(SESSION_HOURS),
                self.now + Duration::hours(SESSION_HOURS)
            ))
            .await?;
        Ok(Person { id: user.id.0, cookie: format!("crea={token}") })
    }

    async fn member(&mut self, campaign: Uuid, user: Uuid) -> Result<()> {
        self.tx
            .exec(sql!(
                "insert into membership (campaign_id, user_id, created_at) values ($1, $2, $3)",
                campaign,
                user,
                self.now
            ))
            .await?;
        Ok(())
    }

    async fn room(&mut self, campaign: Uuid, members: &[Uuid]) -> Result<Uuid> {
        let id = Uuid::now_v7();
        self.tx
            .exec(sql!(
                "insert into conversation (id, kind, title, created_by, created_at, campaign_id, last_number, last_line) \
                 values ($1, 'group', 'Load', $2, $3, $4, 0, '')",
                id,
                members[0],
                self.now,
                campaign
            ))
            .await?;
        for user in members {
            self.tx
                .exec(sql!(
                    "insert into participant (conversation_id, user_id, last_read_number, seen_number, first_number, \
                     is_muted, joined_at, active_at) values ($1, $2, 0, 0, 1, false, $3, $3)",
                    id,
                    *user,
                    self.now
                ))
                .await?;
        }
        Ok(id)
    }
}
