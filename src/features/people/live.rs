//! Topics of campaigns and roles: who holds them.

use uuid::Uuid;

use super::queries;
use crate::{
    auth::Role,
    db::{Db, DbResult},
    ids::UserId,
    live::{Control, LiveTx, Topic},
};

/// Campaigns and roles that every socket of the person holds. Administrators hold every campaign.
pub async fn held_topics(db: &Db, user: Uuid) -> DbResult<Vec<Topic>> {
    let campaigns = queries::campaigns_to_hold(db, user).await?;
    Ok(campaigns
        .into_iter()
        .flat_map(|(id, role, is_superuser)| {
            let roles = roles_of(role, is_superuser).map(move |r| Topic::Role(id.0, r.code().to_owned()));
            std::iter::once(Topic::Campaign(id.0)).chain(roles)
        })
        .collect())
}

/// A superuser hears what administrators hear.
fn roles_of(role: Role, is_superuser: bool) -> impl Iterator<Item = Role> {
    let also = (is_superuser && role != Role::Administrador).then_some(Role::Administrador);
    std::iter::once(role).chain(also)
}

/// Whether the person may hear a campaign, or a role in it (`role` given), today.
pub async fn shares_campaign(db: &Db, user: Uuid, campaign: Uuid, role: Option<&str>) -> DbResult<bool> {
    let own = queries::is_in_campaign(db, user, campaign).await?;
    Ok(own.is_some_and(|(own, is_superuser)| {
        role.is_none_or(|wanted| roles_of(own, is_superuser).any(|r| r.code() == wanted))
    }))
}

/// Role or campaigns of these people changed: their screens close with 4403 on every instance, load anew with today's
/// rights, and no longer hear what they may not. Sessions go on.
pub fn rights_changed(tx: &mut LiveTx, users: &[UserId]) {
    for user in users {
        tx.control(Topic::User(user.0), Control::Revoke { user: user.0, only: None, except: None });
    }
}
