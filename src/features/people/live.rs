//! Topics of campaigns and roles: who holds them.

use uuid::Uuid;

use views::live::{changed, person_changed};

use super::queries;
use crate::{
    auth::Role,
    db::{Db, DbResult, Sql},
    ids::{CampaignId, UserId},
    live::{Control, LiveTx, Topic},
};

/// Campaigns that every socket of the person holds: rows of the person's standing.
pub fn standing(user: Uuid) -> Sql {
    queries::campaigns_to_hold(user)
}

/// What every socket of somebody with this role in these campaigns holds: the campaigns, the role in each of them, and
/// the role wherever it is.
pub fn held_topics(role: Role, is_superuser: bool, campaigns: &[Uuid]) -> Vec<Topic> {
    let mut topics: Vec<Topic> = roles_of(role, is_superuser).map(Topic::role_anywhere).collect();
    for id in campaigns {
        topics.push(Topic::Campaign(*id));
        topics.extend(roles_of(role, is_superuser).map(|role| Topic::Role(*id, role)));
    }
    topics
}

/// A superuser hears what administrators hear.
fn roles_of(role: Role, is_superuser: bool) -> impl Iterator<Item = Role> {
    let also = (is_superuser && role != Role::Administrador).then_some(Role::Administrador);
    std::iter::once(role).chain(also)
}

/// Whether the person may hear a campaign, or a role in it (`role` given), today.
pub async fn shares_campaign(db: &Db, user: Uuid, campaign: Uuid, role: Option<Role>) -> DbResult<bool> {
    let own = queries::is_in_campaign(db, user, campaign).await?;
    Ok(own.is_some_and(|(own, is_superuser)| {
        role.is_none_or(|wanted| roles_of(own, is_superuser).any(|role| role == wanted))
    }))
}

/// Role or campaigns of these people changed: their screens close with 4403 on every instance, load anew with today's
/// rights, and no longer hear what they may not. Sessions go on.
pub fn rights_changed(tx: &mut LiveTx, users: &[UserId]) {
    for user in users {
        tx.control(Topic::User(user.0), Control::Revoke { user: user.0, only: None, except: None });
    }
}

/// What others see of these people is another now: a name, a role, a photo, whether the account is open, with whom they
/// work. Screens that show one of them draw their page anew, a little apart from each other. It goes to everybody, as
/// nobody knows on whose screen a name stands; nothing but ids is in it.
pub fn people_changed(tx: &mut LiveTx, users: &[UserId]) {
    let ids: Vec<String> = users.iter().map(ToString::to_string).collect();
    tx.append(Topic::Everyone, |_| person_changed(&ids));
}

/// As [`people_changed`], of one person who may have come to the lists of their colleagues, moved in them, or left them.
pub async fn colleague_changed(tx: &mut LiveTx, user: UserId) -> DbResult<()> {
    people_changed(tx, &[user]);
    let campaigns: Vec<_> = queries::campaigns_in(tx, user).await?.into_iter().map(|(id,)| id).collect();
    members_changed(tx, &campaigns);
    Ok(())
}

/// Who works in these campaigns is another now: lists of colleagues are fetched again.
pub fn members_changed(tx: &mut LiveTx, campaigns: &[CampaignId]) {
    for campaign in campaigns {
        tx.append(Topic::Campaign(campaign.0), |_| changed(&campaign.to_string()));
    }
}
