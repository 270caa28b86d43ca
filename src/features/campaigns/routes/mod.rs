//! Pages and writes of campaigns. Each write is audited, and refused with 409 when the form was drawn before another
//! change.

mod calendar;
mod edit;
mod members;

use views::paths;

use super::{
    present,
    queries::{self, Campaign},
};
use crate::{
    app::App,
    auth::Capability,
    error::{AppError, AppResult, TextKey},
    features::records::{self, Record},
    ids::CampaignId,
    live::{LiveTx, Topic},
    web::{Access, Routes},
};

/// Routes of this feature.
pub fn routes() -> Routes {
    let access = Access::Can(Capability::ManagePeople);
    Routes::new()
        .get(paths::CAMPAIGNS, access, edit::list_campaigns)
        .post(paths::CAMPAIGNS, access, edit::create)
        .get(paths::CAMPAIGN_NEW, access, edit::show_new)
        .get("/campaigns/{id}", access, edit::show)
        .post("/campaigns/{id}", access, edit::update)
        .post("/campaigns/{id}/state", access, edit::set_state)
        .get("/campaigns/{id}/members", access, members::show)
        .post("/campaigns/{id}/members", access, members::add)
        .post("/campaigns/{id}/members/removal", access, members::remove)
        .get("/campaigns/{id}/calendar", access, calendar::show)
        .post("/campaigns/{id}/calendar", access, calendar::set_hours)
        .post("/campaigns/{id}/holidays", access, calendar::add_holidays)
        .post("/campaigns/{id}/holidays/removal", access, calendar::remove_holidays)
}

/// Cards of the campaign in conversations are another now, and its line on its members' start pages.
fn changed(tx: &mut LiveTx, id: CampaignId) {
    records::changed(tx, Record { kind: records::Kind::Campaign, id: id.0 });
    tx.append(Topic::Campaign(id.0), |_| views::live::changed(&id.to_string()));
}

/// Somebody else changed the campaign after the form was drawn.
fn conflict() -> AppError {
    AppError::Conflict(TextKey("campaigns.conflict"))
}

/// The top of a campaign's pages, with its members counted.
async fn head(app: &App, campaign: &Campaign) -> AppResult<views::campaigns::CampaignHead> {
    let (members, _) = queries::count_members(&app.db, campaign.id).await?;
    Ok(present::head(campaign, members))
}

/// Values of a field that was sent several times, or once.
fn values<'a>(fields: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect()
}

/// The value of a field; empty when it was not sent.
fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    values(fields, name).first().copied().unwrap_or_default()
}
