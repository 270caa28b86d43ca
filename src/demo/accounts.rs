//! Accounts that nobody works with: invited people, people who left, and one who forgot the password.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use super::floor::{self, Member};
use crate::{
    audit::{self, Entry},
    auth::{Role, throttle},
    db::{Db, Tx},
    features::access::login_digest,
    sql,
};

/// Where administrators sit.
const OFFICE: &str = "190.24.56.18";
/// Where the one who forgot the password sits.
const HOME: &str = "186.84.21.7";
/// Wrong passwords, enough to lock.
const ATTEMPTS: usize = 6;
/// How far ahead of now they are dated, so that the lock outlasts whoever looks at the demo.
const AHEAD: Duration = Duration::hours(12);

/// Role, campaign, and the hours since they were invited; the last link is over.
const INVITED: [(Role, &str, i64); 3] =
    [(Role::Asesor, "carysol", 3), (Role::Supervisor, "teleco", 26), (Role::Asesor, "TARJETA_PLATA_MX", 75)];
/// Role, campaign, and the days since they left.
const LEFT: [(Role, &str, i64); 2] = [(Role::Asesor, "teleco", 9), (Role::Backoffice, "carysol", 31)];

/// Inserts who waits and who left, with the entries that say who did it; and when the others were last here.
pub async fn insert(tx: &mut Tx, staff: &[Member], now: DateTime<Utc>) -> anyhow::Result<()> {
    let boss = staff.iter().find(|m| m.role == Role::Administrador).map(|m| m.id);
    for (nth, member) in (0..).zip(staff) {
        let at = now - Duration::minutes(95 + nth * 13 % 420) - Duration::days(i64::from(nth % 9 == 8));
        tx.exec(sql!("update app_user set signed_in_at = $1 where id = $2", at, member.id)).await?;
    }
    let mut n = staff.len();
    for (role, campaign, hours) in INVITED {
        let at = now - Duration::hours(hours);
        let id = floor::insert_account(tx, n, role, at).await?;
        floor::join_by_code(tx, campaign, id, at).await?;
        tx.exec(sql!("update app_user set is_active = false, invited_at = $1 where id = $2", at, id)).await?;
        audit::record(tx, Entry::new(boss, OFFICE, "user.invite", "app_user", id.0), at).await?;
        n += 1;
    }
    for (role, campaign, days) in LEFT {
        let at = now - Duration::days(days);
        let id = floor::insert_account(tx, n, role, at - Duration::days(200)).await?;
        floor::join_by_code(tx, campaign, id, at).await?;
        let leave = sql!("update app_user set is_active = false, signed_in_at = $1 where id = $2", at, id);
        tx.exec(leave).await?;
        let entry = Entry::new(boss, OFFICE, "user.disable", "app_user", id.0);
        audit::record(tx, entry.before(json!({})).after(json!({})), at).await?;
        n += 1;
    }
    Ok(())
}

/// Locks somebody after wrong passwords; at every start, since locks end by themselves.
///
/// # Errors
/// The database fails.
pub async fn lock_somebody(db: &Db, secret: &str, now: DateTime<Utc>) -> anyhow::Result<()> {
    let digest = login_digest(secret, &floor::last_agent());
    for _ in 0..ATTEMPTS {
        throttle::attempt(db, Uuid::now_v7(), &digest, HOME, now + AHEAD).await?;
    }
    Ok(())
}
