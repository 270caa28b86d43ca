//! `crea demo`: an invented floor. The same people and conversations at every start; only the dates move with today.

mod accounts;
mod alarms;
mod broadcasts;
mod employees;
mod faces;
mod files;
mod floor;
mod groups;
mod marks;
mod names;
mod office;
mod scripts;
mod talk;
mod tickets;

use anyhow::bail;
use serde_json::json;

use crate::{
    auth::{Role, password},
    clock::Clock,
    db::Db,
    features::people,
    sql,
    storage::Storage,
};

pub use accounts::lock_somebody;

/// One person per role, for whoever tries the demo.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// Stored code of the role.
    pub role: &'static str,
    /// What to sign in with.
    pub email: String,
    /// The password of everybody of this role.
    pub password: String,
}

/// Fills an empty database, or takes up one that was a demo before; answers whom to sign in as. Salaries are sealed with
/// `secret`.
///
/// # Errors
/// The database holds accounts that are no demo's.
pub async fn prepare(
    db: &Db,
    (storage, secret): (&Storage, &str),
    clock: &Clock,
    is_public: bool,
) -> anyhow::Result<Vec<DemoPerson>> {
    let mark: Option<(String,)> = db.opt(sql!("select key from setting where key = 'demo'")).await?;
    if mark.is_none() && people::has_users(db).await? {
        bail!("this database holds real accounts; the demo needs an empty one");
    }
    let mut shown = Vec::new();
    for role in Role::ALL {
        let password = if is_public { random_password() } else { format!("crea-demo-{}", role.code()) };
        shown.push((role, password::hash(&password).await?, password));
    }
    if mark.is_none() {
        fill(db, (storage, secret), clock).await?;
    }
    for (role, hash, _) in &shown {
        let set = sql!(
            "update app_user set password_hash = $1 where role = $2 and password_hash <> $1",
            hash.as_str(),
            *role
        );
        db.exec(set).await?;
    }
    Ok(shown.into_iter().map(|(role, _, password)| floor::shown(role, password)).collect())
}

/// Everything in one transaction: a demo that was killed half-way is an empty database again.
async fn fill(db: &Db, (storage, secret): (&Storage, &str), clock: &Clock) -> anyhow::Result<()> {
    let now = clock.now();
    let attached = files::store(storage).await?;
    let portraits = faces::draw().await?;
    let mut tx = db.begin().await?;
    let staff = floor::insert(&mut tx, now).await?;
    faces::insert(&mut tx, storage, &portraits, &staff, now).await?;
    talk::insert(&mut tx, &staff, now).await?;
    marks::insert(&mut tx, now).await?;
    groups::insert(&mut tx, &staff, now).await?;
    broadcasts::insert(&mut tx, &staff, now).await?;
    office::insert(&mut tx, &staff, now).await?;
    files::insert(&mut tx, &attached).await?;
    accounts::insert(&mut tx, &staff, now).await?;
    employees::insert(&mut tx, secret, now).await?;
    alarms::insert(&mut tx, &staff, now).await?;
    tickets::insert(&mut tx, &staff, now).await?;
    tx.exec(sql!("insert into setting (key, value, updated_at) values ('demo', $1, $2)", json!({}), now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Four words' worth of letters, easy to read aloud: 20 characters of 31, 99 bits.
pub fn random_password() -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz2345679";
    let letter = || char::from(LETTERS[rand::random_range(0..LETTERS.len())]);
    let word = || (0..5).map(|_| letter()).collect::<String>();
    (0..4).map(|_| word()).collect::<Vec<_>>().join("-")
}

/// A small deterministic sequence, so that every demo tells the same story.
pub(crate) struct Dice(u64);

impl Dice {
    /// A sequence of its own per seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number below `below`, which is at least 1.
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % below.max(1)
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = usize::try_from(self.roll(from.len() as u64)).unwrap_or(0);
        &from[index]
    }
}
