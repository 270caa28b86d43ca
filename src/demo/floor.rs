//! The people of the demo: one campaign per module, and who works in each.

use chrono::{DateTime, Utc};

use super::{DemoPerson, names, office};
use crate::{
    auth::{Module, Role},
    db::{DbResult, Tx},
    features::people::{self, NewUser},
    fold::fold,
    ids::{CampaignId, UserId},
    sql,
};

/// Code, name, module, time zone, currency (known codes: domain README, section 5).
const CAMPAIGNS: [(&str, &str, Module, &str, &str); 4] = [
    ("carysol", "Cartera Carysol", Module::Core, "America/Bogota", "COP"),
    ("teleco", "Telefónica Ventas", Module::Telefonica, "America/Bogota", "COP"),
    ("TARJETA_PLATA_MX", "Tarjeta Plata México", Module::TarjetaPlata, "America/Mexico_City", "MXN"),
    ("CALIDAD", "Calidad", Module::Calidad, "America/Bogota", "COP"),
];

/// How many of each role. Members of a role are spread over the campaigns in turn.
const STAFF: [(Role, usize); 5] =
    [(Role::Administrador, 2), (Role::Supervisor, 4), (Role::Asesor, 40), (Role::Backoffice, 4), (Role::Calidad, 3)];

/// A person of the demo.
#[derive(Clone, Debug)]
pub struct Member {
    /// The account.
    pub id: UserId,
    /// The one role.
    pub role: Role,
    /// Number of the campaign.
    pub campaign: usize,
}

struct Name {
    first: &'static str,
    last: &'static str,
    email: String,
}

/// The n-th invented person; no two have the same name among the first 1,600.
fn name(n: usize) -> Name {
    let first = names::FIRST[n % names::FIRST.len()];
    let last = names::LAST[(n * 7 + n / names::FIRST.len() * 3) % names::LAST.len()];
    let email = fold(&format!("{first}.{last}")) + "@crea.example";
    Name { first, last, email }
}

/// The first person of a role and the role's password.
pub fn shown(role: Role, password: String) -> DemoPerson {
    let before: usize = STAFF.iter().take_while(|(r, _)| *r != role).map(|(_, count)| count).sum();
    DemoPerson { role: role.code(), email: name(before).email, password }
}

/// Inserts campaigns and people. Nobody can sign in before passwords are set.
pub async fn insert(tx: &mut Tx, now: DateTime<Utc>) -> anyhow::Result<Vec<Member>> {
    let mut campaigns = Vec::new();
    for (code, name, module, zone, currency) in CAMPAIGNS {
        let id = CampaignId::new();
        insert_campaign(tx, id, (code, name), module, (zone, currency), now).await?;
        campaigns.push(id);
    }
    let mut members = Vec::new();
    for (role, count) in STAFF {
        for nth in 0..count {
            members.push(insert_member(tx, members.len(), role, nth % 3, now).await?);
        }
    }
    for member in &members {
        join(tx, campaigns[member.campaign], member.id, now).await?;
        // Quality looks at every campaign's calls; so does the campaign of its own module.
        if member.role == Role::Calidad {
            join(tx, campaigns[3], member.id, now).await?;
        }
    }
    Ok(members)
}

async fn insert_member(
    tx: &mut Tx,
    n: usize,
    role: Role,
    campaign: usize,
    now: DateTime<Utc>,
) -> anyhow::Result<Member> {
    let name = name(n);
    let user = NewUser {
        id: UserId::new(),
        email: name.email,
        document: Some(format!("10{:08}", 20_304_050 + n * 7_919)),
        first_name: name.first.to_owned(),
        last_name: name.last.to_owned(),
        role,
        is_superuser: false,
        password_hash: "none".to_owned(),
        must_change_password: false,
    };
    people::insert_user(tx, &user, now).await?;
    Ok(Member { id: user.id, role, campaign })
}

async fn insert_campaign(
    tx: &mut Tx,
    id: CampaignId,
    (code, name): (&str, &str),
    module: Module,
    (zone, currency): (&str, &str),
    now: DateTime<Utc>,
) -> DbResult<u64> {
    tx.exec(sql!(
        "insert into campaign (id, code, name, description, module, time_zone, currency, calendar, is_active, \
             created_at, updated_at) values ($1, $2, $3, '', $4, $5, $6, $7, true, $8, $8)",
        id,
        code,
        name,
        module,
        zone,
        currency,
        office::calendar(zone),
        now
    ))
    .await
}

async fn join(tx: &mut Tx, campaign: CampaignId, user: UserId, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!("insert into membership (campaign_id, user_id, created_at) values ($1, $2, $3)", campaign, user, now))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_the_name_of_another() {
        let total: usize = STAFF.iter().map(|(_, count)| count).sum();
        let emails: std::collections::HashSet<String> = (0..total).map(|n| name(n).email).collect();
        assert_eq!(emails.len(), total);
    }
}
