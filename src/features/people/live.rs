//! Topics of campaigns and roles: who holds them.

use uuid::Uuid;

use super::queries;
use crate::{
    auth::Role,
    db::{Db, DbResult, Sql},
    ids::UserId,
    live::{Control, LiveTx, Topic},
};

/// Campaigns that every socket of the person holds: rows of the person's standing.
pub fn standing(user: Uuid) -> Sql {
    queries::campaigns_to_hold(user)
}

/// What every socket of somebody with this role in these campaigns holds: the campaigns, the role in each of them, and
/// the role wherever it is.
pub fn held_topics(role: Role, is_superuser: bool, campaigns: &[Uuid]) -> Vec<Topic> {
    let mut topics: Vec<Topic> = roles_of(role, is_superuser).map(|role| Topic::role_anywhere(role.code())).collect();
    for id in campaigns {
        topics.push(Topic::Campaign(*id));
        topics.extend(roles_of(role, is_superuser).map(|role| Topic::Role(*id, role.code().to_owned())));
    }
    topics
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
