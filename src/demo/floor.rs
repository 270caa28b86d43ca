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
            let id = insert_account(tx, members.len(), role, now).await?;
            members.push(Member { id, role, campaign: nth % 3 });
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

/// What the last agent signs in with; nobody else's story needs that person.
pub fn last_agent() -> String {
    let to_agents = STAFF.iter().position(|(role, _)| *role == Role::Asesor).map_or(0, |at| at + 1);
    name(STAFF[..to_agents].iter().map(|(_, count)| count).sum::<usize>().saturating_sub(1)).email
}

/// Inserts the n-th person, who works nowhere yet.
pub async fn insert_account(tx: &mut Tx, n: usize, role: Role, now: DateTime<Utc>) -> anyhow::Result<UserId> {
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
    Ok(user.id)
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

/// Makes somebody a member of the campaign with this code.
pub async fn join_by_code(tx: &mut Tx, code: &str, user: UserId, now: DateTime<Utc>) -> DbResult<u64> {
    tx.exec(sql!(
        "insert into membership (campaign_id, user_id, created_at) select id, $1, $2 from campaign where code = $3",
        user,
        now,
        code
    ))
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
