//! What the forms of groups hold: read from a query or a body, filled with who may be ticked.

use uuid::Uuid;
use views::chat::{Campaign, Pick, PickForm};

use super::queries::{self, Except, OpenRow};
use crate::{
    app::App,
    auth::{Capability, CurrentUser, Scope},
    db::{Db, DbResult},
    error::AppResult,
    features::people::person_view,
    ids::{CampaignId, ConversationId, UserId},
};

/// People offered at once; more typing narrows them.
const FOUND: i64 = 50;
/// People read from a form: more than a group holds, so that too many is told and not cut.
const PICKED: usize = 400;

/// A form as it came; what is missing or no id is left out.
#[derive(Debug, Default)]
pub struct Picked {
    /// The title of a new group.
    pub title: String,
    /// Its campaign.
    pub campaign: Option<CampaignId>,
    /// Who is ticked.
    pub people: Vec<UserId>,
    /// Makes sending twice do it once.
    pub key: Uuid,
    query: String,
}

impl Picked {
    /// Reads the fields of a form; ticked people repeat theirs.
    pub fn read(fields: &[(String, String)]) -> Self {
        let mut picked = Self { key: Uuid::now_v7(), ..Self::default() };
        for (name, value) in fields {
            match name.as_str() {
                "title" => picked.title.clone_from(value),
                "q" => picked.query = value.chars().take(100).collect(),
                "campaign" => picked.campaign = value.parse().ok(),
                "people" if picked.people.len() < PICKED => picked.people.extend(value.parse::<UserId>()),
                "key" => picked.key = value.parse().unwrap_or(picked.key),
                _ => {}
            }
        }
        picked
    }

    /// What the group would be, for telling a repeat from another one under the same key.
    pub fn text(&self) -> String {
        let mut people: Vec<String> = self.people.iter().map(UserId::to_string).collect();
        people.sort();
        let campaign = self.campaign.map(|c| c.to_string()).unwrap_or_default();
        format!("{}\n{campaign}\n{}", self.title, people.join(" "))
    }
}

/// Campaigns in which a person may make groups: all, or own ones.
pub async fn campaigns(db: &Db, user: &CurrentUser) -> DbResult<Vec<(CampaignId, String)>> {
    if user.scope(Capability::ManageGroups) == Scope::All {
        return queries::list_campaigns(db).await;
    }
    Ok(user.campaigns.iter().map(|c| (c.id, c.name.clone())).collect())
}

/// The form of a new group; the first campaign is chosen until another is.
pub async fn new_group(app: &App, user: &CurrentUser, picked: &Picked) -> AppResult<PickForm> {
    let campaigns = campaigns(&app.db, user).await?;
    let is_own = |id: &CampaignId| campaigns.iter().any(|c| c.0 == *id);
    let campaign = picked.campaign.filter(is_own).or(campaigns.first().map(|c| c.0));
    let form = match campaign {
        Some(campaign) => people(app, user, campaign, None, picked).await?,
        None => PickForm::default(),
    };
    Ok(PickForm {
        title: picked.title.clone(),
        campaign: campaign.map(|c| c.to_string()).unwrap_or_default(),
        campaigns: campaigns.into_iter().map(|(id, name)| Campaign { id: id.to_string(), name }).collect(),
        ..form
    })
}

/// The form of who joins a group.
pub async fn joining(
    app: &App,
    user: &CurrentUser,
    id: ConversationId,
    open: &OpenRow,
    picked: &Picked,
) -> AppResult<PickForm> {
    let form = match open.campaign_id {
        Some(campaign) => people(app, user, campaign, Some(id), picked).await?,
        None => PickForm::default(),
    };
    Ok(PickForm { group: Some(id.to_string()), title: open.title.clone(), ..form })
}

async fn people(
    app: &App,
    user: &CurrentUser,
    campaign: CampaignId,
    group: Option<ConversationId>,
    picked: &Picked,
) -> AppResult<PickForm> {
    let except = Except { viewer: user.id, group };
    let (chosen, found) =
        queries::list_candidates(&app.db, campaign, except, &picked.people, &picked.query, FOUND).await?;
    let pick = |is_chosen| move |p| Pick { person: person_view(p, app.live.directory()), is_chosen };
    let picks = chosen.iter().map(pick(true)).chain(found.rows.iter().map(pick(false)));
    Ok(PickForm {
        picks: picks.collect(),
        more: found.has_more,
        query: picked.query.clone(),
        key: picked.key.to_string(),
        ..PickForm::default()
    })
}
